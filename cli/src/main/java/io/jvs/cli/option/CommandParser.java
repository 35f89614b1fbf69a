package io.jvs.cli.option;

import io.jvs.cli.CommandException;
import io.jvs.cli.ExitCode;
import io.jvs.cli.net.NameService;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a command line of ipvsadm 1.31. Called as ipvsadm it reads the same out of every line and
 * refuses the same lines with the same messages. Under other names options may stand in any order,
 * also before the command.
 */
public final class CommandParser {
    private final String program;
    private final NameService names;
    private final boolean anyOrder;

    /**
     * A parser whose messages call the program by this name.
     *
     * @param names resolves host and service names
     */
    public CommandParser(String program, NameService names) {
        this.program = program;
        this.names = names;
        this.anyOrder = !program.equals("ipvsadm");
    }

    /**
     * Reads the words after the program's name.
     *
     * @throws CommandException with ipvsadm's message and exit code
     */
    public ParsedCommand parse(List<String> words) throws CommandException {
        ParsedCommand parsed = new ParsedCommand();
        if (words.isEmpty()) {
            return parsed;
        }
        parsed.command = findCommand(words);
        if (parsed.command == Command.HELP || parsed.command == Command.VERSION) {
            return parsed;
        }
        OptionScanner scanner = new OptionScanner(words);
        Arguments arguments = new Arguments(parsed, names, anyOrder);
        boolean commandSeen = false;
        for (Option option = scanner.next(); option != null; option = scanner.next()) {
            if (option.command() != null) {
                if (commandSeen) {
                    throw CommandException.argument("invalid option `" + scanner.lastWord() + "'");
                }
                commandSeen = true;
                DaemonArguments.checkState(option, scanner.argument());
            } else {
                arguments.take(option, scanner.argument());
            }
        }
        arguments.finish(scanner.rest());
        parsed.command.check(parsed.settings);
        CommandRules.apply(parsed);
        return parsed;
    }

    /** The first option, which must be a command, or where any order will do the first command. */
    private Command findCommand(List<String> words) throws CommandException {
        OptionScanner scanner = new OptionScanner(words);
        try {
            @Nullable Option option = scanner.next();
            while (anyOrder && option != null && option.command() == null) {
                option = scanner.next();
            }
            Command command = option == null ? null : option.command();
            if (command != null) {
                return command;
            }
        } catch (CommandException e) {
            throw tryHelp(e);
        }
        throw tryHelp(null);
    }

    /** The message that tells how to get help. */
    private CommandException tryHelp(@Nullable CommandException cause) {
        CommandException exception =
                new CommandException(
                        ExitCode.REFUSED,
                        "Try `"
                                + program
                                + " -h' or '"
                                + program
                                + " --help' for more information.");
        if (cause != null) {
            exception.addSuppressed(cause);
        }
        return exception;
    }
}
