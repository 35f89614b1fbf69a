package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Puts the pieces of a cut packet together again, and checks each piece on the way. */
final class Reassembly {
    private final byte[] payload = new byte[9000];
    private final boolean[] seen = new boolean[9000];
    private int total = -1;

    private Reassembly() {}

    /**
     * The packet whose first piece is {@code row} and whose others are the rows from {@code others}
     * (0: all behind {@code row}) to the end of the burst.
     */
    static byte[] of(TestBurst test, int row, int others, int mtu) {
        Reassembly reassembly = new Reassembly();
        byte[] first = test.packet(row);
        reassembly.add(test, row, mtu);
        for (int i = others == 0 ? row + 1 : others; i < test.burst.count; i++) {
            reassembly.add(test, i, mtu);
        }
        assertThat(reassembly.total).isPositive();
        for (int i = 0; i < reassembly.total; i++) {
            assertThat(reassembly.seen[i]).as("byte %d", i).isTrue();
        }
        return reassembly.whole(first);
    }

    private void add(TestBurst test, int row, int mtu) {
        byte[] bytes = test.packet(row);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
        assertThat(test.burst.nextHop[row]).isEqualTo(TestBurst.NEXT_HOP);
        assertThat(test.burst.length[row]).isEqualTo(test.burst.end[row]);
        assertThat(bytes.length).isLessThanOrEqualTo(mtu);
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        boolean ipv6 = bytes[0] >>> 4 == 6;
        assertThat(test.etherType(row)).isEqualTo(ipv6 ? 0x86DD : 0x0800);
        if (ipv6) {
            assertThat(bytes[6]).isEqualTo((byte) 44);
            assertThat(packet.getShort(4)).isEqualTo((short) (bytes.length - 40));
            int word = packet.getShort(42);
            put(packet, 48, word & 0xFFF8, (word & 1) != 0);
        } else {
            int headerBytes = (bytes[0] & 15) * 4;
            assertThat(packet.getShort(2)).isEqualTo((short) bytes.length);
            assertThat(SlowChecksum.of(bytes, 0, headerBytes)).isZero();
            int word = packet.getShort(6);
            assertThat(word & 0x4000).isZero();
            put(packet, headerBytes, (word & 0x1FFF) * 8, (word & 0x2000) != 0);
        }
    }

    private void put(ByteBuffer packet, int from, int offset, boolean more) {
        int bytes = packet.capacity() - from;
        assertThat(bytes).isPositive();
        if (more) {
            assertThat(bytes % 8).isZero();
        } else {
            total = offset + bytes;
        }
        packet.get(from, payload, offset, bytes);
        for (int i = offset; i < offset + bytes; i++) {
            assertThat(seen[i]).isFalse();
            seen[i] = true;
        }
    }

    private byte[] whole(byte[] first) {
        boolean ipv6 = first[0] >>> 4 == 6;
        int headerBytes = ipv6 ? 40 : (first[0] & 15) * 4;
        byte[] whole = Arrays.copyOf(first, headerBytes + total);
        System.arraycopy(payload, 0, whole, headerBytes, total);
        ByteBuffer packet = ByteBuffer.wrap(whole);
        if (ipv6) {
            whole[6] = first[40];
            packet.putShort(4, (short) total);
        } else {
            packet.putShort(2, (short) whole.length).putShort(6, (short) 0);
            packet.putShort(10, (short) 0);
            packet.putShort(10, (short) SlowChecksum.of(whole, 0, headerBytes));
        }
        return whole;
    }
}
