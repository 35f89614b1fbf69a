package io.jvs.cli.option;

import io.jvs.cli.CommandException;
import io.jvs.cli.net.HostAddress;
import io.jvs.cli.net.HostAddressParser;
import io.jvs.cli.net.NameService;
import io.jvs.proto.v1.AddressFamily;
import io.jvs.proto.v1.ForwardingMethod;
import io.jvs.proto.v1.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the arguments of options into a {@link ParsedCommand}, one after the other. Where any order
 * will do, what depends on the service (-r, -M, -6) waits until the service is known; else it is
 * read as ipvsadm reads it without one.
 */
final class Arguments {
    /** IPVS_SVC_PERSISTENT_TIMEOUT of ipvsadm 1.31; its manual says 300. */
    private static final int DEFAULT_PERSISTENCE_SECONDS = 360;

    private static final int ALL_WEIGHTS = Integer.MAX_VALUE;

    private final ParsedCommand parsed;
    private final NameService names;
    private final boolean anyOrder;
    private final List<Option> waiting = new ArrayList<>();
    private final List<String> waitingArguments = new ArrayList<>();
    private final DaemonArguments daemon = new DaemonArguments();
    private @Nullable String schedulerFlags;

    Arguments(ParsedCommand parsed, NameService names, boolean anyOrder) {
        this.parsed = parsed;
        this.names = names;
        this.anyOrder = anyOrder;
    }

    /** Takes one option; the argument is null when it has none. */
    void take(Option option, @Nullable String argument) throws CommandException {
        Setting setting = option.setting();
        if (setting != null) {
            if (parsed.has(setting)) {
                throw CommandException.argument(
                        "multiple '" + setting.label() + "' options specified");
            }
            parsed.settings |= setting.bit();
        }
        String text = argument == null ? "" : argument;
        if (dependsOnService(option)) {
            if (parsed.has(Setting.SERVICE) || !anyOrder) {
                takeDependent(option, text);
            } else {
                waiting.add(option);
                waitingArguments.add(text);
            }
        } else if (option == Option.PERSISTENT) {
            parsed.service
                    .getPersistenceBuilder()
                    .setTimeoutSeconds(
                            argument == null
                                    ? DEFAULT_PERSISTENCE_SECONDS
                                    : Numbers.timeout(argument, 1));
        } else {
            takeService(option, text);
            takeServer(option, text);
            takeTunnel(option, text);
            daemon.take(option, text);
        }
    }

    private static boolean dependsOnService(Option option) {
        return option == Option.REAL_SERVER || option == Option.NETMASK || option == Option.IPV6;
    }

    private void takeDependent(Option option, String text) throws CommandException {
        switch (option) {
            case REAL_SERVER -> takeRealServer(text);
            case NETMASK -> takeNetmask(text);
            default -> {
                if (!parsed.isMarked()) {
                    // The second newline is ipvsadm's.
                    throw CommandException.argument("-6 used before -f\n");
                }
                parsed.service.setFamily(AddressFamily.ADDRESS_FAMILY_IPV6);
                parsed.netmask = "";
            }
        }
    }

    private void takeService(Option option, String text) throws CommandException {
        switch (option) {
            case TCP_SERVICE -> takeAddress(text, Protocol.PROTOCOL_TCP);
            case UDP_SERVICE -> takeAddress(text, Protocol.PROTOCOL_UDP);
            case SCTP_SERVICE -> takeAddress(text, Protocol.PROTOCOL_SCTP);
            case FWMARK_SERVICE -> takeMark(text);
            case SCHEDULER -> parsed.service.setScheduler(text);
            case ONE_PACKET -> parsed.service.setOnePacket(true);
            case PERSISTENCE_ENGINE -> parsed.engine = text;
            case SCHED_FLAGS -> schedulerFlags = text;
            default -> {
                // Not about services.
            }
        }
    }

    private void takeAddress(String text, Protocol protocol) throws CommandException {
        parsed.service.setProtocol(protocol);
        AddressArgument argument = AddressArgument.parse(text, serviceProtocol(), names);
        if (argument == null) {
            throw CommandException.argument("illegal virtual server address[:port] specified");
        }
        parsed.serviceAddress = argument.address();
        if (argument.address().ipv6()) {
            parsed.netmask = ""; // parse_service() of ipvsadm: what -M said before is gone
        }
        parsed.service
                .setAddress(argument.address().toString())
                .setPort(Math.max(argument.port(), 0));
    }

    private void takeMark(String text) throws CommandException {
        long mark = Numbers.parse(text, 1, 0xFFFF_FFFFL);
        if (mark < 0) {
            throw CommandException.argument("invalid fwmark value `" + text + "' specified");
        }
        parsed.service.setFirewallMark((int) mark);
    }

    /** Whose service names count; a mark's are those of TCP. */
    private String serviceProtocol() {
        return switch (parsed.service.getProtocol()) {
            case PROTOCOL_UDP -> "udp";
            case PROTOCOL_SCTP -> "sctp";
            case PROTOCOL_TCP -> "tcp";
            default -> parsed.isMarked() ? "tcp" : "";
        };
    }

    private void takeNetmask(String text) throws CommandException {
        if (parsed.isIpv6()) {
            int bits = Numbers.leading(text);
            if (bits < 1 || bits > 128) {
                throw CommandException.argument("illegal ipv6 netmask specified");
            }
            parsed.netmask = Integer.toString(bits);
            return;
        }
        HostAddress mask = HostAddressParser.parseLenientIpv4(text);
        if (mask == null) {
            mask = names.address(text);
        }
        if (mask == null || mask.ipv6()) {
            throw CommandException.argument("illegal virtual server persistent mask specified");
        }
        parsed.netmask = mask.toString();
    }

    private void takeRealServer(String text) throws CommandException {
        AddressArgument argument = AddressArgument.parse(text, serviceProtocol(), names);
        if (argument == null) {
            throw CommandException.argument("illegal real server address[:port] specified");
        }
        parsed.serverAddress = argument.address();
        int port = argument.port() < 0 ? parsed.service.getPort() : argument.port();
        parsed.server.setAddress(argument.address().toString()).setPort(port);
    }

    private void takeServer(Option option, String text) throws CommandException {
        switch (option) {
            case MASQUERADING ->
                    parsed.server.setForwardingMethod(ForwardingMethod.FORWARDING_METHOD_NAT);
            case IPIP ->
                    parsed.server.setForwardingMethod(ForwardingMethod.FORWARDING_METHOD_TUNNEL);
            case GATEWAYING ->
                    parsed.server.setForwardingMethod(
                            ForwardingMethod.FORWARDING_METHOD_DIRECT_ROUTE);
            case FULLNAT ->
                    parsed.server.setForwardingMethod(ForwardingMethod.FORWARDING_METHOD_FULLNAT);
            case WEIGHT ->
                    parsed.server.setWeight(
                            Numbers.inRange(text, 0, ALL_WEIGHTS, "illegal weight specified"));
            case UPPER_THRESHOLD ->
                    parsed.server.setUpperThreshold(
                            Numbers.inRange(text, 0, ALL_WEIGHTS, "illegal u_threshold specified"));
            case LOWER_THRESHOLD ->
                    parsed.server.setLowerThreshold(
                            Numbers.inRange(text, 0, ALL_WEIGHTS, "illegal l_threshold specified"));
            case LOCAL_ADDRESS -> takeLocalAddress(text);
            default -> {
                // Not about real servers.
            }
        }
    }

    private void takeLocalAddress(String text) throws CommandException {
        parsed.localAddress = HostAddress.parse(text);
        if (parsed.localAddress == null) {
            throw CommandException.argument("illegal local address specified");
        }
    }

    private void takeTunnel(Option option, String text) throws CommandException {
        switch (option) {
            case TUN_TYPE -> parsed.tunnel = TunnelRule.parse(text);
            case TUN_PORT ->
                    parsed.server
                            .getTunnelBuilder()
                            .setPort(
                                    Numbers.inRange(
                                            text, 1, 65535, "illegal tunnel port specified"));
            case TUN_CSUM -> parsed.server.getTunnelBuilder().setChecksum(true);
            case TUN_REMCSUM -> parsed.server.getTunnelBuilder().setRemoteChecksum(true);
            default -> {
                // Not about tunnels.
            }
        }
    }

    /** Takes the words that belong to no option, then what waited for the service. */
    void finish(List<String> rest) throws CommandException {
        for (int i = 0; i < waiting.size(); i++) {
            if (parsed.has(Setting.SERVICE) || waiting.get(i) == Option.IPV6) {
                takeDependent(waiting.get(i), waitingArguments.get(i));
            }
        }
        int used = parsed.command == Command.SET ? takeTimeouts(rest) : 0;
        if (rest.size() > used) {
            throw CommandException.argument("unexpected argument " + rest.get(used));
        }
        if (schedulerFlags != null) {
            parsed.service.addAllSchedulerFlags(
                    SchedulerFlags.parse(parsed.service.getScheduler(), schedulerFlags));
        }
    }

    private int takeTimeouts(List<String> rest) throws CommandException {
        if (rest.size() < 3) {
            throw CommandException.argument("--set option requires 3 timeout values");
        }
        parsed.timeouts
                .setTcpSeconds(Numbers.timeout(rest.get(0), 0))
                .setTcpFinSeconds(Numbers.timeout(rest.get(1), 0))
                .setUdpSeconds(Numbers.timeout(rest.get(2), 0));
        return 3;
    }
}
