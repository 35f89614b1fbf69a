package io.jvs.bench.replay;

import io.jvs.cli.CommandException;
import io.jvs.cli.DirectorException;
import io.jvs.proto.v1.Connection;
import io.jvs.proto.v1.ForwardingMethod;
import io.jvs.proto.v1.GetSysctlsRequest;
import io.jvs.proto.v1.ListStatisticsRequest;
import io.jvs.proto.v1.ListStatisticsResponse;
import io.jvs.proto.v1.Rates;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.SetSysctlsRequest;
import io.jvs.proto.v1.Statistics;
import io.jvs.proto.v1.Sysctls;
import io.jvs.proto.v1.VirtualService;
import io.jvs.service.Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The director's state in the form of the kernel's files (net/netfilter/ipvs/ip_vs_ctl.c). */
final class ProcFiles {
    private static final String DIRECTORY = "/proc/net/";
    private static final String SETTINGS = "/proc/sys/net/ipv4/vs/";
    private static final int HZ = 250;
    private static final String SERVICES_HEAD =
            """
            IP Virtual Server version 1.2.1 (size=4096)
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port Forward Weight ActiveConn InActConn
            """;
    private static final String CONNECTIONS_HEAD =
            "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";

    private final SimulatedDirector director;
    private final DirectorState state;

    ProcFiles(SimulatedDirector director, DirectorState state) {
        this.director = director;
        this.state = state;
    }

    /** All of them. */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        paths.add(DIRECTORY + "ip_vs");
        paths.add(DIRECTORY + "ip_vs_conn");
        paths.add(DIRECTORY + "ip_vs_stats");
        settings().keySet().forEach(name -> paths.add(SETTINGS + name));
        return paths;
    }

    /** The contents of one, or null. */
    @Nullable String read(String path) {
        if (path.startsWith(SETTINGS)) {
            String value = settings().get(path.substring(SETTINGS.length()));
            return value == null ? null : value + "\n";
        }
        return switch (path) {
            case DIRECTORY + "ip_vs" -> services();
            case DIRECTORY + "ip_vs_conn" -> connections();
            case DIRECTORY + "ip_vs_stats" -> statistics();
            default -> null;
        };
    }

    /** Writes one; false when it cannot be written. */
    boolean write(String path, String value) {
        return path.startsWith(SETTINGS) && set(path.substring(SETTINGS.length()), value);
    }

    private boolean set(String name, String value) {
        try {
            director.call(
                    "SetSysctls",
                    SetSysctlsRequest.newBuilder().putValues(name, value).build(),
                    Sysctls.parser());
            return true;
        } catch (CommandException | DirectorException e) {
            return false;
        }
    }

    /** The settings of net.ipv4.vs, as they are printed. */
    private Map<String, String> settings() {
        return new TreeMap<>(
                director.ask("GetSysctls", GetSysctlsRequest.getDefaultInstance(), Sysctls.parser())
                        .getValuesMap());
    }

    private String services() {
        StringBuilder out = new StringBuilder(SERVICES_HEAD);
        for (VirtualService service : state.services()) {
            out.append(service(service)).append('\n');
            for (RealServer server : service.getRealServersList()) {
                out.append(server(server)).append('\n');
            }
        }
        return out.toString();
    }

    private static String service(VirtualService service) {
        boolean mark = service.getFirewallMark() != 0;
        String ops = service.getOnePacket() ? "ops " : "";
        String scheduler = service.getScheduler().isEmpty() ? "wlc" : service.getScheduler();
        String line;
        if (mark) {
            line = format("FWM  %08X %s %s", service.getFirewallMark(), scheduler, ops);
        } else {
            Address address = Address.parse(service.getAddress());
            String protocol = service.getProtocol().name().substring("PROTOCOL_".length());
            String endpoint = hex(address, service.getPort(), true);
            line =
                    address.isIpv6()
                            ? format("%s  %s %s ", protocol, endpoint, scheduler)
                            : format("%s  %s %s %s ", protocol, endpoint, scheduler, ops);
        }
        return service.hasPersistence() ? line + persistent(service) : line;
    }

    private static String persistent(VirtualService service) {
        String netmask = service.getPersistence().getNetmask();
        boolean ipv6 =
                service.getFirewallMark() != 0
                        ? service.getFamily().getNumber() == 2
                        : service.getAddress().indexOf(':') >= 0;
        int mask;
        if (ipv6) {
            mask = Integer.reverseBytes(netmask.isEmpty() ? 128 : Integer.parseInt(netmask));
        } else {
            mask = netmask.isEmpty() ? -1 : (int) Address.parse(netmask).low();
        }
        int seconds = service.getPersistence().getTimeoutSeconds();
        return format("persistent %d %08X", (long) seconds * HZ, mask);
    }

    private static String server(RealServer server) {
        return format(
                "  -> %s      %-7s %-6d %-10d %-10d",
                hex(Address.parse(server.getAddress()), server.getPort(), true),
                method(server.getForwardingMethod()),
                server.getEffectiveWeight(),
                server.getActiveConnections(),
                server.getInactiveConnections());
    }

    private static String method(ForwardingMethod method) {
        return switch (method) {
            case FORWARDING_METHOD_NAT -> "Masq";
            case FORWARDING_METHOD_TUNNEL -> "Tunnel";
            case FORWARDING_METHOD_FULLNAT -> "FullNat";
            case FORWARDING_METHOD_LOCAL -> "Local";
            default -> "Route";
        };
    }

    private String connections() {
        StringBuilder out = new StringBuilder(CONNECTIONS_HEAD);
        for (Connection c : state.rawConnections()) {
            out.append(
                    format(
                            "%-3s %s %s %s %-11s %7d\n",
                            DirectorState.protocol(c.getProtocol()),
                            spaced(c.getClientAddress(), c.getClientPort()),
                            spaced(c.getVirtualAddress(), c.getVirtualPort()),
                            spaced(c.getRealAddress(), c.getRealPort()),
                            c.getState(),
                            c.getExpiresMillis() / 1000));
        }
        return out.toString();
    }

    private static String spaced(String address, int port) {
        return hex(Address.parse(address)) + format(" %04X", port);
    }

    private static String hex(Address address, int port, boolean brackets) {
        String text = hex(address);
        return format(address.isIpv6() && brackets ? "[%s]:%04X" : "%s:%04X", text, port);
    }

    private static String hex(Address address) {
        if (!address.isIpv6()) {
            return format("%08X", (int) address.low());
        }
        ByteBuffer bytes = ByteBuffer.wrap(address.bytes());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            text.append(i == 0 ? "" : ":").append(format("%04x", bytes.getShort()));
        }
        return text.toString();
    }

    private String statistics() {
        ListStatisticsResponse all =
                director.ask(
                        "ListStatistics",
                        ListStatisticsRequest.getDefaultInstance(),
                        ListStatisticsResponse.parser());
        Statistics totals = all.getTotals();
        Rates rates = all.getRates();
        return "   Total Incoming Outgoing         Incoming         Outgoing\n"
                + "   Conns  Packets  Packets            Bytes            Bytes\n"
                + format(
                        "%8X %8X %8X %16X %16X\n\n",
                        totals.getConnections(),
                        totals.getIncomingPackets(),
                        totals.getOutgoingPackets(),
                        totals.getIncomingBytes(),
                        totals.getOutgoingBytes())
                + " Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n"
                + format(
                        "%8X %8X %8X %16X %16X\n",
                        rates.getConnectionsPerSecond(),
                        rates.getIncomingPacketsPerSecond(),
                        rates.getOutgoingPacketsPerSecond(),
                        rates.getIncomingBytesPerSecond(),
                        rates.getOutgoingBytesPerSecond());
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
