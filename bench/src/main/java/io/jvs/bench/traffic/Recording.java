package io.jvs.bench.traffic;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.service.AddressFamily;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the packets of a director's established flows into files, so that they can be replayed as
 * they are: to another director of the same seed, which gives the same flows the same local ports,
 * and to the C reference.
 */
public final class Recording {
    private static final int FLOW_BYTES = 24;

    private final FlowSequence sequence;
    private final FrameLayout layout;
    private final AddressFamily family;

    /** Of flows whose servers have been seen. */
    public Recording(FlowSequence sequence, AddressFamily family) {
        this.sequence = sequence;
        this.layout = sequence.layout();
        this.family = family;
    }

    /** Writes what the C reference reads: a struct flow for each; before the flows are shuffled. */
    public void writeFlows(Path file) throws IOException {
        ByteBuffer flows =
                ByteBuffer.allocate(FLOW_BYTES * sequence.flows()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < sequence.flows(); i++) {
            long client = sequence.client(i);
            long server = sequence.server(i);
            flows.putInt(Memory.getInt(client)).putInt(Memory.getInt(client + 4));
            flows.putInt(Memory.getInt(server + 4)).putInt(Memory.getInt(server));
            flows.putInt(Memory.getInt(client + layout.entryPorts()));
            flows.putInt(Integer.rotateLeft(Memory.getInt(server + layout.entryPorts()), 16));
        }
        BaseFrames.write(file, flows);
    }

    /**
     * Writes the packets, once each, in the order of the sequence.
     *
     * @param sizes of the frames, used in turn
     * @param first 0 to begin with a client's packet, 1 with a server's
     * @param step 1 for both in turn, 2 for one of them
     */
    public void writePackets(Path file, List<Integer> sizes, int first, int step)
            throws IOException {
        int entries = 2 * sequence.flows();
        int turns = 1 + BaseFrames.FRAMES / entries;
        ByteBuffer pcap = BaseFrames.begin(turns * entries);
        int written = 0;
        try (MemoryRegion scratch = MemoryRegion.anonymous(2048)) {
            for (int turn = 0; turn < turns; turn++) {
                for (int i = first; i < entries; i += step) {
                    byte[] frame = BaseFrames.frame(family, sizes.get(written % sizes.size()));
                    fill(scratch.address(), frame, i);
                    BaseFrames.add(pcap, frame);
                    written++;
                }
            }
        }
        BaseFrames.write(file, pcap);
    }

    private void fill(long scratch, byte[] frame, int entry) {
        Memory.copyIn(frame, 0, scratch, frame.length);
        long address = sequence.address() + (long) entry * layout.entryBytes();
        layout.apply(scratch, address, family == AddressFamily.IPV6);
        Memory.copyOut(scratch, frame, 0, frame.length);
    }
}
