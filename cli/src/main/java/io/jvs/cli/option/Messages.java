package io.jvs.cli.option;

import io.jvs.cli.CommandException;

/** ipvsadm's words for combinations that do not go together. */
final class Messages {
    private Messages() {}

    static CommandException missing(Setting setting, String name, String kind) {
        return CommandException.argument(
                "You need to supply the '"
                        + setting.label()
                        + "' option for the '"
                        + name
                        + "' "
                        + kind);
    }

    static CommandException illegal(Setting setting, String name, String kind) {
        return CommandException.argument(
                "Illegal '" + setting.label() + "' option with the '" + name + "' " + kind);
    }

    static CommandException conflict(Setting setting, Setting other, String name, String kind) {
        return CommandException.argument(
                "The option '"
                        + setting.label()
                        + "' conflicts with the '"
                        + other.label()
                        + "' option in the '"
                        + name
                        + "' "
                        + kind);
    }
}
