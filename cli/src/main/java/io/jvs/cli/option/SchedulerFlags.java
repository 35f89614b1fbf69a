package io.jvs.cli.option;

import io.jvs.cli.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/** The argument of -b. */
final class SchedulerFlags {
    private SchedulerFlags() {}

    /** Flags between commas; those of sh and mh only with that scheduler. */
    static List<String> parse(String scheduler, String text) throws CommandException {
        List<String> flags = new ArrayList<>();
        StringTokenizer words = new StringTokenizer(text, ",");
        while (words.hasMoreTokens()) {
            String flag = words.nextToken();
            String owner =
                    switch (flag) {
                        case "flag-1", "flag-2", "flag-3" -> "";
                        case "sh-fallback", "sh-port" -> "sh";
                        case "mh-fallback", "mh-port" -> "mh";
                        default ->
                                throw CommandException.argument(
                                        "invalid scheduler flag `" + flag + "'");
                    };
            if (!owner.isEmpty() && !owner.equals(scheduler)) {
                throw CommandException.argument("incompatible scheduler flag `" + flag + "'");
            }
            flags.add(flag);
        }
        return flags;
    }
}
