package io.jvs.cli.option;

import io.jvs.cli.CommandException;
import io.jvs.cli.net.HostAddress;
import io.jvs.cli.net.HostAddressParser;
import org.jspecify.annotations.Nullable;

/** Checks the options of --start-daemon and --stop-daemon. */
final class DaemonArguments {
    private static final int MOST_BYTES = 65535 - 20 - 8;

    /** The argument of the command itself: master or backup. */
    static void checkState(Option option, @Nullable String state) throws CommandException {
        boolean start = option == Option.START_DAEMON;
        if ((start || option == Option.STOP_DAEMON)
                && !"master".equals(state)
                && !"backup".equals(state)) {
            throw CommandException.argument(
                    start
                            ? "illegal start-daemon parameter specified"
                            : "illegal start_daemon specified");
        }
    }

    void take(Option option, String text) throws CommandException {
        switch (option) {
            case SYNCID -> Numbers.inRange(text, 0, 255, "illegal syncid specified");
            case MCAST_PORT -> Numbers.inRange(text, 1, 65535, "illegal mcast-port specified");
            case MCAST_TTL -> Numbers.inRange(text, 1, 255, "illegal mcast-ttl specified");
            case SYNC_MAXLEN ->
                    Numbers.inRange(text, 1, MOST_BYTES, "illegal sync-maxlen specified");
            case MCAST_GROUP -> checkGroup(text);
            default -> {
                // Not about the daemon.
            }
        }
    }

    /** RFC 5771 224.0.0.0/4, RFC 4291 2.7 ff00::/8. */
    private static void checkGroup(String text) throws CommandException {
        boolean ipv6 = text.indexOf(':') >= 0;
        HostAddress group =
                ipv6 ? HostAddressParser.parseIpv6(text) : HostAddressParser.parseQuad(text);
        int prefix = group == null ? 0 : group.word(0) >>> (ipv6 ? 24 : 28);
        if (prefix != (ipv6 ? 0xFF : 0xE)) {
            throw CommandException.argument(
                    "invalid " + (ipv6 ? "IPv6" : "IPv4") + " mcast-group `" + text + "'");
        }
    }
}
