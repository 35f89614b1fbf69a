package io.jvs.forwarding;

import io.jvs.connection.ConnectionExtras;
import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBuffers;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import java.util.Arrays;

/**
 * A burst over memory of its own, filled as the stages before forwarding would. The frame lies
 * between guard bytes that {@link #guardsAreWhole} looks at.
 */
final class TestBurst implements PacketBuffers, AutoCloseable {
    static final int BUFFER_BYTES = 4096 + 192;
    static final int HEADROOM = 128;
    static final int NEXT_HOP = 7;
    private static final int BUFFERS = 128;
    private static final int GUARD = 0xA5;
    private static final int RECORD_BYTES = 128;

    final PacketBurst burst = new PacketBurst();
    final ConnectionExtras extras = new ConnectionExtras(8);
    private final MemoryRegion memory;
    private final MemoryRegion records = MemoryRegion.anonymous(64 * RECORD_BYTES);
    private final long[] free = new long[BUFFERS];
    private int freeCount;

    /** How many more buffers the pool gives. */
    int available = Integer.MAX_VALUE;

    TestBurst() {
        memory = MemoryRegion.anonymous((long) BUFFERS * BUFFER_BYTES);
        reset();
    }

    void reset() {
        burst.clear();
        freeCount = 0;
        for (int i = BUFFERS - 1; i >= 0; i--) {
            free[freeCount++] = memory.address() + (long) i * BUFFER_BYTES;
        }
        available = Integer.MAX_VALUE;
    }

    int freeBuffers() {
        return freeCount;
    }

    @Override
    public int allocate(PacketBurst into) {
        if (into.count == PacketBurst.CAPACITY || freeCount == 0 || available-- <= 0) {
            return -1;
        }
        int row = into.add();
        long handle = free[--freeCount];
        into.handle[row] = handle;
        into.data[row] = handle + HEADROOM;
        into.headroom[row] = HEADROOM;
        into.length[row] = 0;
        into.tailroom[row] = BUFFER_BYTES - HEADROOM;
        return row;
    }

    @Override
    public void free(long handle) {
        free[freeCount++] = handle;
    }

    /** Adds a frame of an Ethernet header (VLAN-tagged or not), a packet and padding. */
    int add(TestPacket packet, TestFlow flow, byte direction) {
        int row = add(packet.bytes(), packet.ipv6(), packet.headerBytes(), 14, 0);
        join(row, flow, direction);
        if (packet.protocol == TestPacket.ICMP || packet.protocol == TestPacket.ICMP6) {
            burst.kind[row] =
                    packet.ipv6() ? PacketBurst.KIND_ICMP6_ERROR : PacketBurst.KIND_ICMP4_ERROR;
        }
        return row;
    }

    /** Makes a row a packet of a connection. */
    void join(int row, TestFlow flow, byte direction) {
        burst.protocol[row] = flow.protocol();
        burst.direction[row] = direction;
        burst.connection[row] = flow.write(records.address() + (long) row * RECORD_BYTES);
    }

    int add(byte[] packet, boolean ipv6, int headerBytes, int layer3, int padding) {
        int row = allocate(burst);
        long data = burst.data[row];
        Memory.fill(data - HEADROOM, BUFFER_BYTES, GUARD);
        for (int i = 0; i < layer3 - 2; i++) {
            Memory.putByte(data + i, i + 2);
        }
        Memory.putShortBe(data + layer3 - 2, ipv6 ? 0x86DD : 0x0800);
        Memory.copyIn(packet, 0, data + layer3, packet.length);
        burst.layer3[row] = layer3;
        burst.layer4[row] = layer3 + headerBytes;
        burst.end[row] = layer3 + packet.length;
        burst.length[row] = layer3 + packet.length + padding;
        burst.tailroom[row] -= burst.length[row];
        burst.kind[row] = ipv6 ? PacketBurst.KIND_IPV6 : PacketBurst.KIND_IPV4;
        burst.nextHop[row] = NEXT_HOP;
        burst.mtu[row] = 1500;
        burst.verdict[row] = Verdict.NONE;
        return row;
    }

    /** The IP packet of a row, up to its end. */
    byte[] packet(int row) {
        byte[] bytes = new byte[burst.end[row] - burst.layer3[row]];
        Memory.copyOut(burst.data[row] + burst.layer3[row], bytes, 0, bytes.length);
        return bytes;
    }

    /** The ethertype in front of the packet of a row. */
    int etherType(int row) {
        return Memory.getUnsignedShortBe(burst.data[row] + burst.layer3[row] - 2);
    }

    /** Whether nothing behind {@code frameEnd} of a row's frame as it came was written. */
    boolean guardsAreWhole(int row, int frameEnd) {
        long handle = burst.handle[row];
        int behind = BUFFER_BYTES - HEADROOM - frameEnd;
        byte[] bytes = new byte[behind];
        Memory.copyOut(handle + HEADROOM + frameEnd, bytes, 0, behind);
        byte[] wanted = new byte[behind];
        Arrays.fill(wanted, (byte) GUARD);
        return Arrays.equals(bytes, wanted);
    }

    @Override
    public void close() {
        memory.close();
        records.close();
        extras.close();
    }
}
