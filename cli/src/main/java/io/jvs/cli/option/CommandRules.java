package io.jvs.cli.option;

import io.jvs.cli.CommandException;
import io.jvs.cli.net.HostAddress;
import io.jvs.proto.v1.ForwardingMethod;
import io.jvs.proto.v1.Protocol;

/** Rules over several options of one command, and the defaults. */
final class CommandRules {
    private CommandRules() {}

    static void apply(ParsedCommand parsed) throws CommandException {
        switch (parsed.command) {
            case ADD_SERVICE, EDIT_SERVICE -> applyToService(parsed);
            case ADD_SERVER, EDIT_SERVER -> applyToServer(parsed);
            case LIST -> checkList(parsed);
            default -> {
                // Nothing more to check.
            }
        }
    }

    private static void applyToService(ParsedCommand parsed) throws CommandException {
        boolean persistent = parsed.service.hasPersistence();
        if (!parsed.isMarked() && parsed.service.getPort() == 0 && !persistent) {
            throw CommandException.argument("Zero port specified for non-persistent service");
        }
        if (parsed.has(Setting.ONE_PACKET)
                && !parsed.isMarked()
                && parsed.service.getProtocol() != Protocol.PROTOCOL_UDP) {
            throw CommandException.argument(
                    "One-Packet Scheduling is only for UDP virtual services");
        }
        if (parsed.service.getScheduler().isEmpty()) {
            parsed.service.setScheduler("wlc");
        }
        if (persistent) {
            parsed.service.getPersistenceBuilder().setNetmask(parsed.netmask);
        }
        parsed.service.setPersistenceEngine(parsed.engine);
    }

    private static void applyToServer(ParsedCommand parsed) throws CommandException {
        if (!parsed.has(Setting.FORWARD)) {
            parsed.server.setForwardingMethod(ForwardingMethod.FORWARDING_METHOD_DIRECT_ROUTE);
        }
        ForwardingMethod method = parsed.server.getForwardingMethod();
        boolean tunnel = method == ForwardingMethod.FORWARDING_METHOD_TUNNEL;
        boolean keepsPort = tunnel || method == ForwardingMethod.FORWARDING_METHOD_DIRECT_ROUTE;
        if (keepsPort && !parsed.isMarked()) {
            parsed.server.setPort(parsed.service.getPort());
        }
        HostAddress address = parsed.serverAddress;
        boolean mayMix = tunnel || method == ForwardingMethod.FORWARDING_METHOD_FULLNAT;
        if (address != null && address.ipv6() != parsed.isIpv6() && !mayMix) {
            throw CommandException.argument(
                    "Different address family is allowed only for tunneling servers");
        }
        if ((parsed.settings & TunnelRule.SETTINGS) != 0 && !tunnel) {
            throw CommandException.argument("Tunnel options conflict with forward method");
        }
        parsed.tunnel.check(parsed.settings);
        if (tunnel) {
            parsed.server.getTunnelBuilder().setType(parsed.tunnel.type());
        }
        if (!parsed.has(Setting.WEIGHT)) {
            parsed.server.setWeight(1);
        }
    }

    private static void checkList(ParsedCommand parsed) throws CommandException {
        boolean times = parsed.has(Setting.TIMEOUT) || parsed.has(Setting.DAEMON);
        boolean counts =
                parsed.has(Setting.STATS)
                        || parsed.has(Setting.RATE)
                        || parsed.has(Setting.THRESHOLDS);
        if ((times || parsed.has(Setting.CONNECTION)) && counts
                || times && parsed.has(Setting.PERSISTENT_CONN)) {
            throw CommandException.argument("options conflicts in the list command");
        }
    }
}
