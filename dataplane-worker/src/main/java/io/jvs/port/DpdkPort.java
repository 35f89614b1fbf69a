package io.jvs.port;

import io.jvs.dpdk.Mbuf;
import io.jvs.dpdk.RxQueue;
import io.jvs.dpdk.TxQueue;
import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;

/** One worker's pair of queues of a DPDK port; a handle is an mbuf's address. */
public final class DpdkPort implements PacketPort, AutoCloseable {
    private final int number;
    private final RxQueue receiveQueue;
    private final TxQueue transmitQueue;
    private final MemoryRegion arrays;
    private final long received;
    private final long sending;

    /**
     * The worker's end of a started port.
     *
     * @param number the port's number in the director
     * @param receiveQueue the worker's receive queue
     * @param transmitQueue the worker's transmit queue
     */
    public DpdkPort(int number, RxQueue receiveQueue, TxQueue transmitQueue) {
        this.number = number;
        this.receiveQueue = receiveQueue;
        this.transmitQueue = transmitQueue;
        this.arrays = MemoryRegion.anonymous(2L * PacketBurst.CAPACITY * Mbuf.POINTER_BYTES);
        this.received = arrays.address();
        this.sending = received + (long) PacketBurst.CAPACITY * Mbuf.POINTER_BYTES;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public int receive(PacketBurst burst, long nowNs) {
        int count = receiveQueue.receive(received, PacketBurst.RECEIVE_MAX);
        int first = burst.count;
        long[] handles = burst.handle;
        for (int i = 0; i < count; i++) {
            handles[first + i] = Memory.getLong(received + (long) i * Mbuf.POINTER_BYTES);
        }
        describe(burst, first, count);
        return count;
    }

    /** Columns as locals: the JIT would load and check each one again for each packet. */
    private void describe(PacketBurst burst, int first, int count) {
        burst.addReceived(count, number);
        long[] handles = burst.handle;
        long[] data = burst.data;
        int[] lengths = burst.length;
        int[] headrooms = burst.headroom;
        int[] tailrooms = burst.tailroom;
        for (int row = first; row < first + count; row++) {
            long mbuf = handles[row];
            long odd = Mbuf.offloadFlags(mbuf) & Mbuf.RX_VLAN_STRIPPED | Mbuf.segments(mbuf) ^ 1;
            if (odd != 0) {
                describeOdd(burst, row, mbuf);
            }
            int headroom = Mbuf.dataOffset(mbuf);
            int length = Mbuf.dataLength(mbuf);
            data[row] = Mbuf.bufferAddress(mbuf) + headroom;
            lengths[row] = length;
            headrooms[row] = headroom;
            tailrooms[row] = Mbuf.bufferLength(mbuf) - headroom - length;
        }
    }

    private static void describeOdd(PacketBurst burst, int row, long mbuf) {
        if ((Mbuf.offloadFlags(mbuf) & Mbuf.RX_VLAN_STRIPPED) != 0 && !Mbuf.restoreVlan(mbuf)) {
            burst.verdict[row] = Verdict.DROP_NO_HEADROOM;
        }
        if (Mbuf.segments(mbuf) != 1) {
            burst.verdict[row] = Verdict.DROP_MULTI_SEGMENT;
        }
    }

    static void fill(PacketBurst burst, int row, long mbuf) {
        int headroom = Mbuf.dataOffset(mbuf);
        int length = Mbuf.dataLength(mbuf);
        burst.handle[row] = mbuf;
        burst.data[row] = Mbuf.bufferAddress(mbuf) + headroom;
        burst.length[row] = length;
        burst.headroom[row] = headroom;
        burst.tailroom[row] = Mbuf.bufferLength(mbuf) - headroom - length;
    }

    @Override
    public int transmit(long[] handles, long[] data, int[] lengths, int from, int count) {
        int taken = 0;
        while (taken < count) {
            int chunk = Math.min(count - taken, PacketBurst.CAPACITY);
            int sent = transmitChunk(handles, data, lengths, from + taken, chunk);
            taken += sent;
            if (sent < chunk) {
                return taken;
            }
        }
        return taken;
    }

    private int transmitChunk(long[] handles, long[] data, int[] lengths, int from, int count) {
        for (int i = 0; i < count; i++) {
            long mbuf = handles[from + i];
            Mbuf.setDataOffset(mbuf, (int) (data[from + i] - Mbuf.bufferAddress(mbuf)));
            Mbuf.setLengths(mbuf, lengths[from + i]);
            Mbuf.setOffloadFlags(mbuf, 0);
            Memory.putLong(sending + (long) i * Mbuf.POINTER_BYTES, mbuf);
        }
        return transmitQueue.transmit(sending, count);
    }

    @Override
    public void close() {
        arrays.close();
    }
}
