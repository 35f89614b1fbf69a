package io.jvs.cli.option;

import io.jvs.cli.net.HostAddress;
import io.jvs.proto.v1.AddressFamily;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.Timeouts;
import io.jvs.proto.v1.VirtualService;
import org.jspecify.annotations.Nullable;

/** One command line of ipvsadm, read and checked. Written by {@link CommandParser} only. */
public final class ParsedCommand {
    final VirtualService.Builder service = VirtualService.newBuilder();
    final RealServer.Builder server = RealServer.newBuilder();
    final Timeouts.Builder timeouts = Timeouts.newBuilder();
    Command command = Command.LIST;
    long settings;
    @Nullable HostAddress serviceAddress;
    @Nullable HostAddress serverAddress;
    @Nullable HostAddress localAddress;
    TunnelRule tunnel = TunnelRule.IPIP;
    String engine = "";
    String netmask = "";

    ParsedCommand() {}

    /** What to do. */
    public Command command() {
        return command;
    }

    /** Whether an option set this. */
    public boolean has(Setting setting) {
        return (settings & setting.bit()) != 0;
    }

    /** Whether the service is of the IPv6 family. */
    boolean isIpv6() {
        return serviceAddress != null
                ? serviceAddress.ipv6()
                : service.getFamily() == AddressFamily.ADDRESS_FAMILY_IPV6;
    }

    /** Whether the service is known by a firewall mark. */
    boolean isMarked() {
        return service.getFirewallMark() != 0;
    }

    /** The virtual service of the command line; without real servers. */
    public VirtualService service() {
        return service.build();
    }

    /** The real server of the command line. */
    public RealServer server() {
        return server.build();
    }

    /** The timeouts of --set, in seconds. */
    public Timeouts timeouts() {
        return timeouts.build();
    }

    /** The local address (-z), empty when there is none. */
    public String localAddress() {
        return localAddress == null ? "" : localAddress.toString();
    }
}
