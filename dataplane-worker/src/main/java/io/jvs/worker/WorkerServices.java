package io.jvs.worker;

import io.jvs.packet.PacketBurst;
import io.jvs.service.AddressFamily;
import io.jvs.service.ServiceKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A worker's copy of the virtual services: found by protocol, virtual address and port as they lie
 * in a packet (open addressing over primitive columns, rebuilt by control commands), or by number.
 */
final class WorkerServices {
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private static final int TCP = 6;
    private static final int FTP = 21;
    private static final int FTP_DATA = 20;
    private static final int RAW_FTP = Short.reverseBytes((short) FTP) & 0xFFFF;
    private static final int FIRST_USER_PORT = 1024;

    /** Stands for a protocol in the key of a service on a mark. */
    private static final int MARK = 0xFF;

    /** Which packets have which mark. */
    final MarkRules marks = new MarkRules();

    private final Map<Integer, ServiceState> byIndex = new HashMap<>();
    private boolean hasMarks;
    private int ftpServices;
    private int portZeroServices;
    private int mask = 15;
    private long[] high = new long[16];
    private long[] low = new long[16];
    private long[] tail = new long[16];
    private @Nullable ServiceState[] states = new ServiceState[16];

    /**
     * The service that a packet of a client is for, or null: by mark, by address and port, then the
     * FTP service for its data connections, then the service of every port (ip_vs_service_find).
     */
    @Nullable ServiceState find(PacketBurst burst, int i) {
        boolean ipv6 = PacketBurst.isIpv6Flow(burst.kind[i]);
        if (hasMarks) {
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
        while (states[slot] != null) {
            if (low[slot] == wantLow && tail[slot] == wantTail && high[slot] == wantHigh) {
                return states[slot];
            }
            slot = slot + 1 & mask;
        }
        return null;
    }

    private static long tail(boolean ipv6, int protocol, int rawPort) {
        return (ipv6 ? 1L << 32 : 0) | (long) protocol << 16 | rawPort;
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

    /** Adds a service; found after {@link #commit}. */
    void add(ServiceState state) {
        byIndex.put(state.index, state);
    }

    /** Takes a service out; gone after {@link #commit}. */
    void remove(int index) {
        byIndex.remove(index);
    }

    /** Makes what was added and removed visible to {@link #find}; once a generation. */
    void commit() {
        int capacity = Math.max(16, Integer.highestOneBit(byIndex.size() * 4));
        mask = capacity - 1;
        high = new long[capacity];
        low = new long[capacity];
        tail = new long[capacity];
        states = new ServiceState[capacity];
        Arrays.fill(states, null);
        hasMarks = false;
        ftpServices = 0;
        portZeroServices = 0;
        for (ServiceState state : byIndex.values()) {
            switch (state.spec.key()) {
                case ServiceKey.Endpoint endpoint -> {
                    put(state, endpoint);
                    ftpServices += endpoint.port() == FTP ? 1 : 0;
                    portZeroServices += endpoint.port() == 0 ? 1 : 0;
                }
                case ServiceKey.Mark marked -> {
                    boolean ipv6 = marked.family() == AddressFamily.IPV6;
                    put(state, 0, marked.mark(), tail(ipv6, MARK, 0));
                    hasMarks = true;
                }
            }
        }
    }

    private void put(ServiceState state, ServiceKey.Endpoint endpoint) {
        boolean ipv6 = endpoint.address().isIpv6();
        long keyHigh = ipv6 ? Long.reverseBytes(endpoint.address().high()) : 0;
        long keyLow =
                ipv6
                        ? Long.reverseBytes(endpoint.address().low())
                        : Integer.toUnsignedLong(
                                Integer.reverseBytes((int) endpoint.address().low()));
        int rawPort = Short.toUnsignedInt(Short.reverseBytes((short) endpoint.port()));
        put(state, keyHigh, keyLow, tail(ipv6, endpoint.protocol().number(), rawPort));
    }

    private void put(ServiceState state, long keyHigh, long keyLow, long keyTail) {
        int slot = slot(keyHigh, keyLow, keyTail);
        while (states[slot] != null) {
            slot = slot + 1 & mask;
        }
        high[slot] = keyHigh;
        low[slot] = keyLow;
        tail[slot] = keyTail;
        states[slot] = state;
    }
}
