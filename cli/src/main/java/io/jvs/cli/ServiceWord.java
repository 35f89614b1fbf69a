package io.jvs.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the commands of {@code jvs} name services and real servers: {@code 192.0.2.1:80}, {@code
 * [2001:db8::1]:53/udp}, {@code fwm:7}, {@code fwm:7/ipv6}.
 *
 * @param name resource name of the service
 * @param port its port, 0 for a mark
 */
record ServiceWord(String name, int port) {
    private static final Pattern ENDPOINT =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[0-9.]+):(\\d{1,5})(?:/(tcp|udp|sctp))?");
    private static final Pattern MARK = Pattern.compile("fwm:(\\d{1,10})(?:/(ipv4|ipv6))?");
    private static final Pattern SERVER =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[0-9.]+)(?::(\\d{1,5}))?");

    /** Reads one. */
    static ServiceWord parse(String command, String text) throws CommandException {
        Matcher mark = MARK.matcher(text);
        if (mark.matches()) {
            String family = mark.group(2) == null ? "ipv4" : mark.group(2);
            return new ServiceWord("virtualServices/fwm-" + mark.group(1) + "-" + family, 0);
        }
        Matcher endpoint = ENDPOINT.matcher(text);
        if (!endpoint.matches()) {
            throw CommandException.argument(
                    command
                            + ": '"
                            + text
                            + "' is not a service such as 192.0.2.1:80, [2001:db8::1]:53/udp or"
                            + " fwm:7");
        }
        String protocol = endpoint.group(3) == null ? "tcp" : endpoint.group(3);
        String address = bare(endpoint.group(1));
        String name = "virtualServices/" + protocol + "-" + address + "-" + endpoint.group(2);
        return new ServiceWord(name, Integer.parseInt(endpoint.group(2)));
    }

    /** The resource name of one of its real servers: {@code 10.0.0.2:8080}, or without a port. */
    String server(String command, String text) throws CommandException {
        Matcher server = SERVER.matcher(text);
        if (!server.matches()) {
            throw CommandException.argument(
                    command + ": '" + text + "' is not a real server such as 10.0.0.2:8080");
        }
        String at = server.group(2) == null ? Integer.toString(port) : server.group(2);
        return name + "/realServers/" + bare(server.group(1)) + "-" + at;
    }

    private static String bare(String address) {
        return address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
    }
}
