package io.jvs.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBurst;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandoverRingTest {
    private static final int PACKETS = 1_000_000;

    private final MemoryRegion region = MemoryRegion.anonymous(2 * HandoverRing.bytes());
    private final HandoverRing ring = HandoverRing.in(region, 1);
    private final PacketBurst burst = new PacketBurst();

    @AfterEach
    void close() {
        region.close();
    }

    private int row(long handle) {
        burst.clear();
        int row = burst.add();
        burst.handle[row] = handle;
        burst.data[row] = handle + 128;
        burst.length[row] = 60;
        burst.headroom[row] = 100;
        burst.tailroom[row] = 200;
        burst.port[row] = 3;
        return row;
    }

    @Test
    void shouldHandOverWhatDescribesAPacket() {
        assertThat(ring.offer(HandoverRing.PACKET, burst, row(4096), 6)).isTrue();
        assertThat(ring.available()).as("not published").isZero();
        ring.publish();
        assertThat(ring.available()).isEqualTo(1);
        assertThat(HandoverRing.kind(ring.first())).isEqualTo(HandoverRing.PACKET);
        PacketBurst taken = new PacketBurst();
        HandoverRing.addRow(ring.first(), taken);
        assertThat(taken.count).isEqualTo(1);
        assertThat(taken.handle[0]).isEqualTo(4096);
        assertThat(taken.data[0]).isEqualTo(4224);
        assertThat(taken.length[0]).isEqualTo(60);
        assertThat(taken.headroom[0]).isEqualTo(100);
        assertThat(taken.tailroom[0]).isEqualTo(200);
        assertThat(taken.port[0]).isEqualTo(3);
        assertThat(taken.hop[0]).isEqualTo((byte) 6);
    }

    @Test
    void shouldRefuseWhenFullAndGoOnWhenThereIsRoom() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < HandoverRing.CAPACITY; i++) {
                assertThat(ring.offerFrame(1, i, i, 60)).isTrue();
            }
            assertThat(ring.offerFrame(1, 0, 0, 60)).isFalse();
            assertThat(ring.offerPathMtu(1, 2, true, 1400)).isFalse();
            ring.publish();
            assertThat(ring.available()).isEqualTo(HandoverRing.CAPACITY);
            for (int i = 0; i < HandoverRing.CAPACITY; i++) {
                assertThat(HandoverRing.handle(ring.first())).isEqualTo(i);
                ring.skip();
            }
            ring.release();
            assertThat(ring.available()).isZero();
        }
    }

    @Test
    void shouldSendByAnotherWorkersPort() {
        RemotePort port = new RemotePort(5, ring);
        long[] handles = {10, 20, 30};
        long[] data = {11, 21, 31};
        int[] lengths = {60, 61, 62};
        assertThat(port.receive(burst, 0)).isZero();
        assertThat(port.transmit(handles, data, lengths, 1, 2)).isEqualTo(2);
        ring.publish();
        assertThat(ring.available()).isEqualTo(2);
        long entry = ring.first();
        assertThat(HandoverRing.kind(entry)).isEqualTo(HandoverRing.FRAME);
        assertThat(HandoverRing.port(entry)).isEqualTo(5);
        assertThat(HandoverRing.handle(entry)).isEqualTo(20);
        assertThat(HandoverRing.data(entry)).isEqualTo(21);
        assertThat(HandoverRing.length(entry)).isEqualTo(61);
        int room = HandoverRing.CAPACITY - 2;
        assertThat(port.transmit(new long[2000], new long[2000], new int[2000], 0, 2000))
                .isEqualTo(room);
    }

    /** Each packet once, in order and whole, from one thread to another. */
    @Test
    void shouldKeepTheOrderBetweenThreads() throws Exception {
        CompletableFuture<Void> producer = CompletableFuture.runAsync(this::produce);
        PacketBurst taken = new PacketBurst();
        long next = 1;
        while (next <= PACKETS) {
            int count = Math.min(ring.available(), PacketBurst.RECEIVE_MAX);
            taken.clear();
            for (int i = 0; i < count; i++) {
                HandoverRing.addRow(ring.first(), taken);
                ring.skip();
            }
            ring.release();
            for (int i = 0; i < count; i++) {
                if (taken.handle[i] != next || taken.data[i] != next + 128) {
                    throw new AssertionError("packet " + taken.handle[i] + " instead of " + next);
                }
                next++;
            }
            if (count == 0) {
                LockSupport.parkNanos(1_000);
            }
        }
        producer.get();
        assertThat(ring.available()).isZero();
    }

    private void produce() {
        for (long handle = 1; handle <= PACKETS; handle++) {
            int row = row(handle);
            while (!ring.offer(HandoverRing.PACKET, burst, row, 0)) {
                ring.publish();
                LockSupport.parkNanos(1_000);
            }
            if (handle % 32 == 0) {
                ring.publish();
            }
        }
        ring.publish();
    }
}
