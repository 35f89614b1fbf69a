package io.jvs.worker;

import io.jvs.connection.ConnectionProbe;
import io.jvs.connection.FlowHash;
import io.jvs.connection.FlowKey;
import io.jvs.link.OwnAddresses;
import io.jvs.packet.FlowSteering;
import io.jvs.packet.FragmentWord;
import io.jvs.packet.Ipv4Header;
import io.jvs.packet.Ipv6Header;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.SctpHeader;
import io.jvs.packet.TcpHeader;
import io.jvs.packet.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Stage 4b, with several workers only: a packet that found no connection here may be of one that
 * another worker owns, and is handed over to it (docs/design/008-workers.md). The owner is found by
 * the cheapest means: by the local port for what comes to a local address, by a hash for services
 * whose connections must meet, and by looking into the others' tables for the rest. One thread.
 */
final class OwnerStage {
    private static final int UNKNOWN = -1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int HOPS = 3;
    private static final int DESTINATION_PORT = 0xFFFF_0000;

    private final int self;
    private final int workers;
    private final boolean steady;
    private final FlowSteering steering;
    private final WorkerCounters counters;
    private final Handover handover;
    private final WorkerServices services;
    private final OwnAddresses addresses;
    private final @Nullable ConnectionProbe[] probes;
    private final FlowHash hash;
    private final FlowHash tableHash;
    private final FlowKey key = new FlowKey();
    private final int[] rows = new int[PacketBurst.CAPACITY];

    @SuppressWarnings("unused") // written so that the loads of the touching loop are not removed
    private long touched;

    /**
     * The stage of a worker.
     *
     * @param state what has been made of it so far
     */
    OwnerStage(WorkerState state, Handover handover) {
        WorkerGroup group = state.group;
        this.self = state.worker;
        this.workers = group.workers();
        this.steady = group.isSteady();
        this.steering = state.steering;
        this.counters = state.counters;
        this.handover = handover;
        this.services = state.services;
        this.addresses = state.addresses;
        this.probes = group.probes();
        this.hash = new FlowHash(~group.hashSeed());
        this.tableHash = new FlowHash(group.hashSeed());
    }

    /**
     * Stage 2a: fragments go to the worker where their datagram is collected, since only the first
     * one says whose they are.
     */
    void collect(PacketBurst burst) {
        if (burst.fragments == 0) {
            return;
        }
        for (int i = 0; i < burst.count; i++) {
            if (burst.fragment[i] != 0
                    && burst.verdict[i] == Verdict.NONE
                    && (burst.hop[i] & PacketBurst.COLLECTED) == 0) {
                int owner = collector(burst, i);
                if (owner != self) {
                    handover.give(burst, i, Handover.to(owner, PacketBurst.COLLECTED));
                }
            }
        }
    }

    private int collector(PacketBurst burst, int i) {
        long header = burst.data[i] + burst.layer3[i];
        int id = burst.fragmentId[i];
        if (Ipv4Header.version(header) != 6) {
            return share(hash.hash4(burst.key0[i], id, burst.protocol[i]));
        }
        return share(
                hash.hash6(
                        Ipv6Header.sourceHigh(header),
                        Ipv6Header.sourceLow(header),
                        Ipv6Header.destinationHigh(header),
                        Ipv6Header.destinationLow(header),
                        id,
                        FragmentWord.MAX_BYTES));
    }

    /** A worker for a hash, all alike. */
    private int share(long code) {
        return (int) ((code >>> 33) * workers >>> 31);
    }

    /** Hands rows without a connection over to the worker that has, or is to have, it. */
    void steer(PacketBurst burst) {
        int count = 0;
        for (int i = 0; i < burst.count; i++) {
            if (isLost(burst, i)) {
                int owner = byRule(burst, i);
                if (owner == UNKNOWN) {
                    rows[count++] = i;
                } else if (owner != self) {
                    give(burst, i, owner, (burst.hop[i] & HOPS) + 1);
                }
            }
        }
        if (count > 0) {
            touch(burst, count);
            for (int j = 0; j < count; j++) {
                search(burst, rows[j]);
            }
        }
    }

    private static boolean isLost(PacketBurst burst, int i) {
        int kind = burst.kind[i];
        return burst.verdict[i] == Verdict.NONE
                && burst.connection[i] == 0
                && kind >= PacketBurst.KIND_IPV4
                && kind <= PacketBurst.KIND_ICMP6_ERROR
                && (burst.hop[i] & HOPS) < PacketBurst.FINAL_HOP;
    }

    /** The owner where a rule says it; else UNKNOWN, and it must be searched for. */
    private int byRule(PacketBurst burst, int i) {
        boolean ipv6 = PacketBurst.isIpv6Flow(burst.kind[i]);
        int flags =
                ipv6
                        ? addresses.flags6(burst.key2[i], burst.key3[i])
                        : addresses.flags4((int) (burst.key0[i] >>> 32));
        if ((flags & (OwnAddresses.LOCAL | OwnAddresses.VIRTUAL)) == OwnAddresses.LOCAL) {
            // Where the rule is wrong, or says nobody else, it is searched for.
            return (burst.hop[i] & HOPS) == 0 ? ofLocalPort(burst, i) : UNKNOWN;
        }
        boolean first = begins(burst, i);
        if (!first && !mayBeOnePacket(burst, i)) {
            return UNKNOWN;
        }
        ServiceState service = services.find(burst, i);
        if (service == null) {
            return UNKNOWN;
        }
        boolean alone =
                first ? steady || service.pin != ServiceState.PIN_NONE : isOnePacket(service);
        return alone ? newOwner(burst, i, service) : UNKNOWN;
    }

    /** The owner of a local port; that it is another's is what steering is there to prevent. */
    private int ofLocalPort(PacketBurst burst, int i) {
        int owner = steering.owner(burst, i, self, 0);
        if (owner != UNKNOWN) {
            counters.countMisdirected();
        }
        return owner;
    }

    /** Whether it opens a connection that nobody can have yet. */
    private static boolean begins(PacketBurst burst, int i) {
        if (PacketBurst.isError(burst.kind[i])) {
            return false;
        }
        int protocol = burst.protocol[i];
        return protocol == TCP
                        && (burst.tcpFlags[i] & (TcpHeader.SYN | TcpHeader.ACK)) == TcpHeader.SYN
                || protocol == SCTP && burst.sctpChunk[i] == SctpHeader.INIT;
    }

    private static boolean mayBeOnePacket(PacketBurst burst, int i) {
        return burst.protocol[i] == UDP && !PacketBurst.isError(burst.kind[i]);
    }

    private static boolean isOnePacket(ServiceState service) {
        return service.spec.onePacket();
    }

    private int newOwner(PacketBurst burst, int i, ServiceState service) {
        if (service.pin == ServiceState.PIN_NONE) {
            return self;
        }
        boolean ipv6 = PacketBurst.isIpv6Flow(burst.kind[i]);
        if (service.pin == ServiceState.PIN_VIRTUAL) {
            long high = ipv6 ? burst.key2[i] : 0;
            long low = ipv6 ? burst.key3[i] : burst.key0[i] >>> 32;
            return share(hash.hash6(high, low, 0, 0, service.index, 0));
        }
        boolean masked = service.persistenceTicks != 0;
        long maskHigh = masked ? service.maskHigh : -1L;
        long maskLow = masked ? service.maskLow : -1L;
        long high = ipv6 ? burst.key0[i] & maskHigh : 0;
        long low = ipv6 ? burst.key1[i] & maskLow : burst.key0[i] & maskLow & 0xFFFF_FFFFL;
        return share(hash.hash6(high, low, 0, 0, service.index, 0));
    }

    /** Loads a word of all buckets that will be looked into, so that cache misses overlap. */
    private void touch(PacketBurst burst, int count) {
        long sum = 0;
        for (int j = 0; j < count; j++) {
            long code = burst.hash[rows[j]];
            for (int worker = 0; worker < workers; worker++) {
                ConnectionProbe probe = probes[worker];
                if (worker != self && probe != null) {
                    sum += probe.touch(code);
                }
            }
        }
        touched = sum;
    }

    private void search(PacketBurst burst, int i) {
        ConnectionProbe.fill(key, burst, i);
        int owner = find(key, burst.hash[i]);
        if (owner == UNKNOWN && !PacketBurst.isError(burst.kind[i])) {
            ServiceState service = services.find(burst, i);
            owner = service == null ? findExpected(burst, i) : newOwner(burst, i, service);
        }
        if (owner != UNKNOWN && owner != self) {
            give(burst, i, owner, PacketBurst.FINAL_HOP);
        }
    }

    /** The other worker that expects this data connection, whose source port it does not know. */
    private int findExpected(PacketBurst burst, int i) {
        if (burst.protocol[i] != TCP || !begins(burst, i)) {
            return UNKNOWN;
        }
        key.ports &= DESTINATION_PORT;
        return find(key, key.hash(tableHash));
    }

    /** Hands a row over; a fragment that comes this far has been collected here. */
    private void give(PacketBurst burst, int i, int owner, int hops) {
        int flag = burst.fragment[i] == 0 ? 0 : PacketBurst.COLLECTED;
        handover.give(burst, i, Handover.to(owner, flag | hops));
    }

    /**
     * The other worker that has a flow, or one that could not be asked just now, or -1.
     *
     * @param code the flow's hash
     */
    int find(FlowKey flow, long code) {
        int unsure = UNKNOWN;
        for (int worker = 0; worker < workers; worker++) {
            ConnectionProbe probe = probes[worker];
            if (worker == self || probe == null) {
                continue;
            }
            int answer = probe.look(flow, code);
            if (answer == ConnectionProbe.FOUND) {
                return worker;
            }
            unsure = answer == ConnectionProbe.UNSURE ? worker : unsure;
        }
        return unsure;
    }
}
