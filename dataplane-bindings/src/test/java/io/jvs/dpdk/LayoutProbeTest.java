package io.jvs.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.jvs.dpdk.raw.Dpdk;
import io.jvs.dpdk.raw.v22.Layouts;
import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Compares the generated and the hand-written layouts with what gcc makes of DPDK's headers. */
class LayoutProbeTest {
    private static final List<String> DIFFERENT =
            List.of(
                    "DEV_INFO_MAX_RX_QUEUES",
                    "DEV_INFO_MAX_TX_QUEUES",
                    "ETH_CONF_SIZE",
                    "FP_OPS_RXQ_DATA",
                    "FP_OPS_RX_PKT_BURST",
                    "FP_OPS_TXQ_DATA",
                    "FP_OPS_TX_PKT_BURST",
                    "FP_OPS_TX_PKT_PREPARE",
                    "RSS_CONF_SIZE");
    @TempDir static Path directory;

    @BeforeAll
    static void headersAreInstalled() {
        assumeFalse(
                LayoutProbe.roots().isEmpty(),
                "DPDK's headers are missing: apt-get install libdpdk-dev gcc");
    }

    @TestFactory
    List<DynamicTest> shouldMatchTheHeaders() {
        return LayoutProbe.roots().stream()
                .map(root -> DynamicTest.dynamicTest(root.toString(), () -> compare(root)))
                .toList();
    }

    private static void compare(Path root) throws Exception {
        Path work = Files.createTempDirectory(directory, "probe");
        Map<String, String> values = LayoutProbe.run(root, work);
        Class<?> layouts =
                "22".equals(values.get("YEAR")) ? Layouts.class : io.jvs.dpdk.raw.v24.Layouts.class;
        List<String> names = LayoutProbe.names();
        assertThat(names).hasSizeGreaterThan(60);
        for (String name : names) {
            assertThat(constant(layouts, name))
                    .as(name)
                    .isEqualTo(Integer.parseInt(values.get(name)));
        }
        try (MemoryRegion region = MemoryRegion.anonymous(4096)) {
            compareInlines(region.address(), values);
            compareBitfields(region.address(), values);
            compareFlows(values);
        }
    }

    private static int constant(Class<?> layouts, String name)
            throws NoSuchMethodException, IllegalAccessException, InvocationTargetException {
        return (int) layouts.getMethod(name).invoke(null);
    }

    private static void compareInlines(long mbuf, Map<String, String> expected) {
        check(mbuf, expected, "reset", m -> reset(m));
        check(mbuf, expected, "prepend", m -> Mbuf.prepend(m, 30));
        check(mbuf, expected, "prependTooMuch", m -> Mbuf.prepend(m, 129));
        check(mbuf, expected, "adjust", m -> Mbuf.adjust(m, 14));
        check(mbuf, expected, "adjustTooMuch", m -> Mbuf.adjust(m, 101));
        check(mbuf, expected, "append", m -> Mbuf.append(m, 1948));
        check(mbuf, expected, "appendTooMuch", m -> Mbuf.append(m, 1949));
        check(mbuf, expected, "trim", m -> Mbuf.trim(m, 100) ? 1 : 0);
        check(mbuf, expected, "trimTooMuch", m -> Mbuf.trim(m, 101) ? 1 : 0);
        fresh(mbuf);
        assertThat(Mbuf.headroom(mbuf)).isEqualTo(Integer.parseInt(expected.get("headroom")));
        assertThat(Mbuf.tailroom(mbuf)).isEqualTo(Integer.parseInt(expected.get("tailroom")));
        assertThat(Mbuf.dataAddress(mbuf)).isEqualTo(Long.parseLong(expected.get("data")));
    }

    private static void compareBitfields(long mbuf, Map<String, String> expected) {
        check(mbuf, expected, "txOffload", m -> setTxOffload(m));
        assertThat(Mbuf.l2Length(mbuf)).isEqualTo(18);
        assertThat(Mbuf.l3Length(mbuf)).isEqualTo(260);
        assertThat(Mbuf.l4Length(mbuf)).isEqualTo(32);
        assertThat(Mbuf.tsoSegmentSize(mbuf)).isEqualTo(1400);
        assertThat(link(mbuf, expected.getOrDefault("linkUp", "")))
                .isEqualTo(new LinkStatus(true, true, 25_000));
        assertThat(link(mbuf, expected.getOrDefault("linkDown", "")))
                .isEqualTo(new LinkStatus(false, false, 0));
    }

    private static void compareFlows(Map<String, String> expected) {
        try (Arena arena = Arena.ofConfined()) {
            long item = arena.allocate(64, 8).address();
            FlowCalls.putItem(item, Dpdk.RTE_FLOW_ITEM_TYPE_TCP(), 0x1122334455667788L, 0x99);
            long action = arena.allocate(64, 8).address();
            FlowCalls.putAction(action, Dpdk.RTE_FLOW_ACTION_TYPE_QUEUE(), 0x1122334455667788L);
            Map.of(
                            "flowIngress", FlowCalls.ingress(arena).address(),
                            "flowItem", item,
                            "flowAction", action,
                            "flowQueue", FlowCalls.queue(arena, 0x1234),
                            "flowIpv4", FlowCalls.ipv4(arena, 0xC0000201),
                            "flowIpv6",
                                    FlowCalls.ipv6(arena, 0x0102030405060708L, 0x090A0B0C0D0E0F10L),
                            "flowTcp", FlowCalls.transport(arena, FlowDestination.TCP, 0x5034),
                            "flowUdp", FlowCalls.transport(arena, FlowDestination.UDP, 0x5034),
                            "flowSctp", FlowCalls.transport(arena, FlowDestination.SCTP, 0x5034))
                    .forEach((name, address) -> {
                        String wanted = expected.getOrDefault(name, "");
                        byte[] bytes = new byte[wanted.length() / 2];
                        Memory.copyOut(address, bytes, 0, bytes.length);
                        assertThat(HexFormat.of().formatHex(bytes))
                                .as(name)
                                .isNotEmpty()
                                .isEqualTo(wanted);
                    });
        }
    }

    private static long reset(long mbuf) {
        Mbuf.reset(mbuf);
        return 0;
    }

    private static long setTxOffload(long mbuf) {
        Mbuf.setTxOffload(mbuf, 18, 260, 32);
        Mbuf.setTsoSegmentSize(mbuf, 1400);
        return 0;
    }

    private static LinkStatus link(long address, String bytes) {
        byte[] link = HexFormat.of().parseHex(bytes);
        Memory.copyIn(link, 0, address, link.length);
        return LinkStatus.of(address);
    }

    private static void check(
            long mbuf, Map<String, String> expected, String name, LongUnaryOperator operation) {
        fresh(mbuf);
        long returned = operation.applyAsLong(mbuf);
        byte[] bytes = new byte[Layouts.MBUF_SIZE()];
        Memory.copyOut(mbuf, bytes, 0, bytes.length);
        assertThat(HexFormat.of().formatHex(bytes)).as(name).isEqualTo(expected.get(name));
        assertThat(returned).as(name).isEqualTo(Long.parseLong(expected.get(name + ".returned")));
    }

    /** As the C program's fresh(). */
    private static void fresh(long mbuf) {
        Memory.fill(mbuf, Layouts.MBUF_SIZE(), 0xa5);
        Memory.putLong(mbuf + Layouts.MBUF_BUF_ADDR(), 0x100000);
        Memory.putShort(mbuf + Layouts.MBUF_BUF_LEN(), 2176);
        Memory.putLong(mbuf + Layouts.MBUF_NEXT(), 0);
        Memory.putShort(mbuf + Layouts.MBUF_NB_SEGS(), 1);
        Mbuf.setDataOffset(mbuf, 128);
        Mbuf.setLengths(mbuf, 100);
    }

    @Test
    void shouldChooseByVersionExactlyWhatDiffers() throws Exception {
        for (String name : LayoutProbe.names()) {
            int old = constant(Layouts.class, name);
            int recent = constant(io.jvs.dpdk.raw.v24.Layouts.class, name);
            if (DIFFERENT.contains(name)) {
                assertThat(recent).as(name).isNotEqualTo(old);
            } else {
                // struct rte_eth_dev_info is the same size; all others are read from v22.Layouts
                assertThat(recent).as(name).isEqualTo(old);
            }
        }
    }

    @Test
    void shouldHoldTheDifferencesInOneRecord() throws IOException {
        DpdkLayout old = DpdkLayout.of(new DpdkVersion(22, 11, 0));
        DpdkLayout recent = DpdkLayout.of(new DpdkVersion(24, 11, 0));
        assertThat(old).isEqualTo(new DpdkLayout(0, 24, 64, 72, 88, 44, 46, 2272, 24));
        assertThat(recent).isEqualTo(new DpdkLayout(16, 0, 80, 88, 64, 48, 50, 2280, 32));
        assertThat(old.getClass().getRecordComponents()).hasSize(DIFFERENT.size());
    }
}
