package io.jvs.connection;

import io.jvs.memory.Memory;
import io.jvs.packet.FlowSteering;
import io.jvs.service.Address;
import java.util.Arrays;

/**
 * Finds the pairs of a {@link LocalAddressPool} by their addresses: open addressing with linear
 * probing over columns of raw words. A key is four words of addresses, the real server's first
 * (IPv4: real in the low and local in the high half of the first, the rest 0), and one of raw real
 * port, protocol &lt;&lt; 16 and family &lt;&lt; 32. One thread.
 */
final class LocalAddressPairs {
    private static final int WORDS = 5;

    private final FlowHash hash;
    private final int maxPairs;
    private long[] keys = new long[16 * WORDS];
    private int[] holds = new int[16];
    private int[] buckets = new int[64];
    private final long[] probe = new long[WORDS];
    private int made;
    private int[] free = new int[16];
    private int freeCount;

    LocalAddressPairs(int maxPairs, FlowHash hash) {
        this.maxPairs = maxPairs;
        this.hash = hash;
    }

    /** The pair of these, or -1; leaves the key for {@link #add}. */
    int find(Address local, int protocol, Address real, int realPort) {
        int rawPort = Short.reverseBytes((short) realPort) & 0xFFFF;
        if (local.isIpv6()) {
            probe[0] = Long.reverseBytes(real.high());
            probe[1] = Long.reverseBytes(real.low());
            probe[2] = Long.reverseBytes(local.high());
            probe[3] = Long.reverseBytes(local.low());
            return find(rawPort, protocol, ConnectionLayout.FAMILY_IPV6);
        }
        long low = Integer.reverseBytes((int) real.low()) & 0xFFFF_FFFFL;
        long high = Integer.reverseBytes((int) local.low());
        return find4(low | high << 32, rawPort, protocol);
    }

    /** The pair of raw real (low 32 bits) and local address, or -1. */
    int find4(long addresses, int rawPort, int protocol) {
        probe[0] = addresses;
        probe[1] = 0;
        probe[2] = 0;
        probe[3] = 0;
        return find(rawPort, protocol, ConnectionLayout.FAMILY_IPV4);
    }

    /** The pair of the raw real and local IPv6 address in 32 bytes of memory, or -1. */
    int find6(long words, int rawPort, int protocol) {
        probe[0] = Memory.getLong(words);
        probe[1] = Memory.getLong(words + 8);
        probe[2] = Memory.getLong(words + 16);
        probe[3] = Memory.getLong(words + 24);
        return find(rawPort, protocol, ConnectionLayout.FAMILY_IPV6);
    }

    private int find(int rawPort, int protocol, int family) {
        probe[4] = rawPort | protocol << 16 | (long) family << 32;
        int at = home(probe, 0);
        while (buckets[at] != 0) {
            int pair = buckets[at] - 1;
            if (isKey(pair)) {
                return pair;
            }
            at = at + 1 & buckets.length - 1;
        }
        return -1;
    }

    private boolean isKey(int pair) {
        int at = pair * WORDS;
        return (keys[at] ^ probe[0]
                        | keys[at + 1] ^ probe[1]
                        | keys[at + 2] ^ probe[2]
                        | keys[at + 3] ^ probe[3]
                        | keys[at + 4] ^ probe[4])
                == 0;
    }

    private int home(long[] words, int at) {
        long transport = words[at + 4];
        long code =
                hash.hash6(
                        words[at],
                        words[at + 1],
                        words[at + 2],
                        words[at + 3],
                        (int) transport,
                        (int) (transport >>> 32));
        return (int) code & buckets.length - 1;
    }

    /**
     * Makes a pair of the key that was just not found. Control path.
     *
     * @param pool knows the ports in use: a pair that nobody holds and that has none ends here
     * @return its number, or -1 when there are too many
     */
    int add(LocalAddressPool pool) {
        if (freeCount == 0 && made == maxPairs) {
            sweep(pool);
        }
        int pair;
        if (freeCount != 0) {
            pair = free[--freeCount];
        } else if (made < maxPairs) {
            pair = made++;
            grow();
        } else {
            return -1;
        }
        System.arraycopy(probe, 0, keys, pair * WORDS, WORDS);
        insert(pair);
        return pair;
    }

    private void grow() {
        if (made > holds.length) {
            holds = Arrays.copyOf(holds, holds.length * 2);
            keys = Arrays.copyOf(keys, keys.length * 2);
            buckets = new int[buckets.length * 2];
            for (int pair = 0; pair < made - 1; pair++) {
                insert(pair);
            }
        }
    }

    private void insert(int pair) {
        int at = home(keys, pair * WORDS);
        while (buckets[at] != 0) {
            at = at + 1 & buckets.length - 1;
        }
        buckets[at] = pair + 1;
    }

    /** Ends the pairs that nobody needs, and hashes the others anew. */
    private void sweep(LocalAddressPool pool) {
        Arrays.fill(buckets, 0);
        for (int pair = 0; pair < made; pair++) {
            if (holds[pair] == 0 && pool.isIdle(pair)) {
                if (freeCount == free.length) {
                    free = Arrays.copyOf(free, freeCount * 2);
                }
                free[freeCount++] = pair;
            } else {
                insert(pair);
            }
        }
    }

    /** Entry of a pair's answers in the redirection table, but for the local port; -1: unknown. */
    int entry(FlowSteering steering, int pair) {
        int at = pair * WORDS;
        return isIpv6(pair)
                ? steering.entry6(
                        keys[at],
                        keys[at + 1],
                        keys[at + 2],
                        keys[at + 3],
                        rawPort(pair),
                        protocol(pair))
                : steering.entry4(keys[at], rawPort(pair), protocol(pair));
    }

    int made() {
        return made;
    }

    boolean isHeld(int pair) {
        return holds[pair] > 0;
    }

    int rawPort(int pair) {
        return (int) keys[pair * WORDS + 4] & 0xFFFF;
    }

    int protocol(int pair) {
        return (int) (keys[pair * WORDS + 4] >>> 16) & 0xFF;
    }

    private boolean isIpv6(int pair) {
        return keys[pair * WORDS + 4] >>> 32 == ConnectionLayout.FAMILY_IPV6;
    }

    Address address(int pair, boolean local) {
        int at = pair * WORDS;
        if (isIpv6(pair)) {
            int word = local ? at + 2 : at;
            return Address.ofIpv6(Long.reverseBytes(keys[word]), Long.reverseBytes(keys[word + 1]));
        }
        return Address.ofIpv4(Integer.reverseBytes((int) (local ? keys[at] >>> 32 : keys[at])));
    }

    void hold(int pair) {
        holds[pair]++;
    }

    void letGo(int pair) {
        if (holds[pair] > 0) {
            holds[pair]--;
        }
    }
}
