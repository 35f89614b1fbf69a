package io.jvs.worker;

import io.jvs.packet.PacketBurst;
import io.jvs.service.AddressFamily;
import io.jvs.service.ServiceKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A worker's copy of the virtual services: found by protocol, virtual address and port as they lie
 * in a packet (open addressing over primitive columns, at most half full), or by number. Adding or
 * removing one costs the same however many there are.
 */
final class WorkerServices {
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private static final int TCP = 6;
    private static final int FTP = 21;
    private static final int FTP_DATA = 20;
    private static final int RAW_FTP = Short.reverseBytes((short) FTP) & 0xFFFF;
    private static final int FIRST_USER_PORT = 1024;

    /** Words of a place: the address, {@link #tail} or 0 for an empty one, and one unused. */
    private static final int WORDS = 4;

    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int TAIL = 2;

    /** Stands for a protocol in the key of a service on a mark. */
    private static final int MARK = 0xFF;

    /** Which packets have which mark. */
    final MarkRules marks = new MarkRules();

    private final Map<Integer, ServiceState> byIndex = new HashMap<>();
    private int markServices;
    private int ftpServices;
    private int portZeroServices;
    private int mask = 15;

    /** Of each place its key and whether it is taken, together in half a cache line. */
    private long[] keys = new long[16 * WORDS];

    private @Nullable ServiceState[] states = new @Nullable ServiceState[16];

    /**
     * The service that a packet of a client is for, or null: by mark, by address and port, then the
     * FTP service for its data connections, then the service of every port (ip_vs_service_find).
     */
    @Nullable ServiceState find(PacketBurst burst, int i) {
        boolean ipv6 = PacketBurst.isIpv6Flow(burst.kind[i]);
        if (markServices > 0) {
            int mark = marks.mark(burst, i);
            ServiceState marked = mark == 0 ? null : find(0, mark, tail(ipv6, MARK, 0));
            if (marked != null) {
                return marked;
            }
        }
        int protocol = burst.protocol[i];
        int rawPort = burst.ports[i] >>> 16;
        ServiceState found = find(burst, i, ipv6, protocol, rawPort);
        if (found == null && ftpServices > 0 && protocol == TCP && mayBeFtpData(rawPort)) {
            found = find(burst, i, ipv6, protocol, RAW_FTP);
        }
        if (found == null && portZeroServices > 0) {
            found = find(burst, i, ipv6, protocol, 0);
        }
        return found;
    }

    private static boolean mayBeFtpData(int rawPort) {
        int port = Short.reverseBytes((short) rawPort) & 0xFFFF;
        return port == FTP_DATA || port >= FIRST_USER_PORT;
    }

    private @Nullable ServiceState find(
            PacketBurst burst, int i, boolean ipv6, int protocol, int rawPort) {
        long wantHigh = ipv6 ? burst.key2[i] : 0;
        long wantLow = ipv6 ? burst.key3[i] : burst.key0[i] >>> 32;
        return find(wantHigh, wantLow, tail(ipv6, protocol, rawPort));
    }

    private @Nullable ServiceState find(long wantHigh, long wantLow, long wantTail) {
        int slot = slot(wantHigh, wantLow, wantTail);
        for (int at = slot * WORDS; keys[at + TAIL] != 0; at = slot * WORDS) {
            if (keys[at + LOW] == wantLow
                    && keys[at + TAIL] == wantTail
                    && keys[at + HIGH] == wantHigh) {
                return states[slot];
            }
            slot = slot + 1 & mask;
        }
        return null;
    }

    /** Never 0. */
    private static long tail(boolean ipv6, int protocol, int rawPort) {
        return 1L << 33 | (ipv6 ? 1L << 32 : 0) | (long) protocol << 16 | rawPort;
    }

    private int slot(long keyHigh, long keyLow, long keyTail) {
        long mixed = (keyHigh * MIX ^ keyLow) * MIX ^ keyTail;
        mixed *= MIX;
        return (int) (mixed >>> 40) & mask;
    }

    /** The service of that number. */
    ServiceState get(int index) {
        ServiceState state = byIndex.get(index);
        if (state == null) {
            throw new IllegalStateException("no service has number " + index);
        }
        return state;
    }

    /** All services. */
    Iterable<ServiceState> all() {
        return byIndex.values();
    }

    /** Adds a service. */
    void add(ServiceState state) {
        byIndex.put(state.index, state);
        if (byIndex.size() * 2 > states.length) {
            makeRoom();
        } else {
            put(state);
        }
        count(state, 1);
    }

    /** Takes a service out. */
    void remove(int index) {
        ServiceState removed = byIndex.remove(index);
        if (removed != null) {
            take(removed);
            count(removed, -1);
        }
    }

    private void count(ServiceState state, int change) {
        switch (state.spec.key()) {
            case ServiceKey.Endpoint endpoint -> {
                ftpServices += endpoint.port() == FTP ? change : 0;
                portZeroServices += endpoint.port() == 0 ? change : 0;
            }
            case ServiceKey.Mark marked -> markServices += change;
        }
    }

    private void makeRoom() {
        int capacity = states.length * 2;
        mask = capacity - 1;
        keys = new long[capacity * WORDS];
        states = new @Nullable ServiceState[capacity];
        byIndex.values().forEach(this::put);
    }

    private void put(ServiceState state) {
        long keyHigh = high(state.spec.key());
        long keyLow = low(state.spec.key());
        long keyTail = tail(state.spec.key());
        int slot = slot(keyHigh, keyLow, keyTail);
        while (states[slot] != null) {
            slot = slot + 1 & mask;
        }
        keys[slot * WORDS + HIGH] = keyHigh;
        keys[slot * WORDS + LOW] = keyLow;
        keys[slot * WORDS + TAIL] = keyTail;
        states[slot] = state;
    }

    private static long high(ServiceKey key) {
        return key instanceof ServiceKey.Endpoint endpoint && endpoint.address().isIpv6()
                ? Long.reverseBytes(endpoint.address().high())
                : 0;
    }

    private static long low(ServiceKey key) {
        return switch (key) {
            case ServiceKey.Mark marked -> marked.mark();
            case ServiceKey.Endpoint endpoint -> {
                long low = endpoint.address().low();
                yield endpoint.address().isIpv6()
                        ? Long.reverseBytes(low)
                        : Integer.toUnsignedLong(Integer.reverseBytes((int) low));
            }
        };
    }

    private static long tail(ServiceKey key) {
        return switch (key) {
            case ServiceKey.Mark marked -> tail(marked.family() == AddressFamily.IPV6, MARK, 0);
            case ServiceKey.Endpoint endpoint ->
                    tail(
                            endpoint.address().isIpv6(),
                            endpoint.protocol().number(),
                            Short.toUnsignedInt(Short.reverseBytes((short) endpoint.port())));
        };
    }

    /** Those behind it that stand after their own place move up, so that they are found. */
    private void take(ServiceState removed) {
        ServiceKey key = removed.spec.key();
        int hole = slot(high(key), low(key), tail(key));
        while (states[hole] != removed) {
            hole = hole + 1 & mask;
        }
        for (int slot = hole + 1 & mask; states[slot] != null; slot = slot + 1 & mask) {
            int at = slot * WORDS;
            int home = slot(keys[at + HIGH], keys[at + LOW], keys[at + TAIL]);
            if ((slot - home & mask) >= (slot - hole & mask)) {
                System.arraycopy(keys, at, keys, hole * WORDS, WORDS);
                states[hole] = states[slot];
                hole = slot;
            }
        }
        keys[hole * WORDS + TAIL] = 0;
        states[hole] = null;
    }
}
