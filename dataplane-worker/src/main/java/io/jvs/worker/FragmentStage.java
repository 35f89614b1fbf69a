package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.FragmentParking;
import io.jvs.connection.FragmentTable;
import io.jvs.link.LocalResponder;
import io.jvs.memory.Memory;
import io.jvs.packet.FragmentWord;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Lets the fragments of a datagram go where its first one goes, since only that has ports
 * (docs/design/006-fragments.md). Before anything else, each fragment is noted at its datagram and
 * refused when it overlaps another; after admission, the first one has decided, and the others
 * follow, or wait for it. Owned by one worker's thread.
 */
final class FragmentStage implements AutoCloseable {
    /** Identifications are counted by this many counters, so that one flow uses them up slower. */
    private static final int ID_COUNTERS = 1024;

    private final LocalResponder responder;
    private final WorkerCounters counters;
    private final @Nullable Handover handover;
    private final int idStep;
    private final FragmentTable table;
    private final FragmentParking parking;
    private final int[] entryOf = new int[PacketBurst.CAPACITY];
    private final int[] nextId = new int[ID_COUNTERS];

    /**
     * A stage without datagrams.
     *
     * @param state what has been made of its worker so far
     * @param seed secret and random
     */
    FragmentStage(WorkerState state, long seed) {
        this.responder = state.responder;
        this.counters = state.counters;
        this.handover = state.handover;
        this.idStep = state.group.workers();
        this.table = new FragmentTable(seed);
        this.parking = new FragmentParking(state.buffers);
        for (int i = 0; i < ID_COUNTERS; i++) {
            int first = (int) ((seed + i) * 0x9E37_79B9_7F4A_7C15L >>> 32);
            nextId[i] = first - Integer.remainderUnsigned(first, idStep) + state.worker;
        }
    }

    /** Stage 2b: notes fragments at their datagrams. */
    void track(PacketBurst burst, int nowTicks) {
        if (burst.fragments == 0) {
            return;
        }
        table.beginBurst();
        for (int i = 0; i < burst.count; i++) {
            entryOf[i] = -1;
            if (burst.fragment[i] != 0 && burst.verdict[i] == Verdict.NONE && !isGroup(burst, i)) {
                trackRow(burst, i, nowTicks);
            }
        }
    }

    /** What goes to many is nobody's connection: the host takes it or nobody. */
    private static boolean isGroup(PacketBurst burst, int i) {
        long header = burst.data[i] + burst.layer3[i];
        return Ipv4Header.version(header) == 6
                ? Ipv6Header.isMulticast(Ipv6Header.destinationHigh(header))
                : (Ipv4Header.destination(header) & 0xFF) >= 0xE0;
    }

    private void trackRow(PacketBurst burst, int i, int nowTicks) {
        int entry = table.find(burst, i);
        if (entry < 0) {
            entry = create(burst, i, nowTicks);
        }
        if (entry < 0) {
            burst.verdict[i] = Verdict.DROP_FRAGMENT_LIMIT;
            return;
        }
        byte verdict = table.mark(entry, burst.fragment[i], burst.fragmentBytes[i]);
        if (verdict != Verdict.NONE) {
            burst.verdict[i] = verdict;
            giveUpWaiting(entry);
            return;
        }
        entryOf[i] = entry;
        if (FragmentWord.isLater(burst.fragment[i])) {
            burst.kind[i] = PacketBurst.KIND_FRAGMENT;
        }
    }

    private int create(PacketBurst burst, int i, int nowTicks) {
        int entry = table.create(burst, i, nowTicks);
        int oldest = entry < 0 ? table.oldest() : -1;
        if (oldest < 0) {
            return entry;
        }
        end(oldest, Verdict.DROP_FRAGMENT_LIMIT);
        return table.create(burst, i, nowTicks);
    }

    /** What waits for a first fragment of a datagram that has been refused does so in vain. */
    private void giveUpWaiting(int entry) {
        byte fate = table.fate(entry);
        if (Verdict.isDrop(fate)) {
            dropWaiting(entry, fate);
        }
    }

    private void dropWaiting(int entry, byte verdict) {
        if (parking.has(entry)) {
            counters.countVerdict(verdict, parking.drop(entry, table.source(entry)));
        }
    }

    private void end(int entry, byte verdict) {
        dropWaiting(entry, verdict);
        table.remove(entry);
    }

    /** Stage 6b: first fragments have their fate, the others follow them or wait. */
    void follow(PacketBurst burst) {
        if (burst.fragments == 0) {
            return;
        }
        for (int i = 0; i < burst.count; i++) {
            if (entryOf[i] >= 0 && !FragmentWord.isLater(burst.fragment[i])) {
                decide(entryOf[i], burst, i);
            }
        }
        for (int i = 0; i < burst.count; i++) {
            if (entryOf[i] >= 0 && burst.verdict[i] == Verdict.NONE) {
                followRow(entryOf[i], burst, i);
            }
        }
        for (int i = 0; i < burst.count; i++) {
            if (entryOf[i] >= 0) {
                endComplete(entryOf[i]);
            }
        }
    }

    /** The first fragment's row decides, unless the datagram has been refused already. */
    private void decide(int entry, PacketBurst burst, int i) {
        byte fate = table.fate(entry);
        if (Verdict.isDrop(fate)) {
            burst.verdict[i] = fate;
            return;
        }
        int verdict = burst.verdict[i];
        if (verdict == Verdict.NONE && burst.connection[i] != 0) {
            decideConnection(entry, burst, i);
        } else if (verdict == Verdict.HANDED_OVER) {
            table.handOver(entry, burst.connectionId[i]);
        } else if (verdict == Verdict.EXCEPTION || Verdict.isDrop(verdict)) {
            table.setFate(entry, burst.verdict[i]);
        } else if (verdict == Verdict.REPLIED && isIcmp(burst.protocol[i])) {
            table.setFate(entry, Verdict.REPLIED);
        } else {
            table.setFate(entry, Verdict.DROP_FRAGMENT_REFUSED);
        }
        giveUpWaiting(entry);
        parking.release(entry);
    }

    private static boolean isIcmp(int protocol) {
        return protocol == Ipv4Header.PROTOCOL_ICMP || protocol == Ipv6Header.NEXT_ICMP;
    }

    private void decideConnection(int entry, PacketBurst burst, int i) {
        if (burst.protocol[i] == Ipv4Header.PROTOCOL_SCTP && changesPorts(burst, i)) {
            // The checksum covers the whole packet, which is never here at once.
            burst.verdict[i] = Verdict.DROP_FRAGMENT;
            table.setFate(entry, Verdict.DROP_FRAGMENT);
        } else {
            table.follow(entry, burst, i, freshId(burst, i));
        }
    }

    private static boolean isTranslated(int method) {
        return method == ConnectionLayout.METHOD_NAT || method == ConnectionLayout.METHOD_FULLNAT;
    }

    private static boolean changesPorts(PacketBurst burst, int i) {
        long record = burst.connection[i];
        return isTranslated(ConnectionLayout.method(record))
                && Integer.rotateLeft(ConnectionLayout.outPorts(record), 16)
                        != ConnectionLayout.inPorts(record);
    }

    /**
     * Where several senders get one source address, their identifications may be the same: the
     * receiver would mix their fragments. Those get identifications from here; -1 for others.
     */
    private int freshId(PacketBurst burst, int i) {
        long record = burst.connection[i];
        int method = ConnectionLayout.method(record);
        boolean fromServer = burst.direction[i] == PacketBurst.FROM_SERVER;
        if (method != ConnectionLayout.METHOD_FULLNAT
                && !(method == ConnectionLayout.METHOD_NAT && fromServer)) {
            return -1;
        }
        int receiver =
                fromServer
                        ? Memory.getInt(record + ConnectionLayout.CLIENT)
                        : ConnectionLayout.serverIndex(record);
        int counter = receiver * 0x9E37_79B9 >>> 22 & ID_COUNTERS - 1;
        int id = nextId[counter];
        nextId[counter] = id + idStep;
        return id & 0x7FFF_FFFF;
    }

    private void followRow(int entry, PacketBurst burst, int i) {
        byte fate = table.fate(entry);
        if (fate == Verdict.NONE) {
            park(entry, burst, i);
        } else if (fate == Verdict.FORWARDED) {
            toConnection(entry, burst, i);
        } else if (fate == Verdict.REPLIED) {
            responder.turnRound(burst, i);
        } else if (fate == Verdict.HANDED_OVER && handover != null) {
            handover.give(burst, i, table.owner(entry));
        } else {
            burst.verdict[i] = fate;
        }
    }

    private void park(int entry, PacketBurst burst, int i) {
        int source = table.source(entry);
        if (parking.isFull(source)) {
            burst.verdict[i] = Verdict.DROP_FRAGMENT_LIMIT;
            return;
        }
        if (parking.isFull()) {
            int longest = parking.longestWaiting();
            dropWaiting(longest, Verdict.DROP_FRAGMENT_LIMIT);
            table.setFate(longest, Verdict.DROP_FRAGMENT_LIMIT);
            if (longest == entry) {
                burst.verdict[i] = Verdict.DROP_FRAGMENT_LIMIT;
                return;
            }
        }
        parking.park(entry, source, burst, i);
        burst.verdict[i] = Verdict.PARKED;
    }

    private void toConnection(int entry, PacketBurst burst, int i) {
        boolean ipv6 = table.isIpv6(entry);
        if (FragmentWord.isLater(burst.fragment[i])) {
            burst.kind[i] = ipv6 ? PacketBurst.KIND_IPV6 : PacketBurst.KIND_IPV4;
            burst.protocol[i] = Ipv6Header.NEXT_FRAGMENT;
            burst.connection[i] = table.record(entry);
            burst.connectionId[i] = 0;
            burst.direction[i] = table.direction(entry);
            burst.hash[i] = table.flowHash(entry);
        }
        int id = table.outId(entry);
        if (id >= 0) {
            identify(burst, i, ipv6, id);
        }
    }

    private static void identify(PacketBurst burst, int i, boolean ipv6, int id) {
        if (ipv6) {
            int header = burst.end[i] - burst.fragmentBytes[i] - FragmentWord.IPV6_HEADER_BYTES;
            Memory.putIntBe(burst.data[i] + header + 4, id);
            return;
        }
        long header = burst.data[i] + burst.layer3[i];
        int before = Memory.getUnsignedShort(header + Ipv4Header.ID);
        Memory.putShortBe(header + Ipv4Header.ID, id);
        int after = Memory.getUnsignedShort(header + Ipv4Header.ID);
        int checksum = Memory.getUnsignedShort(header + Ipv4Header.CHECKSUM);
        Memory.putShort(
                header + Ipv4Header.CHECKSUM, InternetChecksum.update16(checksum, before, after));
    }

    /** All bytes came and none waits: nothing else of this datagram is expected. */
    private void endComplete(int entry) {
        if (table.isComplete(entry) && table.fate(entry) != Verdict.NONE && !parking.has(entry)) {
            table.remove(entry);
        }
    }

    /**
     * Fills a burst with fragments that had waited and may go on now.
     *
     * @return how many, at most {@link PacketBurst#RECEIVE_MAX}; 0 when there are none
     */
    int takeReleased(PacketBurst burst) {
        burst.clear();
        int entry = parking.ready();
        while (entry >= 0 && burst.count < PacketBurst.RECEIVE_MAX) {
            int row = parking.take(entry, table.source(entry), burst);
            followRow(entry, burst, row);
            if (!parking.has(entry)) {
                endComplete(entry);
                entry = parking.ready();
            }
        }
        return burst.count;
    }

    /**
     * Lets time pass: gives up datagrams whose time is up, at most {@code max} at once.
     *
     * @return whether there is none left
     */
    boolean expire(int nowTicks, int max) {
        for (int ended = 0; ended < max; ended++) {
            int entry = table.expired(nowTicks);
            if (entry < 0) {
                return true;
            }
            end(entry, Verdict.DROP_FRAGMENT_TIMEOUT);
        }
        return false;
    }

    /** Datagrams that are on their way. */
    int datagrams() {
        return table.size();
    }

    /** Fragments that wait for their first one. */
    int parked() {
        return parking.used();
    }

    @Override
    public void close() {
        table.close();
    }
}
