package io.jvs.bench.traffic;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBurst;
import io.jvs.port.PacketPort;
import io.jvs.port.PortOverlay;

/**
 * Writes the next flow's addresses and ports over each frame that the port below has received;
 * {@code synthesize} of bench/reference/fullnat_reference.c does the same. The frames must be those
 * of {@link BaseFrames} (but for {@link #REPLAY}). First it opens every flow as a client and a real
 * server would (SYN, SYN/ACK, ACK), and learns from what is sent how the real servers see each
 * flow; then it plays the sequence without end.
 *
 * <p>Runs on the worker's thread, by the rules of the hot path; {@link #command} and the counts may
 * be used by another thread.
 */
public final class SynthesizedPort extends PortOverlay implements AutoCloseable {
    /** Receives nothing. */
    public static final int SILENT = 0;

    /** A SYN of each client; what goes out tells the answers' addresses. */
    public static final int OPEN = 1;

    /** A SYN/ACK of each flow's server. */
    public static final int ANSWER = 2;

    /** An ACK of each client. */
    public static final int COMPLETE = 3;

    /** Packets of clients, without end. */
    public static final int CLIENTS = 4;

    /** Packets of servers, without end. */
    public static final int SERVERS = 5;

    /** Packets of clients and servers in turn, without end. */
    public static final int BOTH = 6;

    /** A SYN of each client, without end, and nothing after it. */
    public static final int FLOOD = 7;

    /**
     * Connections from their first to their last packet, without end: {@link #BATCH} flows at a
     * time SYN, SYN/ACK, ACK, FIN, FIN, ACK.
     */
    public static final int CHURN = 8;

    /** Frames as they come, without end. */
    public static final int REPLAY = 9;

    /** Flows that {@link #CHURN} takes through a connection's life together. */
    public static final int BATCH = 2048;

    /** A command's number comes above its phase, so that the same one can come again. */
    private static final int COMMAND_SHIFT = 8;

    private static final int COMMAND = 0;
    private static final int DONE = 64;
    private static final int RECEIVED = 72;
    private static final int SENT = 80;
    private static final int WORDS_BYTES = 128;

    /** Flags and header length of a frame as {@link BaseFrames} makes it: ACK. */
    private static final int BASE_FLAGS = Short.toUnsignedInt(Short.reverseBytes((short) 0x5010));

    private static final int SYN = Short.toUnsignedInt(Short.reverseBytes((short) 0x5002));
    private static final int SYN_ACK = Short.toUnsignedInt(Short.reverseBytes((short) 0x5012));
    private static final int FIN_ACK = Short.toUnsignedInt(Short.reverseBytes((short) 0x5011));

    /** Of a connection's life: flags and whose packet it is. */
    private static final int[] LIFE_FLAGS = {
        SYN, SYN_ACK, BASE_FLAGS, FIN_ACK, FIN_ACK, BASE_FLAGS
    };

    private static final boolean[] LIFE_OF_SERVER = {false, true, false, false, true, false};

    private final FlowSequence sequence;
    private final FrameLayout layout;
    private final boolean isIpv6;
    private final boolean isLearning;
    private final MemoryRegion words = MemoryRegion.anonymous(WORDS_BYTES);
    private final long control = words.address();
    private volatile int firstFlow;
    private volatile int endFlow;
    private long base;
    private long last;
    private int commands;
    private int lastCommand;
    private int commanded = SILENT;
    private int phase = SILENT;
    private int nextFlow;
    private int batchStart;
    private int life;
    private long next;
    private int step;
    private long received;
    private long sent;

    /**
     * A silent port.
     *
     * @param isLearning whether what is sent is the packet that the real server sees, so that
     *     answers can be made of it
     */
    public SynthesizedPort(PacketPort below, FlowSequence sequence, boolean isLearning) {
        super(below);
        this.endFlow = sequence.flows();
        this.sequence = sequence;
        this.layout = sequence.layout();
        this.isIpv6 = layout.addressBytes() == FrameLayout.IPV6.addressBytes();
        this.isLearning = isLearning;
    }

    /** The port that receives and sends. */
    PacketPort below() {
        return below;
    }

    /** The flows whose packets are made, from the next command on; all until then. */
    public void range(int from, int end) {
        firstFlow = from;
        endFlow = end;
    }

    /** What to do from the next receive on; one other thread. */
    public void command(int newPhase) {
        commands++;
        Memory.putIntRelease(control + DONE, 0);
        Memory.putIntRelease(control + COMMAND, commands << COMMAND_SHIFT | newPhase);
    }

    /** Whether the phase has reached its last flow, or silence has begun; any thread. */
    public boolean isDone() {
        return Memory.getIntAcquire(control + DONE) != 0;
    }

    /** Frames that were received, ever; any thread. */
    public long received() {
        return Memory.getLongAcquire(control + RECEIVED);
    }

    /** Frames that the port below has taken, ever; any thread. */
    public long sent() {
        return Memory.getLongAcquire(control + SENT);
    }

    @Override
    public int receive(PacketBurst burst, long nowNs) {
        int wanted = Memory.getIntAcquire(control + COMMAND);
        if (wanted != lastCommand) {
            begin(wanted);
        }
        if (phase == SILENT) {
            return 0;
        }
        int first = burst.count;
        int count = below.receive(burst, nowNs);
        if (phase >= CLIENTS && phase <= BOTH) {
            play(burst, first, first + count);
        } else if (phase == CHURN) {
            live(burst, first, first + count);
        } else if (phase != REPLAY) {
            connect(burst, first, first + count);
        }
        received += count;
        Memory.putLongRelease(control + RECEIVED, received);
        return count;
    }

    private void begin(int command) {
        int wanted = command & (1 << COMMAND_SHIFT) - 1;
        lastCommand = command;
        commanded = wanted;
        phase = wanted;
        nextFlow = wanted == CHURN ? 0 : firstFlow;
        batchStart = 0;
        life = 0;
        base = sequence.client(firstFlow);
        last = sequence.client(endFlow);
        next = base + (wanted == SERVERS ? layout.entryBytes() : 0);
        step = wanted == BOTH ? layout.entryBytes() : 2 * layout.entryBytes();
        Memory.putIntRelease(control + DONE, wanted == SILENT ? 1 : 0);
    }

    private void play(PacketBurst burst, int from, int to) {
        for (int i = from; i < to; i++) {
            if (isIpv6) {
                write6(burst.data[i], next);
            } else {
                write4(burst.data[i], next);
            }
            long following = next + step;
            next = following < last ? following : following - (last - base);
        }
    }

    private static void write4(long frame, long entry) {
        int sums = Memory.getInt(entry + 12);
        Memory.putLong(frame + 26, Memory.getLong(entry));
        Memory.putInt(frame + 34, Memory.getInt(entry + 8));
        add(frame + FrameLayout.IPV4_CHECKSUM, sums & 0xFFFF);
        add(frame + 34 + FrameLayout.TCP_CHECKSUM, sums >>> 16);
    }

    private static void write6(long frame, long entry) {
        Memory.putLong(frame + 22, Memory.getLong(entry));
        Memory.putLong(frame + 30, Memory.getLong(entry + 8));
        Memory.putLong(frame + 38, Memory.getLong(entry + 16));
        Memory.putLong(frame + 46, Memory.getLong(entry + 24));
        Memory.putInt(frame + 54, Memory.getInt(entry + 32));
        add(frame + 54 + FrameLayout.TCP_CHECKSUM, Memory.getUnsignedShort(entry + 38));
    }

    private static void add(long checksum, int delta) {
        Memory.putShort(checksum, FrameLayout.adjust(Memory.getUnsignedShort(checksum), delta));
    }

    /** One packet of each flow in order; what a burst has over begins anew. */
    private void connect(PacketBurst burst, int from, int to) {
        int flags = phase == ANSWER ? SYN_ACK : phase == COMPLETE ? BASE_FLAGS : SYN;
        boolean isLast = false;
        for (int i = from; i < to; i++) {
            write(burst.data[i], nextFlow, phase == ANSWER, flags);
            nextFlow++;
            if (nextFlow == endFlow) {
                nextFlow = firstFlow;
                isLast = true;
            }
        }
        if (isLast && phase != FLOOD) {
            phase = SILENT;
            Memory.putIntRelease(control + DONE, 1);
        }
    }

    /** The lives of a batch of flows, packet by packet. */
    private void live(PacketBurst burst, int from, int to) {
        for (int i = from; i < to; i++) {
            write(burst.data[i], batchStart + nextFlow, LIFE_OF_SERVER[life], LIFE_FLAGS[life]);
            nextFlow++;
            if (nextFlow == BATCH) {
                nextFlow = 0;
                nextLife();
            }
        }
    }

    /** Servers are not seen where their answers do not come this way. */
    private void nextLife() {
        life++;
        if (life < LIFE_FLAGS.length && LIFE_OF_SERVER[life] && !isLearning) {
            life++;
        }
        if (life == LIFE_FLAGS.length) {
            life = 0;
            batchStart += BATCH;
            batchStart = batchStart + BATCH <= sequence.flows() ? batchStart : 0;
        }
    }

    private void write(long frame, int flow, boolean isServer, int flags) {
        long entry = isServer ? sequence.server(flow) : sequence.client(flow);
        if (Memory.getInt(frame + layout.ports()) != 0) {
            layout.blank(frame, isIpv6);
        }
        if (isIpv6) {
            write6(frame, entry);
        } else {
            write4(frame, entry);
        }
        writeControl(frame + layout.ports(), flow, flags);
    }

    /** The sequence number tells the flow. */
    private static void writeControl(long tcp, int flow, int flags) {
        Memory.putInt(tcp + FrameLayout.SEQUENCE, flow);
        Memory.putShort(tcp + FrameLayout.FLAGS, flags);
        int delta = (flow & 0xFFFF) + (flow >>> 16) + flags + (~BASE_FLAGS & 0xFFFF);
        add(tcp + FrameLayout.TCP_CHECKSUM, FrameLayout.fold(delta));
    }

    @Override
    public int transmit(long[] handles, long[] data, int[] lengths, int from, int count) {
        if (isLearning && (commanded < CLIENTS || commanded == CHURN)) {
            learn(data, from, from + count);
        }
        int taken = below.transmit(handles, data, lengths, from, count);
        sent += taken;
        Memory.putLongRelease(control + SENT, sent);
        return taken;
    }

    private void learn(long[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            long tcp = data[i] + layout.ports();
            int flow = Memory.getInt(tcp + FrameLayout.SEQUENCE);
            if (Memory.getUnsignedShort(tcp + FrameLayout.FLAGS) == SYN
                    && flow >= 0
                    && flow < sequence.flows()) {
                layout.writeAnswer(sequence.server(flow), data[i]);
            }
        }
    }

    /** Gives the words that other threads read back; nothing may be called any more. */
    @Override
    public void close() {
        words.close();
    }
}
