package io.jvs.packet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which worker a packet reaches, and which worker owns a local port. The same object serves all
 * workers; immutable, and nothing in here allocates.
 *
 * <p>Where the ports' hardware spreads flows by a {@link Toeplitz} hash and a redirection table
 * that are known, the receiver of a flow can be computed, and the owner of a local port towards a
 * real server's endpoint is the receiver of the packets that come back from there. Everything else
 * has an owner by arithmetic of the local port.
 */
public final class FlowSteering {
    /** Hashed with ports: TCP over IPv4; as the other HASHED constants a bit of a mask. */
    public static final int HASHED_TCP4 = 1;

    /** Hashed with ports: UDP over IPv4. */
    public static final int HASHED_UDP4 = 1 << 1;

    /** Hashed with ports: SCTP over IPv4. */
    public static final int HASHED_SCTP4 = 1 << 2;

    /** Hashed with ports: TCP over IPv6. */
    public static final int HASHED_TCP6 = 1 << 3;

    /** Hashed with ports: UDP over IPv6. */
    public static final int HASHED_UDP6 = 1 << 4;

    /** Hashed with ports: SCTP over IPv6. */
    public static final int HASHED_SCTP6 = 1 << 5;

    /** Hashed with ports: TCP and UDP over both, which most adapters do. */
    public static final int HASHED_TCP_UDP = HASHED_TCP4 | HASHED_UDP4 | HASHED_TCP6 | HASHED_UDP6;

    /** Entries of the table by which ports have owners without any hash. */
    public static final int PORT_ENTRIES = 128;

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int FAMILY_SHIFT = 3;
    private static final int MAX_ENTRIES = 1 << 16;

    private final int workers;
    private final @Nullable Toeplitz toeplitz;
    private final int[] queueOfEntry;
    private final int hashed;
    private final int[] ownerOfLowBits;

    private FlowSteering(int workers, @Nullable Toeplitz toeplitz, int[] queueOfEntry, int hashed) {
        this.workers = workers;
        this.toeplitz = toeplitz;
        this.queueOfEntry = queueOfEntry;
        this.hashed = hashed;
        this.ownerOfLowBits = owners();
    }

    /**
     * Local ports of one worker: those whose low bits are a value.
     *
     * @param value of the bits of {@code mask}
     * @param mask ones where a port is looked at; 0: all ports
     * @param worker whose they are
     */
    public record PortBlock(int value, int mask, int worker) {}

    /** Where no receiver can be computed: owners by arithmetic. One worker owns everything. */
    public static FlowSteering byPort(int workers) {
        return new FlowSteering(workers, null, new int[0], 0);
    }

    /**
     * Where the hardware's choice can be computed.
     *
     * @param workers number of workers; worker {@code n} polls queue {@code n}
     * @param toeplitz the hash, with the ports' key
     * @param queueOfEntry the ports' redirection table, its size a power of two
     * @param hashed HASHED bits: what is hashed with its ports
     * @throws IllegalArgumentException if the table is not usable: its size, a queue that is no
     *     worker's, or entries that no port reaches with this key
     */
    public static FlowSteering byRss(
            int workers, Toeplitz toeplitz, int[] queueOfEntry, int hashed) {
        int entries = queueOfEntry.length;
        if (entries == 0 || entries > MAX_ENTRIES || Integer.bitCount(entries) != 1) {
            throw new IllegalArgumentException(
                    "A redirection table of " + entries + " entries is not a power of two.");
        }
        for (int queue : queueOfEntry) {
            if (queue < 0 || queue >= workers) {
                throw new IllegalArgumentException(
                        "The redirection table names queue " + queue + " of " + workers + ".");
            }
        }
        if (!toeplitz.reachesAll(entries)) {
            throw new IllegalArgumentException(
                    "With this RSS key ports do not reach all entries of the redirection table.");
        }
        return new FlowSteering(workers, toeplitz, queueOfEntry.clone(), hashed);
    }

    /** Number of workers. */
    public int workers() {
        return workers;
    }

    /** Whether the receiver of any flow can be computed. */
    public boolean isComputable() {
        return toeplitz != null;
    }

    /** Whether the hardware hashes the ports of this family and protocol, so that it is known. */
    public boolean isHashed(boolean ipv6, int protocol) {
        int bit =
                protocol == TCP
                        ? HASHED_TCP4
                        : protocol == UDP ? HASHED_UDP4 : protocol == SCTP ? HASHED_SCTP4 : 0;
        return (hashed & (ipv6 ? bit << FAMILY_SHIFT : bit)) != 0;
    }

    /** Entries of the redirection table. */
    public int entries() {
        return queueOfEntry.length;
    }

    /** The worker of an entry of the redirection table. */
    public int workerOfEntry(int entry) {
        return queueOfEntry[entry];
    }

    /** The entry of an IPv4 flow; raw words as in {@link PacketBurst}. -1 when not computable. */
    public int entry4(long key0, int ports, int protocol) {
        Toeplitz hash = toeplitz;
        return hash != null && isHashed(false, protocol)
                ? hash.hash4(key0, ports) & queueOfEntry.length - 1
                : -1;
    }

    /** The entry of an IPv6 flow; raw words as in {@link PacketBurst}. -1 when not computable. */
    public int entry6(long key0, long key1, long key2, long key3, int ports, int protocol) {
        Toeplitz hash = toeplitz;
        return hash != null && isHashed(true, protocol)
                ? hash.hash6(key0, key1, key2, key3, ports) & queueOfEntry.length - 1
                : -1;
    }

    /** What a destination port, host order, adds (by exclusive or) to a flow's entry. */
    public int entryOfPort(boolean ipv6, int port) {
        Toeplitz hash = toeplitz;
        return hash == null ? 0 : hash.ofDestinationPort(ipv6, port) & queueOfEntry.length - 1;
    }

    /** The worker whose queue gets the packets of an IPv4 flow, or -1 when not computable. */
    public int receiver4(long key0, int ports, int protocol) {
        int entry = entry4(key0, ports, protocol);
        return entry < 0 ? -1 : queueOfEntry[entry];
    }

    /** The worker whose queue gets the packets of an IPv6 flow, or -1 when not computable. */
    public int receiver6(long key0, long key1, long key2, long key3, int ports, int protocol) {
        int entry = entry6(key0, key1, key2, key3, ports, protocol);
        return entry < 0 ? -1 : queueOfEntry[entry];
    }

    /** The worker whose queue gets the packets of a row's flow, or -1 when not computable. */
    public int receiver(PacketBurst b, int i) {
        int ports = b.ports[i];
        int protocol = b.protocol[i];
        return PacketBurst.isIpv6Flow(b.kind[i])
                ? receiver6(b.key0[i], b.key1[i], b.key2[i], b.key3[i], ports, protocol)
                : receiver4(b.key0[i], ports, protocol);
    }

    /** The worker of a local port by its low bits, host order. */
    public int portOwner(int port) {
        return ownerOfLowBits[port & PORT_ENTRIES - 1];
    }

    /**
     * The same as {@link #portOwner} in as few values with masks as there can be: one for each
     * worker when their number is a power of two, else 11 (of 3 workers) to 85 (of 43). Each port
     * is of one of them.
     */
    public List<PortBlock> portBlocks() {
        List<PortBlock> blocks = new ArrayList<>();
        for (int bits = PORT_ENTRIES, at = 0; bits > 0; bits >>= 1) {
            for (int worker = 0; worker < workers; worker++) {
                if ((share(workers, worker) & bits) != 0) {
                    blocks.add(new PortBlock(at, PORT_ENTRIES - bits, worker));
                    at += bits;
                }
            }
        }
        return List.copyOf(blocks);
    }

    /** How many of the values of a port's low bits are a worker's. */
    private static int share(int workers, int worker) {
        return PORT_ENTRIES / workers + (worker < PORT_ENTRIES % workers ? 1 : 0);
    }

    /** The largest blocks come first, so that each begins at a multiple of its size. */
    private int[] owners() {
        int[] owners = new int[PORT_ENTRIES];
        for (PortBlock block : portBlocks()) {
            int size = PORT_ENTRIES - block.mask();
            Arrays.fill(owners, block.value(), block.value() + size, block.worker());
        }
        return owners;
    }

    /**
     * Who should look at a row that found no connection here and goes to a local address: an answer
     * of a real server, or an ICMP error about a packet to one.
     *
     * @param self the worker that asks
     * @param hop how often the row was handed over already
     * @return a worker other than {@code self}, or -1: nobody else
     */
    public int owner(PacketBurst b, int i, int self, int hop) {
        if (workers == 1 || hop > 1) {
            return -1;
        }
        int receiver = hop == 0 ? receiver(b, i) : -1;
        if (receiver >= 0 && receiver != self) {
            return receiver;
        }
        int owner = portOwner(Short.toUnsignedInt(Short.reverseBytes((short) (b.ports[i] >>> 16))));
        return owner == self ? -1 : owner;
    }
}
