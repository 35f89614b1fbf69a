package io.jvs.bench.run;

import io.jvs.service.AddressFamily;
import io.jvs.service.ForwardingMethod;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is measured.
 *
 * @param name what it is called
 * @param kind what happens in it
 * @param mode how packets reach real servers
 * @param direction whose packets come in
 * @param family of all addresses
 * @param flows established connections
 * @param services virtual services
 * @param servers real servers of each service
 * @param frame size of the frames
 * @param packets where headers come from: written over each frame, or replayed as they are
 * @param limits which limits its services have; none is ever reached
 * @param scheduler of all services
 * @param workers of JVS; with more than one it is measured alone
 * @param memory where packet buffers lie: "no-huge" or "hugepages", in all programs
 */
record Scenario(
        String name,
        Kind kind,
        ForwardingMethod mode,
        Direction direction,
        AddressFamily family,
        int flows,
        int services,
        int servers,
        Frame frame,
        Packets packets,
        LimitKind limits,
        String scheduler,
        int workers,
        String memory) {

    private static final List<Integer> IMIX_SIZES =
            List.of(60, 590, 60, 60, 590, 60, 1514, 60, 590, 60, 60, 590);

    /** What happens. */
    enum Kind {
        /** Packets of established connections. */
        ESTABLISHED,
        /** First packets of connections: a figure is that of one connection. */
        OPEN,
        /** Connections from their first packet to their last. */
        LIFE,
        /** SYNs that nothing follows, with the SYN proxy on. */
        FLOOD,
        /** As ESTABLISHED, while rules change a hundred times a second. */
        CHANGES,
        /** As ESTABLISHED, with the time that each packet stays, and the gaps between polls. */
        LATENCY,
        /** As ESTABLISHED, from the first packet of the process on, without warming up. */
        START;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whose packets come in. */
    enum Direction {
        /** Those of clients. */
        CLIENT,
        /** Those of real servers. */
        SERVER,
        /** Both, in turn. */
        BOTH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where established packets come from. */
    enum Packets {
        /** The next flow's addresses and ports are written over each frame. */
        SYNTHESIZED,
        /** The replayed file has them; for few flows. */
        REPLAYED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is limited. */
    enum LimitKind {
        /** Nothing. */
        NONE,
        /** Connections at a time and new ones a second. */
        CONNECTIONS,
        /** Those, and packets a second: every packet is counted against its limit. */
        TRAFFIC;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Size of frames, in bytes without the checksum of Ethernet. */
    enum Frame {
        /** The smallest: 60 bytes, 74 for IPv6. */
        SMALL("60"),
        /** The simple IMIX: seven of 60, four of 590, one of 1514. */
        IMIX("imix"),
        /** IP packets of 1500 bytes. */
        LARGE("1500");

        private final String text;

        Frame(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }

        /** Sizes, used in turn. */
        List<Integer> sizes(ForwardingMethod mode) {
            // An outer header of IPv4 or IPv6 comes on top.
            int most = mode == ForwardingMethod.TUNNEL ? 1514 - 40 : 1514;
            List<Integer> sizes =
                    switch (this) {
                        case SMALL -> List.of(60);
                        case IMIX -> IMIX_SIZES;
                        case LARGE -> List.of(1514);
                    };
            return sizes.stream().map(size -> Math.min(size, most)).toList();
        }
    }

    /** The name of a mode in scenario files. */
    static String modeName(ForwardingMethod mode) {
        return switch (mode) {
            case NAT -> "nat";
            case DIRECT_ROUTE -> "dr";
            case TUNNEL -> "tun";
            case FULLNAT -> "fullnat";
            default -> mode.name().toLowerCase(Locale.ROOT);
        };
    }

    /** Every field as the scenario file has it. */
    Map<String, String> fields() {
        return Map.ofEntries(
                Map.entry("name", name),
                Map.entry("kind", kind.toString()),
                Map.entry("mode", modeName(mode)),
                Map.entry("direction", direction.toString()),
                Map.entry("family", family == AddressFamily.IPV6 ? "6" : "4"),
                Map.entry("flows", Integer.toString(flows)),
                Map.entry("services", Integer.toString(services)),
                Map.entry("servers", Integer.toString(servers)),
                Map.entry("frame", frame.toString()),
                Map.entry("packets", packets.toString()),
                Map.entry("limits", limits.toString()),
                Map.entry("scheduler", scheduler),
                Map.entry("workers", Integer.toString(workers)),
                Map.entry("memory", memory));
    }

    /** Packets of a connection's life that come in: SYN, SYN/ACK, ACK, FIN, FIN, ACK. */
    int packetsOfLife() {
        return hasAnswers() ? 6 : 4;
    }

    /** Whether answers of real servers come through the director. */
    boolean hasAnswers() {
        return mode == ForwardingMethod.NAT || mode == ForwardingMethod.FULLNAT;
    }
}
