package io.jvs.link;

import io.jvs.packet.InterfaceTable;
import io.jvs.packet.PacketBuffers;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import java.util.Arrays;

/**
 * Neighbours (RFC 826, RFC 4861 section 7.3) as columns: who has which address on which interface.
 * One thread. A packet whose next hop has no MAC address yet is parked while it is asked for.
 *
 * <p>A MAC address is used for {@link #REACHABLE_TICKS} after it was confirmed; after that it is
 * confirmed again while it is used: asked for directly three times, then by broadcast three times,
 * then given up. Time is in ticks of 10 ms.
 *
 * <p>When the table is full, the first to go are those that were learned and never sent to, then
 * those that nothing was sent to for ten minutes; pinned ones stay. So nobody on a link can fill
 * the table with addresses that he made up.
 */
public final class NeighborTable implements AutoCloseable {
    /** Most neighbours. */
    public static final int CAPACITY = 1 << 16;

    static final int REACHABLE_TICKS = 3000;
    private static final int RETRY_TICKS = 100;
    private static final int UNUSED_TICKS = 60_000;
    private static final int TRIES = 3;

    private static final long MIX = 0x9E3779B97F4A7C15L;

    private static final byte INCOMPLETE = 1;
    private static final byte REACHABLE = 2;
    private static final byte PROBE = 3;
    private static final byte FAILED = 4;
    private static final byte PERMANENT = 5;
    private static final byte NEW = 6;

    private final InterfaceTable interfaces;
    private final PacketBuffers buffers;
    private final TransmitBatch batch;
    private final NeighborSolicitor solicitor;
    private final ParkingLot parking = new ParkingLot();
    private final PacketBurst leaving = new PacketBurst();

    private final byte[] state = new byte[CAPACITY];
    private final boolean[] ipv6 = new boolean[CAPACITY];
    private final boolean[] pinned = new boolean[CAPACITY];
    private final int[] interfaceNumber = new int[CAPACITY];
    private final long[] high = new long[CAPACITY];
    private final long[] low = new long[CAPACITY];
    private final long[] mac = new long[CAPACITY];
    private final int[] confirmedTicks = new int[CAPACITY];
    private final int[] usedTicks = new int[CAPACITY];
    private final int[] nextAskTicks = new int[CAPACITY];
    private final int[] tries = new int[CAPACITY];
    private final int[] parkedFirst = new int[CAPACITY];
    private final int[] parkedLast = new int[CAPACITY];
    private final int[] parkedCount = new int[CAPACITY];
    private final int[] chain = new int[CAPACITY];

    private final NeighborHeaders headers = new NeighborHeaders(CAPACITY);

    private final int[] heads = new int[CAPACITY];
    private final int[] active = new int[CAPACITY];
    private final boolean[] isActive = new boolean[CAPACITY];
    private int activeCount;
    private int size;
    private int sweep;
    private int lastTick;
    private long parkedSent;
    private long parkedDropped;

    /** An empty table. */
    public NeighborTable(InterfaceTable interfaces, PacketBuffers buffers, TransmitBatch batch) {
        this.interfaces = interfaces;
        this.buffers = buffers;
        this.batch = batch;
        this.solicitor = new NeighborSolicitor(interfaces, buffers, batch);
        Arrays.fill(heads, -1);
        Arrays.fill(parkedFirst, -1);
    }

    /** The neighbour with an IPv4 address (raw) on an interface, made if need be; -1 when full. */
    public int index4(int onInterface, int raw) {
        return index(onInterface, 0, Integer.toUnsignedLong(raw), false);
    }

    /** The neighbour with an IPv6 address (raw halves), made if need be; -1 when full. */
    public int index6(int onInterface, long rawHigh, long rawLow) {
        return index(onInterface, rawHigh, rawLow, true);
    }

    private int index(int onInterface, long keyHigh, long keyLow, boolean v6) {
        int place = place(onInterface, keyHigh, keyLow, v6);
        if (place >= 0) {
            // In use from now on: another row of this burst must not push it out.
            usedTicks[place] = lastTick;
        }
        return place;
    }

    private int place(int onInterface, long keyHigh, long keyLow, boolean v6) {
        int bucket = bucket(onInterface, keyHigh, keyLow);
        int found = find(bucket, onInterface, keyHigh, keyLow, v6);
        if (found >= 0) {
            return found;
        }
        int place = freePlace();
        if (place < 0) {
            return -1;
        }
        ipv6[place] = v6;
        pinned[place] = false;
        interfaceNumber[place] = onInterface;
        enter(place, NEW);
        high[place] = keyHigh;
        low[place] = keyLow;
        usedTicks[place] = lastTick - UNUSED_TICKS - 1;
        parkedFirst[place] = -1;
        parkedCount[place] = 0;
        chain[place] = heads[bucket];
        heads[bucket] = place;
        return place;
    }

    private static int bucket(int onInterface, long keyHigh, long keyLow) {
        long mixed = ((keyHigh * MIX ^ keyLow) * MIX ^ onInterface) * MIX;
        return (int) (mixed >>> 40) & CAPACITY - 1;
    }

    private int find(int bucket, int onInterface, long keyHigh, long keyLow, boolean v6) {
        int place = heads[bucket];
        while (place >= 0
                && !(low[place] == keyLow
                        && high[place] == keyHigh
                        && ipv6[place] == v6
                        && interfaceNumber[place] == onInterface)) {
            place = chain[place];
        }
        return place;
    }

    /** A place never used, or one that nobody has used for long; a bounded look. */
    private int freePlace() {
        if (size < CAPACITY) {
            return size++;
        }
        for (int i = 0; i < 64; i++) {
            sweep = sweep + 1 & CAPACITY - 1;
            boolean idle = lastTick - usedTicks[sweep] > UNUSED_TICKS;
            if (idle && !pinned[sweep] && !isActive[sweep] && parkedCount[sweep] == 0) {
                unlink(sweep);
                return sweep;
            }
        }
        return -1;
    }

    private void unlink(int place) {
        int bucket = bucket(interfaceNumber[place], high[place], low[place]);
        if (heads[bucket] == place) {
            heads[bucket] = chain[place];
            return;
        }
        int before = heads[bucket];
        while (chain[before] != place) {
            before = chain[before];
        }
        chain[before] = chain[place];
    }

    /** Keeps a neighbour for good: somebody remembers its index. */
    public void pin(int index) {
        pinned[index] = true;
    }

    /** A configured neighbour: never asked for. */
    public void setPermanent(int index, long macBits) {
        mac[index] = macBits;
        enter(index, PERMANENT);
        pinned[index] = true;
    }

    /** Whether the MAC address is known. */
    public boolean isResolved(int index) {
        byte now = state[index];
        return now == REACHABLE || now == PROBE || now == PERMANENT;
    }

    private void enter(int place, byte next) {
        state[place] = next;
        if (isResolved(place)) {
            headers.write(place, interfaces, interfaceNumber[place], mac[place]);
        } else {
            headers.clear(place);
        }
    }

    /** What is stored in front of frames to neighbours. */
    public NeighborHeaders headers() {
        return headers;
    }

    /**
     * Notes that something is sent to a neighbour now, without {@link #resolve}.
     *
     * @return false, and nothing is noted, when the neighbour has no MAC address now or its
     *     interface a VLAN
     */
    public boolean use(int index, int nowTicks) {
        if (!headers.note(index, nowTicks)) {
            return false;
        }
        usedTicks[index] = nowTicks;
        confirm(index, nowTicks);
        return true;
    }

    /** Its MAC address, 48 bits; only where it is resolved. */
    public long mac(int index) {
        return mac[index];
    }

    /** Received packets that were parked and sent since, ever. */
    public long parkedSent() {
        return parkedSent;
    }

    /** Received packets that were parked and given up, ever. */
    public long parkedDropped() {
        return parkedDropped;
    }

    /** Packets that are parked now. */
    public int parkedNow() {
        return parking.used();
    }

    /** ARP requests and neighbour solicitations sent, ever. */
    public long solicitations() {
        return solicitor.sent();
    }

    /** Learns from who asked for an IPv4 address of ours (raw) what its MAC address is. */
    void learnAsker4(int onInterface, int raw, long macBits, int nowTicks) {
        learn(place(onInterface, 0, Integer.toUnsignedLong(raw), false), macBits, nowTicks);
    }

    /** Learns from who asked for an IPv6 address of ours (raw halves) what its MAC address is. */
    void learnAsker6(int onInterface, long rawHigh, long rawLow, long macBits, int nowTicks) {
        learn(place(onInterface, rawHigh, rawLow, true), macBits, nowTicks);
    }

    /** Learns from an ARP or ND packet; -1 is nobody. */
    void learn(int index, long macBits, int nowTicks) {
        if (index >= 0) {
            learned(index, macBits, nowTicks);
        }
    }

    private void learned(int index, long macBits, int nowTicks) {
        if (state[index] == PERMANENT) {
            return;
        }
        mac[index] = macBits;
        enter(index, REACHABLE);
        confirmedTicks[index] = nowTicks;
        if (parkedCount[index] > 0) {
            release(index);
        }
    }

    /** The neighbour that has this IPv4 address (raw), or -1 when we never heard of it. */
    int known4(int onInterface, int raw) {
        long key = Integer.toUnsignedLong(raw);
        return find(bucket(onInterface, 0, key), onInterface, 0, key, false);
    }

    /** The neighbour that has this IPv6 address (raw), or -1 when we never heard of it. */
    int known6(int onInterface, long rawHigh, long rawLow) {
        return find(bucket(onInterface, rawHigh, rawLow), onInterface, rawHigh, rawLow, true);
    }

    /**
     * Stage 8: rows that are to be sent get their link header and go to the batch, or wait.
     *
     * @param nowTicks the worker's clock
     */
    public void resolve(PacketBurst burst, int nowTicks) {
        int count = burst.count;
        for (int i = 0; i < count; i++) {
            int verdict = burst.verdict[i];
            if (verdict == Verdict.FORWARDED || verdict == Verdict.REPLIED) {
                send(burst, i, nowTicks);
            }
        }
    }

    private void send(PacketBurst burst, int i, int nowTicks) {
        int hop = burst.nextHop[i];
        if (hop == PacketBurst.NEXT_HOP_DONE) {
            transmit(burst, i, burst.port[i]);
        } else if (hop < 0) {
            burst.verdict[i] = Verdict.DROP_NO_ROUTE;
        } else if (isResolved(hop)) {
            usedTicks[hop] = nowTicks;
            confirm(hop, nowTicks);
            transmitTo(burst, i, hop);
        } else {
            park(burst, i, hop, nowTicks);
        }
    }

    private void transmitTo(PacketBurst burst, int i, int hop) {
        int out = interfaceNumber[hop];
        if (LinkHeader.write(burst, i, interfaces, out, mac[hop])) {
            transmit(burst, i, interfaces.port(out));
        } else {
            burst.verdict[i] = Verdict.DROP_NO_HEADROOM;
        }
    }

    private void transmit(PacketBurst burst, int i, int port) {
        if (!batch.add(port, burst.handle[i], burst.data[i], burst.length[i])) {
            burst.verdict[i] = Verdict.DROP_TRANSMIT_FULL;
        }
    }

    /** A MAC address in use that was not confirmed for a while is asked for again. */
    private void confirm(int hop, int nowTicks) {
        if (state[hop] == REACHABLE && nowTicks - confirmedTicks[hop] > REACHABLE_TICKS) {
            enter(hop, PROBE);
            startAsking(hop, nowTicks);
        }
    }

    private void park(PacketBurst burst, int i, int hop, int nowTicks) {
        if (state[hop] == NEW || state[hop] == FAILED && nowTicks - nextAskTicks[hop] >= 0) {
            enter(hop, INCOMPLETE);
            startAsking(hop, nowTicks);
        }
        if (state[hop] == FAILED) {
            burst.verdict[i] = Verdict.DROP_NEIGHBOR_UNREACHABLE;
            return;
        }
        int place = parkedCount[hop] < ParkingLot.PER_NEIGHBOR ? parking.park(burst, i) : -1;
        if (place < 0) {
            burst.verdict[i] = Verdict.DROP_PARKING_FULL;
            return;
        }
        burst.verdict[i] = Verdict.PARKED;
        usedTicks[hop] = nowTicks;
        if (parkedCount[hop]++ == 0) {
            parkedFirst[hop] = place;
        } else {
            parking.setNext(parkedLast[hop], place);
        }
        parkedLast[hop] = place;
    }

    private void startAsking(int hop, int nowTicks) {
        tries[hop] = 0;
        nextAskTicks[hop] = nowTicks;
        if (!isActive[hop]) {
            isActive[hop] = true;
            active[activeCount++] = hop;
        }
        ask(hop, nowTicks);
    }

    private void ask(int hop, int nowTicks) {
        boolean direct = state[hop] == PROBE && tries[hop] < TRIES;
        long to = direct ? mac[hop] : NeighborSolicitor.BROADCAST;
        if (ipv6[hop]) {
            solicitor.solicit(interfaceNumber[hop], high[hop], low[hop], to);
        } else {
            solicitor.arp(interfaceNumber[hop], (int) low[hop], to);
        }
        tries[hop]++;
        nextAskTicks[hop] = nowTicks + RETRY_TICKS;
    }

    /** Lets time pass: asks again, gives up. */
    public void tick(int nowTicks) {
        if (nowTicks == lastTick) {
            return;
        }
        lastTick = nowTicks;
        for (int k = activeCount - 1; k >= 0; k--) {
            int hop = active[k];
            if (state[hop] != INCOMPLETE && state[hop] != PROBE) {
                if (parkedCount[hop] > 0) {
                    release(hop);
                }
                deactivate(k);
            } else if (nowTicks - nextAskTicks[hop] >= 0) {
                askAgain(hop, k, nowTicks);
            }
        }
    }

    private void askAgain(int hop, int k, int nowTicks) {
        int most = state[hop] == PROBE ? 2 * TRIES : TRIES;
        if (tries[hop] < most) {
            ask(hop, nowTicks);
            return;
        }
        enter(hop, FAILED);
        nextAskTicks[hop] = nowTicks + RETRY_TICKS;
        giveUp(hop);
        deactivate(k);
    }

    private void deactivate(int k) {
        int hop = active[k];
        if (parkedCount[hop] > 0) {
            return;
        }
        isActive[hop] = false;
        active[k] = active[--activeCount];
    }

    /** Sends what waits for a neighbour, as far as there is room in the batch. */
    private void release(int hop) {
        int port = interfaces.port(interfaceNumber[hop]);
        while (parkedCount[hop] > 0 && batch.room(port) > 0) {
            int row = takeParked(hop);
            leaving.verdict[row] = Verdict.FORWARDED;
            transmitTo(leaving, row, hop);
            if (leaving.verdict[row] == Verdict.FORWARDED) {
                parkedSent += row < leaving.firstMade ? 1 : 0;
            } else {
                parkedDropped += row < leaving.firstMade ? 1 : 0;
                buffers.free(leaving.handle[row]);
            }
        }
        if (parkedCount[hop] > 0 && !isActive[hop]) {
            isActive[hop] = true;
            active[activeCount++] = hop;
        }
    }

    private void giveUp(int hop) {
        while (parkedCount[hop] > 0) {
            int row = takeParked(hop);
            buffers.free(leaving.handle[row]);
            parkedDropped += row < leaving.firstMade ? 1 : 0;
        }
    }

    private int takeParked(int hop) {
        leaving.clear();
        int place = parkedFirst[hop];
        parkedFirst[hop] = parking.next(place);
        parkedCount[hop]--;
        return parking.leave(place, leaving);
    }

    /** Gives its memory back. */
    @Override
    public void close() {
        headers.close();
    }
}
