package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.connection.ConnectionLayout;
import io.jvs.memory.Memory;
import io.jvs.packet.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two data planes that are told and given the same; one has no express lane. After each burst they
 * must have sent the same, counted the same and know the same of every connection.
 */
final class ExpressTwins implements AutoCloseable {
    static final int PORTS = 3;
    private static final int SERVERS = 80;
    private static final int SERVICES = 40;
    private static final int LOOK = 64;

    private final MemoryDataplane lane;
    private final MemoryDataplane stages;
    private long generation;

    /** Bursts in which the lane sent packets before others of other flows. */
    int reordered;

    ExpressTwins(DataplaneSpec spec) {
        lane = MemoryDataplane.open(spec, Lab.SECOND);
        stages = MemoryDataplane.open(spec, Lab.SECOND);
        stages.states().forEach(state -> state.express.shut());
    }

    /** As if the NIC of a port checked IPv4 header checksums, or not. */
    void setVerified(int port, boolean verified) {
        for (MemoryDataplane dataplane : List.of(lane, stages)) {
            dataplane.states().forEach(state -> state.parser.setChecksumVerified(port, verified));
        }
    }

    void apply(List<Change> changes) {
        generation++;
        assertThat(lane.apply(generation, changes).join()).isEqualTo(generation);
        assertThat(stages.apply(generation, changes).join()).isEqualTo(generation);
    }

    void advance(long ns) {
        lane.advance(ns);
        stages.advance(ns);
    }

    /** Lets frames arrive together; gives what each port sent, without the lane. */
    List<List<byte[]>> burst(int port, List<byte[]> frames) {
        for (byte[] frame : frames) {
            lane.enqueue(port, frame);
            stages.enqueue(port, frame);
        }
        lane.settle();
        stages.settle();
        return compareFrames();
    }

    List<List<byte[]>> compareFrames() {
        List<List<byte[]>> all = new ArrayList<>();
        boolean moved = false;
        for (int port = 0; port < PORTS; port++) {
            List<byte[]> sent = sent(lane, port);
            List<byte[]> wanted = sent(stages, port);
            if (!Arrays.deepEquals(sent.toArray(), wanted.toArray())) {
                moved = true;
                compare(byFlow(sent), byFlow(wanted));
            }
            all.add(wanted);
        }
        reordered += moved ? 1 : 0;
        return all;
    }

    private static void compare(Map<String, List<String>> sent, Map<String, List<String>> wanted) {
        assertThat(sent.keySet()).isEqualTo(wanted.keySet());
        wanted.forEach(
                (flow, frames) -> assertThat(sent.get(flow)).as("flow " + flow).isEqualTo(frames));
    }

    /** Everything that a port of a data plane has sent. */
    static List<byte[]> sent(MemoryDataplane dataplane, int port) {
        List<byte[]> frames = new ArrayList<>();
        for (byte[] frame = dataplane.takeSent(port);
                frame.length > 0;
                frame = dataplane.takeSent(port)) {
            frames.add(frame);
        }
        return frames;
    }

    /** Packets of a flow in their order; others, which have no ports, in any. */
    private static Map<String, List<String>> byFlow(List<byte[]> frames) {
        Map<String, List<String>> flows = new TreeMap<>();
        for (byte[] frame : frames) {
            flows.computeIfAbsent(flow(frame), key -> new ArrayList<>())
                    .add(HexFormat.of().formatHex(frame));
        }
        flows.getOrDefault("", new ArrayList<>()).sort(null);
        return flows;
    }

    private static String flow(byte[] frame) {
        int at = frame.length > 18 && frame[12] == (byte) 0x81 ? 18 : 14;
        boolean ipv4 = frame.length > at + 23 && frame[at - 2] == 8 && frame[at - 1] == 0;
        boolean ports = ipv4 && (frame[at + 9] == Frames.TCP || frame[at + 9] == Frames.UDP);
        if (!ports || (frame[at + 6] & 0x1F | frame[at + 7]) != 0) {
            return "";
        }
        int transport = at + ((frame[at] & 0xF) << 2);
        return frame[at + 9]
                + HexFormat.of().formatHex(frame, at + 12, at + 20)
                + HexFormat.of().formatHex(frame, transport, transport + 4);
    }

    /** Counters, connections to the last byte, neighbours. */
    void compareState() {
        Map<String, Long> counts = counts(lane);
        Map<String, Long> wanted = counts(stages);
        if (!counts.equals(wanted)) {
            Map<String, Long> same = new TreeMap<>(wanted);
            same.entrySet().retainAll(counts.entrySet());
            counts.keySet().removeAll(same.keySet());
            wanted.keySet().removeAll(same.keySet());
            assertThat(counts).isEqualTo(wanted);
        }
        assertThat(lane.buffersInUse()).isEqualTo(stages.buffersInUse());
        for (int worker = 0; worker < lane.states().size(); worker++) {
            WorkerState left = lane.states().get(worker);
            WorkerState right = stages.states().get(worker);
            long[] records = records(left);
            if (!Arrays.equals(records, records(right))) {
                assertThat(lane.connections(10_000).join())
                        .isEqualTo(stages.connections(10_000).join());
                assertThat(records).as("records").isEqualTo(records(right));
            }
            assertThat(neighbors(left)).isEqualTo(neighbors(right));
        }
    }

    long verdict(int code) {
        return stages.counters().verdict(code);
    }

    private static List<Long> neighbors(WorkerState state) {
        return List.of(
                (long) state.neighbors.parkedNow(),
                state.neighbors.parkedSent(),
                state.neighbors.parkedDropped(),
                state.neighbors.solicitations(),
                state.counters.originated(),
                state.counters.handedOver(),
                state.counters.takenOver(),
                state.counters.misdirected());
    }

    private static long[] records(WorkerState state) {
        long[] words = new long[state.table.size() * (1 + ConnectionLayout.IPV6_BYTES / 8)];
        int count = 0;
        int cursor = 0;
        for (int found = state.table.next(cursor, LOOK);
                found != 0;
                found = state.table.next(cursor, LOOK)) {
            cursor = Math.abs(found);
            if (found > 0) {
                long record = state.table.address(found);
                words[count++] = found;
                for (int at = 0; at < ConnectionLayout.bytes(record); at += 8) {
                    words[count++] = Memory.getLong(record + at);
                }
            }
        }
        return words;
    }

    /** All that is counted and is not 0, by name. */
    private static Map<String, Long> counts(MemoryDataplane dataplane) {
        CountersView counters = dataplane.counters();
        Map<String, Long> counts = new TreeMap<>();
        for (int code = 0; code < Verdict.COUNT; code++) {
            put(counts, "verdict " + code, counters.verdict(code));
        }
        for (int server = 0; server < SERVERS; server++) {
            for (ServerCounter counter : ServerCounter.values()) {
                put(counts, "server " + server + counter, counters.server(server, counter));
            }
        }
        for (int service = 0; service < SERVICES; service++) {
            for (ServiceCounter counter : ServiceCounter.values()) {
                put(counts, "service " + service + counter, counters.service(service, counter));
            }
        }
        for (int port = 0; port < PORTS; port++) {
            for (PortCounter counter : PortCounter.values()) {
                put(counts, "port " + port + counter, counters.port(port, counter));
            }
        }
        for (SynCounter counter : SynCounter.values()) {
            put(counts, counter.event(), counters.syn(counter));
        }
        for (LocalPortCounter counter : LocalPortCounter.values()) {
            put(counts, counter.toString(), counters.localPorts(counter));
        }
        put(counts, "connections", counters.connections());
        put(counts, "dropped", counters.droppedConnections());
        put(counts, "ftp", counters.ftpExpected());
        put(counts, "ftp untouched", counters.ftpUntouched());
        put(counts, "undisclosed", counters.undisclosed());
        put(counts, "reset", counters.resetConnections());
        put(counts, "rescheduled", counters.rescheduledConnections());
        return counts;
    }

    private static void put(Map<String, Long> counts, String name, long value) {
        if (value != 0) {
            counts.put(name, value);
        }
    }

    @Override
    public void close() {
        lane.close();
        stages.close();
    }
}
