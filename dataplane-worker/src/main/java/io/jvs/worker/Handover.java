package io.jvs.worker;

import io.jvs.link.OwnAddresses;
import io.jvs.memory.Memory;
import io.jvs.packet.EthernetHeader;
import io.jvs.packet.PacketBuffers;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.port.HandoverRing;

/**
 * What a worker gives to the others (docs/design/008-workers.md): packets of connections that they
 * own, copies of what neighbours said, MTUs that routers told. With the packet its buffer goes.
 * Entries are published once a burst. One thread; only there with several workers.
 */
final class Handover {
    private static final int HOP_SHIFT = 16;
    private static final int WORKER_MASK = (1 << HOP_SHIFT) - 1;
    private static final int ARP_BYTES = 28;
    private static final int ARP_REQUEST = 1;

    private final int self;
    private final int workers;
    private final HandoverRing[] rings;
    private final OwnAddresses addresses;
    private final PacketBuffers buffers;
    private final WorkerCounters counters;
    private final PacketBurst copies = new PacketBurst();

    /** That of a worker; {@code state} is what has been made of it so far. */
    Handover(WorkerState state) {
        this.self = state.worker;
        this.workers = state.group.workers();
        this.rings = new HandoverRing[workers];
        this.addresses = state.addresses;
        this.buffers = state.buffers;
        this.counters = state.counters;
        for (int to = 0; to < workers; to++) {
            rings[to] = state.group.ring(self, to);
        }
    }

    /**
     * Where a packet goes, as a word.
     *
     * @param worker another one
     * @param hop what its row there gets, see {@link PacketBurst#hop}
     */
    static int to(int worker, int hop) {
        return worker | hop << HOP_SHIFT;
    }

    /**
     * Hands a row's packet over; the row's verdict says whether there was room, and the column of
     * the connection's id keeps where it went.
     *
     * @param target see {@link #to}
     */
    void give(PacketBurst burst, int i, int target) {
        int worker = target & WORKER_MASK;
        if (rings[worker].offer(HandoverRing.PACKET, burst, i, target >>> HOP_SHIFT)) {
            burst.verdict[i] = Verdict.HANDED_OVER;
            burst.connectionId[i] = target;
            counters.countHandedOver();
        } else {
            burst.verdict[i] = Verdict.DROP_HANDOVER_FULL;
        }
    }

    /**
     * Lets the others hear what neighbours say: ARP and ND come in by one queue. Requests for the
     * addresses of others teach nobody.
     */
    void tellNeighbors(PacketBurst burst) {
        for (int i = 0; i < burst.count; i++) {
            int kind = burst.kind[i];
            if (burst.verdict[i] == Verdict.NONE
                    && (kind == PacketBurst.KIND_ND
                            || kind == PacketBurst.KIND_ARP && teaches(burst, i))) {
                copyToAll(burst, i);
            }
        }
    }

    private boolean teaches(PacketBurst burst, int i) {
        long arp = burst.data[i] + burst.layer3[i];
        if (burst.length[i] - burst.layer3[i] < ARP_BYTES) {
            return false;
        }
        int target = Memory.getInt(arp + 24);
        return Memory.getUnsignedShortBe(arp + 6) != ARP_REQUEST
                || target == Memory.getInt(arp + 14)
                || addresses.flags4(target) != 0;
    }

    private void copyToAll(PacketBurst burst, int i) {
        for (int to = 0; to < workers; to++) {
            if (to != self && !copyTo(burst, i, rings[to])) {
                counters.countHandoverMissed();
            }
        }
    }

    private boolean copyTo(PacketBurst burst, int i, HandoverRing ring) {
        copies.clear();
        int row = buffers.allocate(copies);
        if (row < 0) {
            return false;
        }
        int length = burst.length[i];
        if (length <= copies.tailroom[row] && length >= EthernetHeader.BYTES) {
            Memory.copy(burst.data[i], copies.data[row], length);
            copies.length[row] = length;
            copies.tailroom[row] -= length;
            copies.port[row] = burst.port[i];
            if (ring.offer(HandoverRing.COPY, copies, row, PacketBurst.FINAL_HOP)) {
                return true;
            }
        }
        buffers.free(copies.handle[row]);
        return false;
    }

    /** Tells the others the MTU on the way to a tunnel's end, whose address is raw. */
    void tellPathMtu(long first, long second, boolean ipv6, int bytes) {
        for (int to = 0; to < workers; to++) {
            if (to != self && !rings[to].offerPathMtu(first, second, ipv6, bytes)) {
                counters.countHandoverMissed();
            }
        }
    }

    /** Lets the others see what was given; after each burst. */
    void publish() {
        for (int to = 0; to < workers; to++) {
            if (to != self) {
                rings[to].publish();
            }
        }
    }
}
