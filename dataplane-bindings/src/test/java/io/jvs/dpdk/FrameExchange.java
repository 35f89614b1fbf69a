package io.jvs.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * The program that NamespacePortIT runs inside a network namespace: sends numbered frames, each the
 * first fragment of an IPv4 datagram that never becomes whole, between two ports both ways and
 * prints "lost A B left N", frames lost each way and mbufs not given back. Arguments: how many
 * queues, the two ports, and a command to run between the ports' starts.
 */
final class FrameExchange {
    private static final int BURST = 32;
    private static final int FRAMES = 10_000;
    private static final int FRAME_BYTES = 34 + 21 * 8;
    private static final int NUMBER = 34;
    private static final int PROTOCOL = 253; // for experiments, RFC 3692

    private final MbufPool pool;
    private final int queues;
    private final MemoryRegion region = MemoryRegion.anonymous(4096);

    private FrameExchange(MbufPool pool, int queues) {
        this.pool = pool;
        this.queues = queues;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        EalSpec spec =
                EalSpec.of("jvs-exchange-" + ProcessHandle.current().pid())
                        .withHugepageMode(HugepageMode.NO_HUGE)
                        .withMemoryMegabytes(128);
        try (Eal eal = Eal.start(spec)) {
            MbufPool pool = eal.createMbufPool(MbufPoolSpec.of("exchange", 16383));
            var exchange = new FrameExchange(pool, Integer.parseInt(arguments[0]));
            String lost = "lost";
            try (EthPort a = exchange.started(eal, arguments[1])) {
                if (arguments.length > 3) {
                    new ProcessBuilder("sh", "-c", arguments[3]).inheritIO().start().waitFor();
                }
                try (EthPort b = exchange.started(eal, arguments[2])) {
                    System.out.printf("mac %012x mtu %d%n", a.macAddress(), a.mtu());
                    lost += " " + exchange.exchange(a, b) + " " + exchange.exchange(b, a);
                }
            }
            System.out.println(lost + " left " + pool.inUseCount());
        }
    }

    private EthPort started(Eal eal, String device) {
        EthPort port = eal.attach(DeviceArgument.parse(device), queues);
        port.configure(EthPortSpec.of(queues), pool);
        port.setPromiscuous(true);
        port.start();
        return port;
    }

    /**
     * Sends numbered frames one way, a burst at a time, until enough have arrived, each whole and
     * none twice.
     *
     * @return how many were lost
     */
    private int exchange(EthPort from, EthPort to) {
        MbufAllocator allocator = pool.allocator();
        long array = region.address();
        boolean[] seen = new boolean[2 * FRAMES];
        int sent = 0;
        int received = 0;
        while (received < FRAMES && sent + BURST <= seen.length) {
            assertThat(allocator.allocateBulk(array, BURST)).isTrue();
            fill(array, BURST, sent);
            int taken = from.txQueue(sent / BURST % queues).transmit(array, BURST);
            Mbuf.freeBulk(array + taken * 8L, BURST - taken);
            sent += taken;
            received += takeAll(from, to, seen, sent - received, 20);
        }
        received += takeAll(from, to, seen, sent - received, 2_000);
        assertThat(received).as("%s to %s", from, to).isGreaterThanOrEqualTo(FRAMES);
        return sent - received;
    }

    /** Polls until {@code wanted} frames have come, or a while has passed. */
    private int takeAll(EthPort from, EthPort to, boolean[] seen, int wanted, long waitMs) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        int received = 0;
        while (received < wanted && System.nanoTime() < deadline) {
            for (int queue = 0; queue < queues; queue++) {
                received += take(to.rxQueue(queue), region.address(), seen);
                // af_xdp looks after its rings when asked
                from.txQueue(queue).transmit(region.address(), 0);
            }
        }
        return received;
    }

    private static void fill(long array, int count, int firstNumber) {
        for (int i = 0; i < count; i++) {
            long data = Mbuf.append(Memory.getLong(array + i * 8L), FRAME_BYTES);
            Memory.zero(data, FRAME_BYTES);
            Memory.putLongBe(data, 0x0200_0000_00ff_0200L);
            Memory.putIntBe(data + 8, 0x0000_00fe);
            int number = firstNumber + i;
            Memory.putIntBe(data + 12, 0x0800_4500);
            Memory.putShortBe(data + 16, FRAME_BYTES - 14);
            Memory.putIntBe(data + 18, number << 16 | 0x2000); // more fragments follow
            Memory.putIntBe(data + 22, 64 << 24 | PROTOCOL << 16);
            Memory.putIntBe(data + 26, 0x0A00_0000 + number);
            Memory.putIntBe(data + 30, 0x0AFF_0001);
            Memory.putIntBe(data + NUMBER, number);
            Memory.putIntBe(data + FRAME_BYTES - 4, ~number);
        }
    }

    private static int take(RxQueue receive, long array, boolean[] seen) {
        int received = receive.receive(array, BURST);
        int mine = 0;
        for (int i = 0; i < received; i++) {
            long mbuf = Memory.getLong(array + i * 8L);
            long data = Mbuf.dataAddress(mbuf);
            if (Memory.getIntBe(data + 12) == 0x0800_4500
                    && Memory.getUnsignedByte(data + 23) == PROTOCOL) {
                int number = Memory.getIntBe(data + NUMBER);
                assertThat(Mbuf.packetLength(mbuf)).isEqualTo(FRAME_BYTES);
                assertThat(Memory.getIntBe(data + FRAME_BYTES - 4)).isEqualTo(~number);
                assertThat(seen[number]).as("frame %d", number).isFalse();
                seen[number] = true;
                mine++;
            }
        }
        Mbuf.freeBulk(array, received);
        return mine;
    }
}
