package io.jvs.control.health;

import java.io.IOException;
import java.net.BindException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;

/** A TCP connect, as keepalived's TCP_CHECK. */
final class TcpCheck {
    /** What a check found out. */
    sealed interface Outcome {
        /** The server took the connection. */
        record Success() implements Outcome {}

        /** It did not. */
        record Failure(String why) implements Outcome {}

        /** The connect could not be tried from here: nothing is known about the server. */
        record Untried(String why) implements Outcome {}
    }

    /**
     * Texts of errno values: no route (EHOSTUNREACH would be the server's doing), no descriptors,
     * no ports, no memory, a rule of this host's own firewall.
     */
    private static final List<String> OURS =
            List.of(
                    "Network is unreachable",
                    "Too many open files",
                    "Cannot assign requested address",
                    "No buffer space available",
                    "Cannot allocate memory",
                    "Operation not permitted");

    private TcpCheck() {}

    /** Tries once; blocks for the target's timeout at most. */
    static Outcome check(CheckTarget target) {
        try (Socket socket = new Socket()) {
            if (target.bindTo() != null) {
                socket.bind(target.bindTo());
            }
            socket.connect(target.connectTo(), target.timeoutMillis());
            return new Outcome.Success();
        } catch (BindException e) {
            return new Outcome.Untried(reason(e));
        } catch (SocketTimeoutException e) {
            return new Outcome.Failure("no answer within " + target.timeoutMillis() + " ms");
        } catch (IOException e) {
            String why = reason(e);
            return isOurs(why) ? new Outcome.Untried(why) : new Outcome.Failure(why);
        }
    }

    /** Whether an error is this host's own, and says nothing about the server. */
    static boolean isOurs(String why) {
        return OURS.stream().anyMatch(why::contains);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
