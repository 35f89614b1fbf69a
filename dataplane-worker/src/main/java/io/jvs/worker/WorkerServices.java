package io.jvs.worker;

import io.jvs.packet.PacketBurst;
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

    private final Map<Integer, ServiceState> byIndex = new HashMap<>();
    private int portZeroServices;
    private int mask = 15;
    private long[] high = new long[16];
    private long[] low = new long[16];
    private long[] tail = new long[16];
    private @Nullable ServiceState[] states = new ServiceState[16];

    /**
     * The service that a packet of a client is for, or null: that of its port, else the one of
     * every port (ip_vs_service_find in net/netfilter/ipvs/ip_vs_ctl.c).
     */
    @Nullable ServiceState find(PacketBurst burst, int i) {
        boolean ipv6 = burst.kind[i] == PacketBurst.KIND_IPV6;
        long wantHigh = ipv6 ? burst.key2[i] : 0;
        long wantLow = ipv6 ? burst.key3[i] : burst.key0[i] >>> 32;
        long wantTail = tail(ipv6, burst.protocol[i], burst.ports[i] >>> 16);
        ServiceState found = find(wantHigh, wantLow, wantTail);
        return found == null && portZeroServices > 0
                ? find(wantHigh, wantLow, tail(ipv6, burst.protocol[i], 0))
                : found;
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
        portZeroServices = 0;
        for (ServiceState state : byIndex.values()) {
            if (state.spec.key() instanceof ServiceKey.Endpoint endpoint) {
                put(state, endpoint);
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
        long keyTail = tail(ipv6, endpoint.protocol().number(), rawPort);
        int slot = slot(keyHigh, keyLow, keyTail);
        while (states[slot] != null) {
            slot = slot + 1 & mask;
        }
        if (endpoint.port() == 0) {
            portZeroServices++;
        }
        high[slot] = keyHigh;
        low[slot] = keyLow;
        tail[slot] = keyTail;
        states[slot] = state;
    }
}
