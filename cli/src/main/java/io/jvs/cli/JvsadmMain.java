package io.jvs.cli;

import io.jvs.cli.net.SystemNameService;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The main class of bin/jvsadm. Takes {@code --socket FILE} in front of ipvsadm's arguments; the
 * program's name for messages is the system property {@code jvs.program}.
 */
public final class JvsadmMain {
    private static final String DEFAULT_SOCKET = "/run/jvs/jvs.sock";

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
        String socket = System.getenv("JVS_SOCKET");
        List<String> arguments = words;
        if (!words.isEmpty() && words.getFirst().startsWith("--socket")) {
            boolean attached = words.getFirst().startsWith("--socket=");
            if (!attached && (words.size() < 2 || !words.getFirst().equals("--socket"))) {
                err.print(program + ": --socket needs the path of the director's socket\n");
                err.flush();
                return ExitCode.ARGUMENT;
            }
            socket = attached ? words.getFirst().substring("--socket=".length()) : words.get(1);
            arguments = words.subList(attached ? 1 : 2, words.size());
        }
        try (LocalSocketClient director = new LocalSocketClient(Path.of(path(socket)))) {
            return new IpvsadmCommand(program, new SystemNameService())
                    .execute(arguments, System.in, new IpvsadmCommand.Console(out, err), director);
        }
    }

    private static String path(@Nullable String socket) {
        return socket == null || socket.isEmpty() ? DEFAULT_SOCKET : socket;
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), 8192),
                false,
                StandardCharsets.UTF_8);
    }
}
