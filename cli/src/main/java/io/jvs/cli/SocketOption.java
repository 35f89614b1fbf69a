package io.jvs.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * Which director: {@code --socket FILE} in front of all other arguments, else JVS_SOCKET, else the
 * default.
 *
 * @param socket the director's local socket
 * @param rest the other arguments
 */
record SocketOption(Path socket, List<String> rest) {
    private static final String DEFAULT_SOCKET = "/run/jvs/jvs.sock";
    private static final String OPTION = "--socket";

    /** Takes the option off the arguments. */
    static SocketOption read(String program, List<String> words) throws CommandException {
        String first = words.isEmpty() ? "" : words.getFirst();
        if (first.startsWith(OPTION + "=")) {
            return of(first.substring(OPTION.length() + 1), words.subList(1, words.size()));
        }
        if (first.equals(OPTION) && words.size() > 1) {
            return of(words.get(1), words.subList(2, words.size()));
        }
        if (first.startsWith(OPTION)) {
            throw CommandException.argument(
                    program + ": --socket needs the path of the director's socket");
        }
        String variable = System.getenv("JVS_SOCKET");
        return of(variable == null || variable.isEmpty() ? DEFAULT_SOCKET : variable, words);
    }

    private static SocketOption of(String path, List<String> rest) throws CommandException {
        try {
            return new SocketOption(Path.of(path), rest);
        } catch (InvalidPathException e) {
            throw CommandException.argument("'" + path + "' is not a path: " + e.getReason());
        }
    }
}
