package io.jvs.cli;

import java.io.FileDescriptor;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The main class of the everyday commands of bin/jvs: {@code jvs
 * acl|drain|limits|local-ports|mark|status|sysctl [--socket FILE] ...}. Exit codes: 0, 1 when it
 * was refused, 2 for a wrong argument or where no director answers.
 */
public final class JvsMain {
    /** It was refused, or something could not be read. */
    static final int FAILED = 1;

    private JvsMain() {}

    /** Does a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // halt: there is nothing to wait for, and no hook to run.
        Runtime.getRuntime().halt(run(List.of(arguments)));
    }

    /** Does a command; its exit code. */
    static int run(List<String> words) {
        IpvsadmCommand.Console console =
                new IpvsadmCommand.Console(
                        JvsadmMain.stream(FileDescriptor.out),
                        JvsadmMain.stream(FileDescriptor.err));
        try {
            SocketOption given =
                    SocketOption.read(
                            "jvs", words.isEmpty() ? words : words.subList(1, words.size()));
            try (LocalSocketClient director = new LocalSocketClient(given.socket())) {
                List<String> command = new ArrayList<>(words.subList(0, Math.min(1, words.size())));
                command.addAll(given.rest());
                return execute(command, System.in, console, director);
            }
        } catch (CommandException e) {
            console.err().print(e.getMessage() + "\n");
            console.err().flush();
            return code(e);
        }
    }

    /**
     * Does a command at a director.
     *
     * @param words the command's name and its arguments
     * @param in where a file named "-" is read from
     * @return the exit code
     */
    public static int execute(
            List<String> words,
            InputStream in,
            IpvsadmCommand.Console console,
            DirectorClient director) {
        String name = words.isEmpty() ? "" : words.getFirst();
        List<String> arguments = words.isEmpty() ? words : words.subList(1, words.size());
        try {
            return switch (name) {
                case "sysctl" -> new SysctlCommand(console, director).run(arguments, in);
                case "acl" -> new AccessCommand(console.out(), director).run(arguments, in);
                case "limits" -> new LimitsCommand(console.out(), director).run(arguments);
                case "local-ports" -> new LocalPortsCommand(console.out(), director).run(arguments);
                case "drain" -> new DrainCommand(console.out(), director).run(arguments);
                case "mark" -> new MarkCommand(console.out(), director).run(arguments, in);
                case "status" -> StatusCommand.run(arguments, console.out(), director);
                default ->
                        throw CommandException.argument(
                                "jvs: '"
                                        + name
                                        + "' is none of acl, drain, limits, local-ports, mark,"
                                        + " status, sysctl");
            };
        } catch (CommandException e) {
            return fail(console.err(), e.getMessage(), code(e));
        } catch (DirectorException e) {
            return fail(console.err(), "jvs " + name + ": " + e.getMessage(), FAILED);
        } finally {
            console.out().flush();
            console.err().flush();
        }
    }

    private static int fail(PrintStream err, String message, int code) {
        err.print(message + "\n");
        return code;
    }

    private static int code(CommandException e) {
        return e.exitCode() == ExitCode.ARGUMENT ? ExitCode.ARGUMENT : FAILED;
    }
}
