package io.jvs.forwarding;

import io.jvs.connection.ConnectionLayout;
import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.service.ClientAddress;

/**
 * The header of the PROXY protocol for a connection: the client's endpoint and the one that it
 * asked for (haproxy's doc/proxy-protocol.txt, section 2). One thread; nothing here allocates after
 * construction.
 */
final class ProxyHeader implements AutoCloseable {
    /** No header is longer: version 1 with IPv6. */
    static final int MAX_BYTES = 107;

    private static final long REGION_BYTES = 128;
    private static final int GROUPS = 8;
    private static final int V2_PROXY = 0x21;
    private static final int V2_TCP4 = 0x11;
    private static final int V2_TCP6 = 0x21;
    private static final int V2_FIXED = 16;

    /** The signature of version 2: its first eight bytes and the other four, big-endian. */
    private static final long SIGNATURE = 0x0D0A_0D0A_000D_0A51L;

    private static final int SIGNATURE_END = 0x5549_540A;

    private final MemoryRegion region = MemoryRegion.anonymous(REGION_BYTES);
    private long at;

    /** Where the last one that was written lies. */
    long address() {
        return region.address();
    }

    /**
     * Writes the header of a connection.
     *
     * @param record the connection
     * @param kind code of PROXY_V1 or PROXY_V2
     * @return its bytes, at most {@link #MAX_BYTES}
     */
    int write(long record, int kind) {
        at = region.address();
        if (kind == ClientAddress.PROXY_V2.code()) {
            binary(record);
        } else {
            text(record);
        }
        return (int) (at - region.address());
    }

    private void binary(long record) {
        boolean ipv6 = ConnectionLayout.isIpv6(record);
        int addresses = ipv6 ? 32 : 8;
        Memory.putLongBe(at, SIGNATURE);
        Memory.putIntBe(at + 8, SIGNATURE_END);
        Memory.putByte(at + 12, V2_PROXY);
        Memory.putByte(at + 13, ipv6 ? V2_TCP6 : V2_TCP4);
        Memory.putShortBe(at + 14, addresses + 4);
        Memory.copy(record + ConnectionLayout.CLIENT, at + V2_FIXED, addresses);
        Memory.putInt(at + V2_FIXED + addresses, ConnectionLayout.inPorts(record));
        at += V2_FIXED + addresses + 4;
    }

    private void text(long record) {
        boolean ipv6 = ConnectionLayout.isIpv6(record);
        put('P');
        put('R');
        put('O');
        put('X');
        put('Y');
        put(' ');
        put('T');
        put('C');
        put('P');
        put(ipv6 ? '6' : '4');
        put(' ');
        address(record + ConnectionLayout.CLIENT, ipv6);
        put(' ');
        int virtual = ipv6 ? ConnectionLayout.VIRTUAL6 : ConnectionLayout.VIRTUAL4;
        address(record + virtual, ipv6);
        put(' ');
        decimal(port(ConnectionLayout.inPorts(record)));
        put(' ');
        decimal(port(ConnectionLayout.inPorts(record) >>> 16));
        put('\r');
        put('\n');
    }

    private static int port(int raw) {
        return Short.toUnsignedInt(Short.reverseBytes((short) raw));
    }

    private void address(long address, boolean ipv6) {
        if (ipv6) {
            groups(address);
            return;
        }
        for (int i = 0; i < 4; i++) {
            if (i > 0) {
                put('.');
            }
            decimal(Memory.getUnsignedByte(address + i));
        }
    }

    /**
     * As everybody writes it: the longest run of zero groups becomes "::" (RFC 5952, section 4).
     */
    private void groups(long address) {
        int run = longestRun(address);
        int start = run >>> 4;
        int end = start + (run & 0xF);
        for (int group = 0; group < GROUPS; group++) {
            if (group >= start && group < end) {
                if (group == start) {
                    put(':');
                    put(':');
                }
            } else {
                if (group > 0 && group != end) {
                    put(':');
                }
                hexadecimal(group(address, group));
            }
        }
    }

    private static int group(long address, int group) {
        return Memory.getUnsignedShortBe(address + 2L * group);
    }

    /**
     * First group and length of the first longest run of two or more zero groups; length 0: none.
     */
    private static int longestRun(long address) {
        int best = GROUPS << 4;
        int start = 0;
        for (int group = 0; group < GROUPS; group++) {
            if (group(address, group) != 0) {
                start = group + 1;
            } else if (group + 1 - start > Math.max(best & 0xF, 1)) {
                best = start << 4 | group + 1 - start;
            }
        }
        return best;
    }

    private void decimal(int number) {
        int divisor = 10_000;
        while (divisor > 1 && number < divisor) {
            divisor /= 10;
        }
        for (int left = number; divisor > 0; divisor /= 10) {
            put('0' + left / divisor);
            left %= divisor;
        }
    }

    private void hexadecimal(int number) {
        int shift = 12;
        while (shift > 0 && number >>> shift == 0) {
            shift -= 4;
        }
        for (; shift >= 0; shift -= 4) {
            int digit = number >>> shift & 0xF;
            put(digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
    }

    private void put(int character) {
        Memory.putByte(at++, character);
    }

    @Override
    public void close() {
        region.close();
    }
}
