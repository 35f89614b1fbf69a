package io.jvs.bench.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connections, their states and timers. */
final class ModelTraffic {
    /**
     * A packet from a client.
     *
     * @param flags letters S F A P R; empty for UDP
     */
    record Packet(
            String protocol,
            ModelAddress client,
            int clientPort,
            ModelAddress virtual,
            int virtualPort,
            String flags) {
        boolean isTcp() {
            return protocol.equals("TCP");
        }
    }

    private static final int IN_USE_MILLIS = 60_000;
    private static final int GONE = 65535;

    private final ModelRules rules;
    private final List<ModelConnection> connections = new ArrayList<>();
    private long nowMillis = 1_000_000;
    private int dropCounter;

    ModelTraffic(ModelRules rules) {
        this.rules = rules;
    }

    long nowMillis() {
        return nowMillis;
    }

    List<ModelConnection> connections() {
        return connections;
    }

    @Nullable ModelConnection find(String protocol, ModelAddress client, int port) {
        return connections.stream()
                .filter(c -> c.protocol.equals(protocol) && !c.template)
                .filter(c -> c.client.equals(client) && c.clientPort == port)
                .findFirst()
                .orElse(null);
    }

    /** Time passes; what ends, ends in order. */
    void pass(long millis) {
        long until = nowMillis + millis;
        while (true) {
            ModelConnection next = null;
            for (ModelConnection c : connections) {
                if (c.endMillis <= until && (next == null || c.endMillis < next.endMillis)) {
                    next = c;
                }
            }
            if (next == null) {
                break;
            }
            nowMillis = Math.max(nowMillis, next.endMillis);
            if (next.controls > 0) {
                next.timeoutMillis = IN_USE_MILLIS;
                next.touch(nowMillis);
            } else {
                end(next);
            }
        }
        nowMillis = until;
    }

    private void end(ModelConnection c) {
        connections.remove(c);
        if (!c.template) {
            if (c.active) {
                c.server.active--;
            } else {
                c.server.inactive--;
            }
        }
        c.server.onUnbound();
        if (c.control != null) {
            c.control.controls--;
        }
    }

    /** With expire_nodest_conn, connections of servers that were just removed end. */
    void onCommand() {
        boolean removed = !rules.removed.isEmpty();
        rules.removed.clear();
        if (!removed || rules.setting("expire_nodest_conn", 0) == 0) {
            return;
        }
        for (ModelConnection c : List.copyOf(connections)) {
            if (!c.server.available && c.controls == 0 && connections.contains(c)) {
                ModelConnection control = c.control;
                end(c);
                if (control != null && control.controls == 0) {
                    end(control);
                }
            }
        }
    }

    /** An answer, which the director sees only of NAT. */
    void fromServer(String protocol, ModelAddress client, int port, String flags) {
        ModelConnection c = find(protocol, client, port);
        if (c != null && c.method.equals("-m")) {
            advance(c, false, flags);
        }
    }

    void fromClient(Packet packet) {
        ModelConnection c = find(packet.protocol(), packet.client(), packet.clientPort());
        if (c != null && !c.virtual.equals(packet.virtual())) {
            c = null;
        }
        ModelConnection old = null;
        if (c != null && isAnew(c, packet)) {
            old = c;
        } else if (c != null && !c.server.available) {
            if (rules.setting("expire_nodest_conn", 0) == 0) {
                return;
            }
            old = c;
        }
        if (old != null) {
            c = null;
        }
        if (c == null) {
            c = schedule(packet);
        }
        if (old != null) {
            end(old);
        }
        if (c != null) {
            advance(c, true, packet.flags());
        }
    }

    /** Whether a first segment begins something new although there is a connection. */
    private boolean isAnew(ModelConnection c, Packet packet) {
        int mode = rules.setting("conn_reuse_mode", 1);
        if (mode == 0 || !packet.flags().contains("S")) {
            return false;
        }
        if (rules.setting("expire_nodest_conn", 0) != 0 && c.server.weight == 0) {
            return true;
        }
        return c.control == null
                && (c.state.equals("TIME_WAIT")
                        || c.state.equals("CLOSE")
                        || (mode & 2) != 0 && c.state.equals("FIN_WAIT") && c.noOutput);
    }

    private @Nullable ModelService service(Packet packet) {
        boolean ipv6 = packet.virtual().ipv6();
        int mark = 0;
        for (int each : rules.marks.getOrDefault(ipv6, List.of())) {
            mark = each; // the last rule wins
        }
        for (ModelService s : rules.services) {
            if (s.mark != 0 && s.mark == mark && s.address.ipv6() == ipv6) {
                return s;
            }
        }
        for (int port : new int[] {packet.virtualPort(), 0}) {
            for (ModelService s : rules.services) {
                if (s.mark == 0
                        && s.port == port
                        && s.protocol.equals(packet.protocol())
                        && s.address.equals(packet.virtual())) {
                    return s;
                }
            }
        }
        return null;
    }

    private boolean isDropped() {
        if (rules.setting("drop_packet", 0) != 3) {
            return false;
        }
        dropCounter--;
        if (dropCounter > 0) {
            return false;
        }
        dropCounter = 10;
        return true;
    }

    private @Nullable ModelConnection schedule(Packet packet) {
        ModelService service = service(packet);
        boolean sloppy = rules.setting("sloppy_tcp", 0) != 0;
        boolean opens =
                !packet.isTcp()
                        || !packet.flags().contains("R")
                                && (sloppy || packet.flags().contains("S"));
        if (service == null || !opens || isDropped()) {
            return null;
        }
        ModelConnection template =
                service.persistenceSeconds == 0 ? null : template(service, packet);
        ModelServer server;
        if (service.persistenceSeconds != 0) {
            server = template == null ? null : template.server;
        } else {
            server = pick(service, packet);
        }
        if (server == null) {
            return null;
        }
        int port = packet.virtualPort();
        boolean own = service.persistenceSeconds == 0 || port == service.port;
        ModelConnection c =
                new ModelConnection(
                        packet.protocol(),
                        packet.client(),
                        packet.clientPort(),
                        packet.virtual(),
                        port,
                        server,
                        own && server.port != 0 ? server.port : port);
        if (template != null) {
            template.touch(nowMillis);
        }
        if (service.onePacket && !packet.isTcp()) {
            server.inactive++;
            server.onBound();
            server.inactive--;
            server.onUnbound();
            return null;
        }
        server.inactive++;
        server.onBound();
        connections.add(c);
        if (template != null) {
            c.control = template;
            template.controls++;
        }
        return c;
    }

    private @Nullable ModelServer pick(ModelService service, Packet packet) {
        return service.scheduler.pick(
                new ModelScheduler.Flow(
                        packet.client(), packet.clientPort(), packet.virtual(), nowMillis / 1000));
    }

    private @Nullable ModelConnection template(ModelService service, Packet packet) {
        boolean own = packet.virtualPort() == service.port;
        boolean mark = !own && service.mark != 0;
        String protocol = mark ? "IP" : packet.protocol();
        ModelAddress client = packet.client().masked(service.netmask);
        ModelAddress virtual = mark ? marked(packet, service.mark) : packet.virtual();
        int virtualPort = own && service.port != 21 ? service.port : 0;
        for (ModelConnection t : connections) {
            if (t.template
                    && t.protocol.equals(protocol)
                    && t.client.equals(client)
                    && t.virtual.equals(virtual)
                    && t.virtualPort == virtualPort) {
                boolean expired =
                        rules.setting("expire_quiescent_template", 0) != 0 && t.server.weight == 0;
                if (t.server.available && !expired) {
                    return t;
                }
                t.virtualPort = GONE;
                t.realPort = GONE;
                break;
            }
        }
        ModelServer server = pick(service, packet);
        if (server == null) {
            return null;
        }
        int realPort = own && service.port != 21 ? server.port : 0;
        ModelConnection t =
                new ModelConnection(protocol, client, 0, virtual, virtualPort, server, realPort);
        t.timeoutMillis = service.persistenceSeconds * 1000;
        t.touch(nowMillis);
        connections.add(t);
        server.onBound();
        return t;
    }

    /** The virtual address of a template of a mark: the mark where the first 32 bits are. */
    private static ModelAddress marked(Packet packet, int mark) {
        boolean ipv6 = packet.virtual().ipv6();
        java.math.BigInteger value = java.math.BigInteger.valueOf(mark);
        return new ModelAddress(ipv6, ipv6 ? value.shiftLeft(96) : value);
    }

    private void advance(ModelConnection c, boolean fromClient, String flags) {
        if (c.protocol.equals("UDP")) {
            c.state = "UDP";
            c.timeoutMillis = 1000L * rules.timeouts.getOrDefault("UDP", 300);
        } else {
            if (!fromClient) {
                c.noOutput = false;
            }
            boolean secure = rules.setting("secure_tcp", 0) == 3;
            c.state = TcpTables.next(secure, fromClient, c.noOutput, flags, c.state);
            int seconds = TcpTables.timeoutSeconds(c.state);
            c.timeoutMillis = 1000L * rules.timeouts.getOrDefault(c.state, seconds);
            count(c, TcpTables.isActive(c.state));
            if (c.state.equals("ESTABLISHED") && c.control != null) {
                c.control.state = "ASSURED";
            }
        }
        c.touch(nowMillis);
    }

    private static void count(ModelConnection c, boolean active) {
        if (active != c.active) {
            c.active = active;
            c.server.active += active ? 1 : -1;
            c.server.inactive += active ? -1 : 1;
        }
    }
}
