package io.jvs.control.api;

import io.jvs.director.Operation;
import io.jvs.director.RefusedException;
import io.jvs.director.RefusedException.Reason;
import io.jvs.proto.v1.MarkRules;
import io.jvs.proto.v1.SetMarkRulesRequest;
import io.jvs.service.Address;
import io.jvs.service.AddressPrefix;
import io.jvs.service.MarkRule;
import io.jvs.service.PortRange;
import io.jvs.service.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Mark rules between the API and the director. */
public final class MarkMapper {
    private static final int LAST_PORT = 65535;

    private MarkMapper() {}

    /** Messages into rules. */
    public static List<MarkRule> read(List<io.jvs.proto.v1.MarkRule> messages)
            throws RefusedException {
        List<MarkRule> rules = new ArrayList<>(messages.size());
        for (io.jvs.proto.v1.MarkRule message : messages) {
            rules.add(read(message));
        }
        return rules;
    }

    static Operation.SetMarkRules read(SetMarkRulesRequest request) throws RefusedException {
        return new Operation.SetMarkRules(
                read(request.getMarkRulesList()),
                request.hasExpected() ? read(request.getExpected().getMarkRulesList()) : null);
    }

    private static MarkRule read(io.jvs.proto.v1.MarkRule message) throws RefusedException {
        AddressPrefix source = prefix(message.getSource());
        AddressPrefix destination = prefix(message.getDestination());
        if (source != null
                && destination != null
                && source.address().isIpv6() != destination.address().isIpv6()) {
            throw invalid("a mark rule's source and destination must be of one address family");
        }
        Protocol protocol =
                switch (message.getProtocol()) {
                    case PROTOCOL_TCP -> Protocol.TCP;
                    case PROTOCOL_UDP -> Protocol.UDP;
                    case PROTOCOL_SCTP -> Protocol.SCTP;
                    case PROTOCOL_UNSPECIFIED -> null;
                    default -> throw invalid("a mark rule's protocol must be TCP, UDP or SCTP");
                };
        return new MarkRule(
                protocol,
                source,
                destination,
                ports(message.getSourcePorts()),
                ports(message.getDestinationPorts()),
                message.getMark());
    }

    private static RefusedException invalid(String message) {
        return new RefusedException(Reason.INVALID, message);
    }

    private static @Nullable AddressPrefix prefix(String text) throws RefusedException {
        if (text.isEmpty()) {
            return null;
        }
        int slash = text.indexOf('/');
        try {
            Address address = Address.parse(slash < 0 ? text : text.substring(0, slash));
            int most = address.isIpv6() ? 128 : 32;
            int length = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            if (length >= 0 && length <= most) {
                return new AddressPrefix(address, length);
            }
        } catch (IllegalArgumentException e) {
            throw invalid(badPrefix(text));
        }
        throw invalid(badPrefix(text));
    }

    private static String badPrefix(String text) {
        return "a mark rule's prefix must be like 10.0.0.0/8 or 2001:db8::/32, not '" + text + "'";
    }

    private static PortRange ports(String text) throws RefusedException {
        if (text.isEmpty()) {
            return PortRange.ALL;
        }
        int colon = text.indexOf(':');
        try {
            int first = Integer.parseInt(colon < 0 ? text : text.substring(0, colon));
            int last = colon < 0 ? first : Integer.parseInt(text.substring(colon + 1));
            if (first >= 0 && first <= last && last <= LAST_PORT) {
                return new PortRange(first, last);
            }
        } catch (NumberFormatException e) {
            throw invalid(badPorts(text));
        }
        throw invalid(badPorts(text));
    }

    private static String badPorts(String text) {
        return "a mark rule's ports must be like 53 or 1024:65535, not '" + text + "'";
    }

    /** Rules into messages. */
    public static List<io.jvs.proto.v1.MarkRule> write(List<MarkRule> rules) {
        return rules.stream().map(MarkMapper::write).toList();
    }

    static MarkRules message(List<MarkRule> rules) {
        return MarkRules.newBuilder().addAllMarkRules(write(rules)).build();
    }

    private static io.jvs.proto.v1.MarkRule write(MarkRule rule) {
        io.jvs.proto.v1.MarkRule.Builder message =
                io.jvs.proto.v1.MarkRule.newBuilder()
                        .setSource(rule.source() == null ? "" : rule.source().toString())
                        .setDestination(
                                rule.destination() == null ? "" : rule.destination().toString())
                        .setSourcePorts(write(rule.sourcePorts()))
                        .setDestinationPorts(write(rule.destinationPorts()))
                        .setMark(rule.mark());
        if (rule.protocol() != null) {
            message.setProtocol(
                    switch (rule.protocol()) {
                        case TCP -> io.jvs.proto.v1.Protocol.PROTOCOL_TCP;
                        case UDP -> io.jvs.proto.v1.Protocol.PROTOCOL_UDP;
                        case SCTP -> io.jvs.proto.v1.Protocol.PROTOCOL_SCTP;
                    });
        }
        return message.build();
    }

    private static String write(PortRange ports) {
        return ports.equals(PortRange.ALL) ? "" : ports.toString();
    }
}
