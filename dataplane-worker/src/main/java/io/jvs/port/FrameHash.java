package io.jvs.port;

import io.jvs.memory.Memory;
import io.jvs.packet.FlowSteering;
import io.jvs.packet.Toeplitz;
import org.jspecify.annotations.Nullable;

/**
 * How the model adapter chooses a queue: as adapters do, by the addresses, and by the ports of
 * unfragmented TCP and UDP. Written against the frame's bytes alone, so that it shares nothing with
 * the parser that it tests.
 */
final class FrameHash {
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86DD;
    private static final int VLAN = 0x8100;
    private static final int SERVICE_VLAN = 0x88A8;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private final FlowSteering steering;
    private final @Nullable Toeplitz toeplitz;

    /**
     * A choice of queues.
     *
     * @param steering gives the number of queues and the redirection table
     * @param toeplitz its hash, or null for one that nobody else knows
     */
    FrameHash(FlowSteering steering, @Nullable Toeplitz toeplitz) {
        this.steering = steering;
        this.toeplitz = toeplitz;
    }

    /** The queue of the frame of {@code length} bytes at {@code frame}. */
    int queue(long frame, int length) {
        int at = 12;
        while (at + 4 <= length && isVlan(Memory.getUnsignedShortBe(frame + at))) {
            at += 4;
        }
        int type = at + 2 <= length ? Memory.getUnsignedShortBe(frame + at) : 0;
        long ip = frame + at + 2;
        int left = length - at - 2;
        if (type == IPV4 && left >= 20) {
            return queue4(ip, left);
        }
        return type == IPV6 && left >= 40 ? queue6(ip, left) : 0;
    }

    private static boolean isVlan(int type) {
        return type == VLAN || type == SERVICE_VLAN;
    }

    private int queue4(long ip, int left) {
        int header = (Memory.getByte(ip) & 15) * 4;
        boolean fragment = (Memory.getUnsignedShortBe(ip + 6) & 0x3FFF) != 0;
        boolean ports = !fragment && hasPorts(Memory.getUnsignedByte(ip + 9)) && left >= header + 4;
        long key = Memory.getLong(ip + 12);
        int transport = ports ? Memory.getInt(ip + header) : 0;
        Toeplitz hash = toeplitz;
        if (hash == null) {
            return unknown(key, 0, transport);
        }
        return entry(ports ? hash.hash4(key, transport) : hash.hash4(key));
    }

    private int queue6(long ip, int left) {
        boolean ports = hasPorts(Memory.getUnsignedByte(ip + 6)) && left >= 44;
        long k0 = Memory.getLong(ip + 8);
        long k1 = Memory.getLong(ip + 16);
        long k2 = Memory.getLong(ip + 24);
        long k3 = Memory.getLong(ip + 32);
        int transport = ports ? Memory.getInt(ip + 40) : 0;
        Toeplitz hash = toeplitz;
        if (hash == null) {
            return unknown(k0 ^ Long.rotateLeft(k2, 7), k1 ^ Long.rotateLeft(k3, 7), transport);
        }
        return entry(ports ? hash.hash6(k0, k1, k2, k3, transport) : hash.hash6(k0, k1, k2, k3));
    }

    private static boolean hasPorts(int protocol) {
        return protocol == TCP || protocol == UDP;
    }

    private int entry(int hash) {
        return steering.workerOfEntry(hash & steering.entries() - 1);
    }

    private int unknown(long a, long b, int c) {
        long mixed = ((a * MIX ^ b) * MIX ^ c) * MIX;
        return (int) ((mixed >>> 33) % steering.workers());
    }
}
