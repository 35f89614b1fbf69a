package io.jvs.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ports, pools and mbufs on a running DPDK without hugepages. */
class PortIT {
    private static final int BURST = 32;
    private static Eal eal;
    private MbufPool pool;
    private static MemoryRegion region;
    private static int pools;

    @TempDir Path directory;

    @BeforeAll
    static void start() {
        eal =
                Eal.start(
                        EalSpec.of("jvs-port-it")
                                .withHugepageMode(HugepageMode.NO_HUGE)
                                .withMemoryMegabytes(128));
        region = MemoryRegion.anonymous(4096);
    }

    @AfterAll
    static void end() {
        eal.close();
        eal.close();
    }

    @BeforeEach
    void makePool() {
        pool = eal.createMbufPool(MbufPoolSpec.of("port-it-" + pools++, 2047));
    }

    @AfterEach
    void everyMbufIsBack() {
        assertThat(pool.inUseCount()).isZero();
        pool.close();
    }

    private EthPort started(String device) {
        EthPort port = eal.attach(DeviceArgument.parse(device), 1);
        port.configure(EthPortSpec.of(1), pool);
        port.start();
        return port;
    }

    @Test
    void shouldTellItsVersionAndPages() {
        assertThat(eal.version().supported()).isTrue();
        assertThat(eal.hugepageMode()).isEqualTo(HugepageMode.NO_HUGE);
        assertThat(eal.toString()).startsWith("DPDK 2").endsWith(" (no_huge)");
    }

    @Test
    void shouldStartOnlyOnce() {
        assertThatThrownBy(() -> Eal.start(EalSpec.of("again")))
                .isInstanceOf(DpdkException.class)
                .hasMessage(
                        "rte_eal_init failed (DPDK starts once in a process): start a new process.");
    }

    @Test
    void shouldSendWhatItReceivesFromAPcapFile() throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        var frames = new ArrayList<byte[]>();
        for (int i = 0; i < 500; i++) {
            byte[] frame = new byte[60 + random.nextInt(1455)];
            random.nextBytes(frame);
            frames.add(frame);
        }
        Path in = directory.resolve("in.pcap");
        Path out = directory.resolve("out.pcap");
        Pcap.write(in, frames);
        try (EthPort port = started("pcap:" + in + "," + out)) {
            assertThat(forward(port, region.address())).isEqualTo(500);
            PortStatistics statistics = port.statistics();
            assertThat(statistics.receivedPackets()).isEqualTo(500);
            assertThat(statistics.transmittedPackets()).isEqualTo(500);
            assertThat(statistics.transmittedBytes())
                    .isEqualTo(frames.stream().mapToLong(f -> f.length).sum());
            port.resetStatistics();
            assertThat(port.statistics().receivedPackets()).isZero();
        }
        List<byte[]> sent = Pcap.read(out);
        assertThat(sent).hasSize(500);
        for (int i = 0; i < 500; i++) {
            assertThat(sent.get(i)).isEqualTo(frames.get(i));
        }
    }

    private static int forward(EthPort port, long mbufs) {
        RxQueue receive = port.rxQueue(0);
        TxQueue transmit = port.txQueue(0);
        int total = 0;
        int received = receive.receive(mbufs, BURST);
        while (received > 0) {
            int sent = transmit.transmit(mbufs, transmit.prepare(mbufs, received));
            assertThat(sent).isEqualTo(received);
            total += sent;
            received = receive.receive(mbufs, BURST);
        }
        return total;
    }

    @Test
    void shouldReceiveTheVeryMbufsThatARingWasSent() {
        try (EthPort port = started("ring")) {
            MbufAllocator allocator = pool.allocator();
            long array = region.address();
            assertThat(allocator.allocateBulk(array, BURST)).isTrue();
            for (int i = 0; i < BURST; i++) {
                long mbuf = Memory.getLong(array + i * 8L);
                long data = Mbuf.append(mbuf, 64);
                Memory.putLong(data, 0x1122334455667788L + i);
            }
            assertThat(pool.inUseCount()).isEqualTo(BURST);
            assertThat(port.txQueue(0).transmit(array, BURST)).isEqualTo(BURST);
            long received = array + 1024;
            assertThat(port.rxQueue(0).receive(received, BURST)).isEqualTo(BURST);
            for (int i = 0; i < BURST; i++) {
                long mbuf = Memory.getLong(received + i * 8L);
                assertThat(mbuf).isEqualTo(Memory.getLong(array + i * 8L));
                assertThat(Mbuf.packetLength(mbuf)).isEqualTo(64);
                assertThat(Memory.getLong(Mbuf.dataAddress(mbuf)))
                        .isEqualTo(0x1122334455667788L + i);
            }
            Mbuf.freeBulk(received, BURST);
            assertThat(port.rxQueue(0).receive(received, BURST)).isZero();
        }
    }

    @Test
    void shouldReadItsQueuesAnewAfterARestart() {
        try (EthPort port = started("ring")) {
            port.stop();
            assertThatThrownBy(() -> port.rxQueue(0)).hasMessage("Port 'ring' is not started");
            port.start();
            assertThat(port.rxQueue(0).receive(region.address(), BURST)).isZero();
            assertThatThrownBy(() -> port.configure(EthPortSpec.of(1), pool))
                    .hasMessage("Port 'ring' is started: stop it first");
        }
    }

    @Test
    void shouldAllocateNothingOnTheJavaHeapWhilePolling() throws InterruptedException {
        try (EthPort port = started("null")) {
            long[] allocated = new long[1];
            Thread worker =
                    Thread.ofPlatform().start(() -> allocated[0] = allocatedByForwarding(port));
            worker.join();
            assertThat(allocated[0]).isZero();
            assertThat(port.statistics().receivedPackets()).isPositive();
        }
    }

    private long allocatedByForwarding(EthPort port) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (LcoreThread lcore = LcoreThread.register(CpuSet.allowed())) {
            assertThat(lcore.lcoreId()).isPositive();
            MbufAllocator allocator = pool.allocator();
            RxQueue receive = port.rxQueue(0);
            TxQueue transmit = port.txQueue(0);
            loop(receive, transmit, allocator, 30_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            loop(receive, transmit, allocator, 30_000);
            return threads.getCurrentThreadAllocatedBytes() - before;
        }
    }

    private static void loop(RxQueue receive, TxQueue transmit, MbufAllocator pool, int rounds) {
        long array = region.address();
        for (int round = 0; round < rounds; round++) {
            int received = receive.receive(array, BURST);
            for (int i = 0; i < received; i++) {
                long mbuf = Memory.getLong(array + i * 8L);
                long data = Mbuf.dataAddress(mbuf);
                Memory.putLong(data, Memory.getLong(data + 8) + Mbuf.packetLength(mbuf));
            }
            int sent = transmit.transmit(array, received);
            Mbuf.freeBulk(array + sent * 8L, received - sent);
            if (pool.allocateBulk(array, 8)) {
                Mbuf.freeBulk(array, 8);
            }
            long single = pool.allocate();
            pool.free(single);
        }
    }

    @Test
    void shouldGiveAndTakeEveryBufferOfAPoolThroughAThreadsCache() throws InterruptedException {
        var failure = new ArrayList<Throwable>();
        Thread worker = Thread.ofPlatform().start(() -> exhaust(failure));
        worker.join();
        assertThat(failure).isEmpty();
    }

    private void exhaust(List<Throwable> failure) {
        try (LcoreThread lcore = LcoreThread.register(CpuSet.allowed());
                MemoryRegion array = MemoryRegion.anonymous(2048 * 8)) {
            MbufAllocator allocator = pool.allocator();
            for (int round = 0; round < 3; round++) {
                int count = 0;
                for (long mbuf = allocator.allocate(); mbuf != 0; mbuf = allocator.allocate()) {
                    assertThat(Mbuf.pool(mbuf)).isEqualTo(pool.address());
                    assertThat(Mbuf.refcount(mbuf)).isEqualTo(1);
                    assertThat(Mbuf.segments(mbuf)).isEqualTo(1);
                    assertThat(Mbuf.headroom(mbuf)).isEqualTo(Mbuf.HEADROOM_BYTES);
                    Memory.putLong(array.address() + 8L * count++, mbuf);
                }
                assertThat(count).isEqualTo(pool.mbufs());
                assertThat(pool.inUseCount()).isEqualTo(pool.mbufs());
                assertThat(allocator.allocateBulk(region.address(), 1)).isFalse();
                Mbuf.freeBulk(array.address(), 20);
                assertThat(allocator.allocateBulk(region.address(), 21)).isFalse();
                assertThat(allocator.allocateBulk(array.address(), 20)).isTrue();
                Mbuf.freeBulk(array.address(), count);
                assertThat(pool.inUseCount()).isZero();
            }
            assertThat(lcore.lcoreId()).isBetween(1, 127);
        } catch (AssertionError | RuntimeException e) {
            failure.add(e);
        }
    }

    @Test
    void shouldTellWhatAPortIs() {
        try (EthPort port = started("null,size=100")) {
            assertThat(port.name()).startsWith("net_null");
            assertThat(port.capabilities().driver()).isEqualTo("net_null");
            assertThat(port.capabilities().maxRxQueues()).isPositive();
            assertThat(port.mtu()).isEqualTo(1500);
            assertThat(port.linkStatus().up()).isTrue();
            assertThat(port.linkStatus().megabitsPerSecond()).isEqualTo(10_000);
            port.setMacAddress(0x020304050607L);
            assertThat(port.macAddress()).isEqualTo(0x020304050607L);
            assertThat(port.rxQueue(0).receive(region.address(), 1)).isEqualTo(1);
            assertThat(Mbuf.packetLength(Memory.getLong(region.address()))).isEqualTo(100);
            Mbuf.freeBulk(region.address(), 1);
        }
    }

    @Test
    void shouldReadAndWriteRssKeyAndRedirectionTable() {
        try (EthPort port = eal.attach(DeviceArgument.parse("null"), 4)) {
            port.configure(EthPortSpec.of(4), pool);
            port.start();
            int[] table = new int[port.capabilities().retaSize()];
            for (int i = 0; i < table.length; i++) {
                table[i] = i % 3;
            }
            port.setRedirectionTable(table);
            assertThat(port.redirectionTable()).isEqualTo(table);
            byte[] key = new byte[port.capabilities().hashKeyBytes()];
            java.util.Arrays.fill(key, (byte) 0x6d);
            port.setRssKey(key);
            assertThat(port.rssKey()).isEqualTo(key);
            assertThatThrownBy(() -> port.setRssKey(new byte[3]))
                    .hasMessage(
                            "An RSS key of 3 bytes was given; port 'null' takes "
                                    + key.length
                                    + ".");
        }
    }

    @Test
    void shouldSwitchOnOnlyOffloadsThatThePortHas() {
        try (EthPort port = eal.attach(DeviceArgument.parse("null"), 1)) {
            Set<Offload> wanted = Set.of(Offload.TX_MULTI_SEGMENTS, Offload.RX_TCP_CHECKSUM);
            port.configure(EthPortSpec.of(1).withWantedOffloads(wanted), pool);
            assertThat(port.offloads())
                    .isSubsetOf(wanted)
                    .isSubsetOf(port.capabilities().offloads());
        }
    }

    @Test
    void shouldSayWhatIsWrongWithADevice() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "no pcap");
        refused("af_packet:nosuchif0")
                .hasMessage(
                        "Interface 'nosuchif0' of device 'af_packet:nosuchif0' does not exist:"
                                + " 'ip link' lists those that do.");
        refused("ffff:00:1f.0")
                .hasMessage(
                        "PCI device 'ffff:00:1f.0' does not exist: 'dpdk-devbind.py --status' lists"
                                + " those that do.");
        refused("pcap:/no/such.pcap")
                .hasMessage(
                        "File '/no/such.pcap' of device 'pcap:/no/such.pcap' is no pcap file that"
                                + " can be read: name one that is.");
        refused("pcap:" + text).hasMessageContaining("is no pcap file that can be read");
        refused("pcap:,/no/dir/out.pcap")
                .hasMessage(
                        "File '/no/dir/out.pcap' of device 'pcap:,/no/dir/out.pcap' cannot be"
                                + " written: name one in a directory that exists and is writable.");
        refused("null,nosuch=1")
                .hasMessageStartingWith("rte_eal_hotplug_add of 'null,nosuch=1' failed (")
                .hasMessageEndingWith("): check the options.");
        refused("memif:/run/no.sock,role=bad")
                .hasMessage(
                        "rte_eal_hotplug_add of 'memif:/run/no.sock,role=bad' failed (Unknown role:"
                                + " bad): check the socket's path and the options (role, id).");
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(String device) {
        return assertThatThrownBy(() -> eal.attach(DeviceArgument.parse(device), 1))
                .isInstanceOf(DpdkException.class);
    }

    @Test
    void shouldSayThatThereAreTooFewQueues() {
        try (EthPort port = eal.attach(DeviceArgument.parse("ring"), 1)) {
            assertThatThrownBy(() -> port.configure(EthPortSpec.of(1000), pool))
                    .isInstanceOf(DpdkException.class)
                    .hasMessageStartingWith("Port 'ring' has 16 receive and 16 transmit queues at")
                    .hasMessageEndingWith("use fewer workers or a port with more queues.");
        }
    }

    @Test
    void shouldSayThatThereIsTooLittleMemory() {
        assertThatThrownBy(() -> eal.createMbufPool(MbufPoolSpec.of("huge", 4_000_000)))
                .isInstanceOf(DpdkException.class)
                .hasMessageStartingWith("rte_pktmbuf_pool_create of 'huge' failed (errno 1")
                .hasMessageContaining("give DPDK more memory than the 9034 MB");
    }

    @Test
    void shouldHandOverWhatDpdkLogs() {
        eal.drainLog();
        try (EthPort port = started("null")) {
            assertThat(port.portId()).isNotNegative();
        }
        assertThat(eal.drainLog()).doesNotContain("rror");
    }
}
