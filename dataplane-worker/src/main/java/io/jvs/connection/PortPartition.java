package io.jvs.connection;

import io.jvs.packet.FlowSteering;
import java.util.Arrays;

/**
 * Which of the 65536 ports of a pair are one worker's, and their numbers there: 0, 1, 2, ...
 * without gaps. Immutable.
 *
 * <p>A flow's entry in the redirection table is that of the flow with port 0, exclusive or what the
 * port contributes, since the hash is linear. So the ports of an entry differ from pair to pair
 * only by that first entry, the pair's <i>base</i>. Ports are put in order by an invertible linear
 * map whose upper bits are the contribution and whose lower bits are port bits that the
 * contribution does not already decide: both directions are two look-ups.
 */
final class PortPartition {
    private static final int PORT_BITS = 16;

    private final int restBits;
    private final char[] positionOfHigh = new char[256];
    private final char[] positionOfLow = new char[256];
    private final char[] portOfHigh = new char[256];
    private final char[] portOfLow = new char[256];
    private final int[] slotOfEntry;
    private final int[] entryOfSlot;

    /**
     * The ports of the entries that are {@code worker}'s.
     *
     * @param contribution for each of the 16 bits of a port what it adds to the entry; together
     *     they reach all entries
     * @param workerOfEntry the table, its size a power of two
     */
    private PortPartition(int[] contribution, int[] workerOfEntry, int worker) {
        int entries = workerOfEntry.length;
        restBits = PORT_BITS - Integer.numberOfTrailingZeros(entries);
        slotOfEntry = new int[entries];
        int[] own = new int[entries];
        int slots = 0;
        for (int entry = 0; entry < entries; entry++) {
            slotOfEntry[entry] = workerOfEntry[entry] == worker ? slots : -1;
            if (workerOfEntry[entry] == worker) {
                own[slots++] = entry;
            }
        }
        entryOfSlot = Arrays.copyOf(own, slots);
        fillMaps(positions(contribution));
    }

    /** Ports by arithmetic, for what no hardware steers; all of them when there is one worker. */
    static PortPartition byPort(FlowSteering steering, int worker) {
        int entries = steering.workers() == 1 ? 1 : FlowSteering.PORT_ENTRIES;
        int[] contribution = new int[PORT_BITS];
        for (int bit = 0; bit < PORT_BITS; bit++) {
            contribution[bit] = 1 << bit & entries - 1;
        }
        int[] workers = new int[entries];
        Arrays.setAll(workers, steering::portOwner);
        return new PortPartition(contribution, workers, worker);
    }

    /** Ports by the hardware's hash. */
    static PortPartition byRss(FlowSteering steering, boolean ipv6, int worker) {
        int[] contribution = new int[PORT_BITS];
        Arrays.setAll(contribution, bit -> steering.entryOfPort(ipv6, 1 << bit));
        int[] workers = new int[steering.entries()];
        Arrays.setAll(workers, steering::workerOfEntry);
        return new PortPartition(contribution, workers, worker);
    }

    /** For each bit of a port its place: contribution above, bits that it does not decide below. */
    private int[] positions(int[] contribution) {
        int[] basis = new int[PORT_BITS];
        int[] positions = new int[PORT_BITS];
        int rest = 0;
        for (int bit = 0; bit < PORT_BITS; bit++) {
            positions[bit] = contribution[bit] << restBits;
            int vector = contribution[bit];
            while (vector != 0 && basis[lead(vector)] != 0) {
                vector ^= basis[lead(vector)];
            }
            if (vector == 0) {
                positions[bit] |= 1 << rest++;
            } else {
                basis[lead(vector)] = vector;
            }
        }
        if (rest != restBits) {
            throw new IllegalArgumentException("Ports do not reach all entries of the table.");
        }
        return positions;
    }

    private static int lead(int vector) {
        return 31 - Integer.numberOfLeadingZeros(vector);
    }

    private void fillMaps(int[] positions) {
        char[] portOf = new char[1 << PORT_BITS];
        for (int port = 0; port < 1 << PORT_BITS; port++) {
            int position = 0;
            for (int bit = 0; bit < PORT_BITS; bit++) {
                position ^= (port >>> bit & 1) * positions[bit];
            }
            portOf[position] = (char) port;
            if (port < 256) {
                positionOfLow[port] = (char) position;
            }
            if ((port & 0xFF) == 0) {
                positionOfHigh[port >>> 8] = (char) position;
            }
        }
        for (int i = 0; i < 256; i++) {
            portOfLow[i] = portOf[i];
            portOfHigh[i] = portOf[i << 8];
        }
    }

    /** How many ports are this worker's, for every base. */
    int size() {
        return entryOfSlot.length << restBits;
    }

    /** The number of a port of a pair with that base, or -1 when it is another worker's. */
    int index(int port, int base) {
        int position = positionOfHigh[port >>> 8] ^ positionOfLow[port & 0xFF];
        int slot = slotOfEntry[position >>> restBits ^ base];
        return slot < 0 ? -1 : slot << restBits | position & (1 << restBits) - 1;
    }

    /** The port with that number, of a pair with that base. */
    int port(int index, int base) {
        int entry = entryOfSlot[index >>> restBits] ^ base;
        int position = entry << restBits | index & (1 << restBits) - 1;
        return portOfHigh[position >>> 8] ^ portOfLow[position & 0xFF];
    }
}
