package io.jvs.cli;

import io.jvs.cli.net.HostAddress;
import io.jvs.proto.v1.MarkRule;
import io.jvs.proto.v1.Protocol;
import java.util.List;

/** Mark rules as options: {@code -p udp -s 10.0.0.0/8 --dport 5060:5090 --mark 7}. */
final class MarkRuleText {
    private static final int LAST_PORT = 65535;

    private MarkRuleText() {}

    /**
     * Reads a rule; prefixes come out with the bits cleared that do not matter, so that equal rules
     * are equal messages.
     */
    static MarkRule parse(List<String> words) throws CommandException {
        MarkRule.Builder rule = MarkRule.newBuilder();
        boolean marked = false;
        for (int i = 0; i < words.size(); i += 2) {
            String option = words.get(i);
            if (i + 1 == words.size()) {
                throw CommandException.argument("jvs mark: " + option + " needs a value");
            }
            String value = words.get(i + 1);
            switch (option) {
                case "-p", "--protocol" -> rule.setProtocol(protocol(value));
                case "-s", "--source" -> rule.setSource(prefix(value));
                case "-d", "--destination" -> rule.setDestination(prefix(value));
                case "--sport", "--source-ports" -> rule.setSourcePorts(ports(value));
                case "--dport", "--destination-ports" -> rule.setDestinationPorts(ports(value));
                case "-m", "--mark" -> {
                    rule.setMark(mark(value));
                    marked = true;
                }
                default ->
                        throw CommandException.argument(
                                "jvs mark: '" + option + "' is not an option of a rule");
            }
        }
        if (!marked) {
            throw CommandException.argument("jvs mark: a rule needs --mark NUMBER");
        }
        return rule.build();
    }

    private static Protocol protocol(String text) throws CommandException {
        return switch (text) {
            case "tcp", "6" -> Protocol.PROTOCOL_TCP;
            case "udp", "17" -> Protocol.PROTOCOL_UDP;
            case "sctp", "132" -> Protocol.PROTOCOL_SCTP;
            case "all", "0" -> Protocol.PROTOCOL_UNSPECIFIED;
            default ->
                    throw CommandException.argument(
                            "jvs mark: the protocol is tcp, udp, sctp or all, not '" + text + "'");
        };
    }

    private static String prefix(String text) throws CommandException {
        int slash = text.indexOf('/');
        HostAddress address = HostAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address != null) {
            int most = address.ipv6() ? 128 : 32;
            long length = slash < 0 ? most : number(text.substring(slash + 1), most);
            if (length >= 0) {
                return masked(address, (int) length) + "/" + length;
            }
        }
        throw CommandException.argument(
                "jvs mark: '" + text + "' is not a prefix like 10.0.0.0/8 or 2001:db8::/32");
    }

    private static HostAddress masked(HostAddress address, int length) {
        byte[] bytes = address.bytes();
        for (int bit = length; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return HostAddress.ofBytes(bytes);
    }

    private static String ports(String text) throws CommandException {
        int colon = Math.max(text.indexOf(':'), text.indexOf('-'));
        long first = number(colon < 0 ? text : text.substring(0, colon), LAST_PORT);
        long last = colon < 0 ? first : number(text.substring(colon + 1), LAST_PORT);
        if (first < 0 || last < first) {
            throw CommandException.argument(
                    "jvs mark: '" + text + "' is not a port, or a range like 1024:65535");
        }
        if (first == 0 && last == LAST_PORT) {
            return "";
        }
        return first == last ? Long.toString(first) : first + ":" + last;
    }

    private static int mark(String text) throws CommandException {
        try {
            long mark = Long.decode(text);
            if (mark >= 0 && mark <= 0xFFFF_FFFFL) {
                return (int) mark;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw CommandException.argument(
                "jvs mark: '" + text + "' is not a mark, a number from 0 to 4294967295");
    }

    /** A decimal number up to {@code most}, or -1. */
    static long number(String text, int most) {
        if (text.isEmpty()
                || text.length() > 9
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int number = Integer.parseInt(text);
        return number > most ? -1 : number;
    }

    /** The options of a rule; {@link #parse} reads them back. */
    static String format(MarkRule rule) {
        StringBuilder text = new StringBuilder();
        if (rule.getProtocol() != Protocol.PROTOCOL_UNSPECIFIED) {
            append(text, "-p", protocol(rule.getProtocol()));
        }
        append(text, "-s", rule.getSource());
        append(text, "-d", rule.getDestination());
        append(text, "--sport", rule.getSourcePorts());
        append(text, "--dport", rule.getDestinationPorts());
        append(text, "--mark", Integer.toUnsignedString(rule.getMark()));
        return text.toString();
    }

    private static void append(StringBuilder text, String option, String value) {
        if (!value.isEmpty()) {
            text.append(text.isEmpty() ? "" : " ").append(option).append(' ').append(value);
        }
    }

    /** "tcp", "udp", "sctp" or "all". */
    static String protocol(Protocol protocol) {
        return switch (protocol) {
            case PROTOCOL_TCP -> "tcp";
            case PROTOCOL_UDP -> "udp";
            case PROTOCOL_SCTP -> "sctp";
            default -> "all";
        };
    }
}
