package io.jvs.cli;

import io.jvs.cli.net.SystemNameService;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The main class of bin/jvsadm. Takes {@code --socket FILE} in front of ipvsadm's arguments; the
 * program's name for messages is the system property {@code jvs.program}.
 */
public final class JvsadmMain {
    private JvsadmMain() {}

    /** Does a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // halt: there is nothing to wait for, and no hook to run.
        Runtime.getRuntime().halt(run(List.of(arguments)));
    }

    /** Does a command; its exit code. */
    static int run(List<String> words) {
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        String program = System.getProperty("jvs.program", "jvsadm");
        try {
            SocketOption given = SocketOption.read(program, words);
            try (LocalSocketClient director = new LocalSocketClient(given.socket())) {
                return new IpvsadmCommand(program, new SystemNameService())
                        .execute(
                                given.rest(),
                                System.in,
                                new IpvsadmCommand.Console(out, err),
                                director);
            }
        } catch (CommandException e) {
            err.print(e.getMessage() + "\n");
            err.flush();
            return e.exitCode();
        }
    }

    static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), 8192),
                false,
                StandardCharsets.UTF_8);
    }
}
