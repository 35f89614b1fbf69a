package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Tunnel;
import io.jvs.service.TunnelType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole packets through all four tunnels, and what happens at their MTU. */
final class TunnelTest {
    private static final Address SOURCE4 = Address.parse("10.1.0.254");
    private static final Address SERVER4 = Address.parse("10.2.0.7");
    private static final Address SOURCE6 = Address.parse("2001:db8:1::254");
    private static final Address SERVER6 = Address.parse("2001:db8:2::7");

    private final TestBurst test = new TestBurst();
    private final ServerPaths paths = new ServerPaths();
    private final ForwardStage stage = TestStage.create(test, paths);
    private final Random random = new Random(2003);
    private int nextIdentification = TestStage.FIRST_IDENTIFICATION;

    @AfterEach
    void close() {
        test.close();
    }

    private void openPath(boolean outerIpv6, int mtu) {
        openPath(outerIpv6, mtu, Tunnel.IPIP);
    }

    private void openPath(boolean outerIpv6, int mtu, Tunnel tunnel) {
        paths.set(
                TestFlow.SERVER_INDEX,
                ServerPath.tunnel(
                        TestBurst.NEXT_HOP,
                        mtu,
                        outerIpv6 ? SOURCE6 : SOURCE4,
                        outerIpv6 ? SERVER6 : SERVER4,
                        tunnel));
    }

    /** The outer packet as RFC 2003, RFC 2473 and the kernel want it. */
    private TestPacket outer(TestPacket inner, boolean outerIpv6) {
        TestPacket innerOut = inner.copy();
        innerOut.ttl = inner.ttl - 1;
        TestPacket outer = new TestPacket();
        outer.source = outerIpv6 ? SOURCE6 : SOURCE4;
        outer.destination = outerIpv6 ? SERVER6 : SERVER4;
        outer.protocol = inner.ipv6() ? 41 : 4;
        outer.ttl = innerOut.ttl;
        boolean congested = (inner.trafficClass & 3) == 3;
        outer.trafficClass = congested ? inner.trafficClass & 0xFC | 2 : inner.trafficClass;
        outer.dontFragment = inner.dontFragment && !inner.ipv6();
        outer.payload = innerOut.bytes();
        if (!outerIpv6) {
            outer.identification = outer.dontFragment ? 0 : nextIdentification++ & 0xFFFF;
        }
        return outer;
    }

    private TestFlow flow(boolean ipv6) {
        return TestFlow.random(random, ForwardingMethod.TUNNEL, TestPacket.UDP, ipv6);
    }

    private int add(TestPacket packet, TestFlow flow, int mtu) {
        int row = test.add(packet, flow, PacketBurst.FROM_CLIENT);
        test.burst.mtu[row] = mtu;
        return row;
    }

    @ParameterizedTest(name = "inner IPv6 {0} outer IPv6 {1}")
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void shouldWrapThePacketWhole(boolean innerIpv6, boolean outerIpv6) {
        openPath(outerIpv6, 1500);
        for (int round = 0; round < 1000; round++) {
            test.reset();
            TestFlow flow = flow(innerIpv6);
            TestPacket inner = flow.fromClient(new TestPacket().randomize(random));
            int row = add(inner, flow, 1500);
            int frameEnd = test.burst.end[row];
            stage.forward(test.burst, 0);
            TestPacket outer = outer(inner, outerIpv6);
            assertThat(test.burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
            assertThat(test.packet(row)).isEqualTo(outer.bytes());
            assertThat(test.etherType(row)).isEqualTo(outerIpv6 ? 0x86DD : 0x0800);
            assertThat(test.burst.kind[row])
                    .isEqualTo(outerIpv6 ? PacketBurst.KIND_IPV6 : PacketBurst.KIND_IPV4);
            assertThat(test.burst.length[row]).isEqualTo(14 + outer.bytes().length);
            assertThat(test.burst.headroom[row])
                    .isEqualTo(TestBurst.HEADROOM - outer.headerBytes());
            assertThat(test.guardsAreWhole(row, frameEnd)).isTrue();
        }
    }

    @ParameterizedTest(name = "inner IPv6 {0} outer IPv6 {1}")
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void shouldTakeAPacketThatJustFits(boolean innerIpv6, boolean outerIpv6) {
        openPath(outerIpv6, 1500);
        TestFlow flow = flow(innerIpv6);
        TestPacket inner = packetOf(flow, outerIpv6 ? 1460 : 1480);
        inner.dontFragment = true;
        int row = add(inner, flow, 1500);
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
        assertThat(test.burst.count).isEqualTo(1);
        assertThat(test.packet(row)).hasSize(1500).isEqualTo(outer(inner, outerIpv6).bytes());
    }

    private TestPacket packetOf(TestFlow flow, int bytes) {
        TestPacket packet = flow.fromClient(new TestPacket());
        packet.payload = new byte[bytes - packet.headerBytes() - 8];
        random.nextBytes(packet.payload);
        return packet;
    }

    @ParameterizedTest(name = "outer IPv6 {0} bytes {1}")
    @CsvSource({"false,1481", "false,1500", "true,1461", "true,1500", "false,3000", "true,3001"})
    void shouldCutTheOuterPacketWhenTheInnerOneMayBeCut(boolean outerIpv6, int bytes) {
        openPath(outerIpv6, 1500);
        TestFlow flow = flow(false);
        TestPacket inner = packetOf(flow, bytes);
        int row = add(inner, flow, 1500);
        stage.forward(test.burst, 0);
        assertThat(test.burst.count).isEqualTo(bytes > 2000 ? 3 : 2);
        byte[] whole = Reassembly.of(test, row, 0, 1500);
        assertThat(whole).isEqualTo(outer(inner, outerIpv6).bytes());
    }

    @ParameterizedTest(name = "outer IPv6 {0} bytes {1} mtu {2}")
    @CsvSource({"false,1280,1280", "true,1280,1280", "true,1241,1280", "false,1280,576"})
    void shouldCutTheOuterPacketWhenTheWayIsTooNarrowForIpv6(
            boolean outerIpv6, int bytes, int mtu) {
        openPath(outerIpv6, mtu);
        TestFlow flow = flow(true);
        TestPacket inner = packetOf(flow, bytes);
        int row = add(inner, flow, mtu);
        stage.forward(test.burst, 0);
        byte[] whole = Reassembly.of(test, row, 0, mtu);
        assertThat(whole).isEqualTo(outer(inner, outerIpv6).bytes());
    }

    @ParameterizedTest(name = "inner IPv6 {0} outer IPv6 {1} checksum {2}")
    @CsvSource({
        "false,false,false",
        "false,true,false",
        "true,false,true",
        "true,true,true",
        "false,false,true"
    })
    void shouldPutAGreHeaderBetween(boolean innerIpv6, boolean outerIpv6, boolean checksum) {
        openPath(outerIpv6, 1500, new Tunnel(TunnelType.GRE, 0, checksum, false));
        for (int round = 0; round < 200; round++) {
            test.reset();
            TestFlow flow = flow(innerIpv6);
            TestPacket inner = flow.fromClient(new TestPacket().randomize(random));
            int row = add(inner, flow, 1500);
            stage.forward(test.burst, 0);
            TestPacket outer = outer(inner, outerIpv6);
            outer.protocol = 47;
            byte[] gre = new byte[(checksum ? 8 : 4) + outer.payload.length];
            ByteBuffer.wrap(gre)
                    .putShort((short) (checksum ? 0x8000 : 0))
                    .putShort((short) (innerIpv6 ? 0x86DD : 0x0800))
                    .put(gre.length - outer.payload.length, outer.payload);
            if (checksum) {
                int sum = SlowChecksum.of(gre, 0, gre.length);
                ByteBuffer.wrap(gre).putShort(4, (short) sum);
            }
            outer.payload = gre;
            assertThat(test.packet(row)).isEqualTo(outer.bytes());
        }
    }

    @ParameterizedTest(name = "inner IPv6 {0} outer IPv6 {1} checksum {2}")
    @CsvSource({
        "false,false,false",
        "false,true,false",
        "true,false,true",
        "true,true,true",
        "false,false,true"
    })
    void shouldPutUdpAndGueHeadersBetween(boolean innerIpv6, boolean outerIpv6, boolean checksum) {
        openPath(outerIpv6, 1500, new Tunnel(TunnelType.GUE, 6080, checksum, false));
        for (int round = 0; round < 200; round++) {
            test.reset();
            TestFlow flow = flow(innerIpv6);
            TestPacket inner = flow.fromClient(new TestPacket().randomize(random));
            int row = add(inner, flow, 1500);
            test.burst.hash[row] = 0x1234_5678_0000_0000L;
            stage.forward(test.burst, 0);
            TestPacket outer = outer(inner, outerIpv6);
            outer.protocol = TestPacket.UDP;
            outer.udpChecksum = checksum;
            outer.sourcePort = 0xC000 | (0x1234 ^ 0x5678) & 0x3FFF;
            outer.destinationPort = 6080;
            outer.payload =
                    ByteBuffer.wrap(new byte[4 + outer.payload.length])
                            .put(1, (byte) (innerIpv6 ? 41 : 4))
                            .put(4, outer.payload)
                            .array();
            assertThat(test.packet(row)).isEqualTo(outer.bytes());
        }
    }

    /**
     * --tun-remcsum, byte for byte as Linux 6.12 was recorded to send a packet that came from the
     * wire: with the checksum, but without the option, because there is no checksum left to
     * offload. Only the source port is the sender's own choice.
     */
    @Test
    void shouldSendAsTheKernelWithRemoteChecksumOffload() {
        openPath(false, 1500, new Tunnel(TunnelType.GUE, 6080, false, true));
        TestFlow flow = flow(false);
        TestPacket inner = new TestPacket();
        inner.source = Address.parse("10.0.0.2");
        inner.destination = Address.parse("10.0.0.100");
        inner.protocol = TestPacket.UDP;
        inner.identification = 7;
        inner.ttl = 64;
        inner.sourcePort = 4001;
        inner.destinationPort = 5000;
        inner.payload = "hello".getBytes(StandardCharsets.US_ASCII);
        int row = add(inner, flow, 1500);
        stage.forward(test.burst, 0);
        byte[] sent = test.packet(row);
        String recorded =
                "00040000" // GUE: no option, IPv4
                        + "45000021000700003f1167600a0000020a000064" // TTL 63
                        + "0fa11388000d847368656c6c6f";
        assertThat(HexFormat.of().formatHex(sent, 28, sent.length)).isEqualTo(recorded);
        ByteBuffer outer = ByteBuffer.wrap(sent);
        assertThat(outer.getShort(22)).isEqualTo((short) 6080);
        assertThat(outer.getShort(24)).isEqualTo((short) 45);
        assertThat(outer.getShort(26)).isNotZero();
        assertThat(sent).isEqualTo(rewrittenBySlowModel(inner, sent));
    }

    /** The same packet with UDP checksum and IP header made by the test's own slow rules. */
    private byte[] rewrittenBySlowModel(TestPacket inner, byte[] sent) {
        TestPacket outer = outer(inner, false);
        outer.protocol = TestPacket.UDP;
        outer.udpChecksum = true;
        outer.sourcePort = ByteBuffer.wrap(sent).getShort(20) & 0xFFFF;
        outer.destinationPort = 6080;
        outer.payload = Arrays.copyOfRange(sent, 28, sent.length);
        return outer.bytes();
    }

    @Test
    void shouldDropWhenThereIsNoHeadroom() {
        openPath(true, 1500);
        TestFlow flow = flow(false);
        int row = add(flow.fromClient(new TestPacket()), flow, 1500);
        test.burst.headroom[row] = 39;
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.DROP_NO_HEADROOM);
    }

    @Test
    void shouldDropWhenTheServerHasNoTunnel() {
        paths.set(TestFlow.SERVER_INDEX, new ServerPath(TestBurst.NEXT_HOP, 1500));
        TestFlow flow = flow(false);
        int row = add(flow.fromClient(new TestPacket()), flow, 1500);
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.DROP_FAMILY_MISMATCH);
    }

    @Test
    void shouldDropWhenTheWayCannotCarryATunnel() {
        openPath(false, 87);
        TestFlow flow = flow(false);
        TestPacket packet = packetOf(flow, 200);
        int row = add(packet, flow, 87);
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.DROP_TOO_BIG);
    }

    @Test
    void shouldCarryAnIcmpErrorUnchanged() {
        openPath(false, 1500);
        TestFlow flow = flow(false);
        TestPacket error = new TestPacket();
        error.source = flow.client();
        error.destination = flow.virtual();
        error.protocol = TestPacket.ICMP;
        error.payload = flow.toClient(new TestPacket()).bytes();
        int row = add(error, flow, 1500);
        stage.forward(test.burst, 0);
        assertThat(test.burst.verdict[row]).isEqualTo(Verdict.FORWARDED);
        assertThat(test.packet(row)).isEqualTo(outer(error, false).bytes());
    }

    @Test
    void shouldRefuseATunnelBetweenFamilies() {
        assertThatThrownBy(() -> ServerPath.tunnel(1, 1500, SOURCE4, SERVER6, Tunnel.IPIP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a tunnel to 2001:db8:2::7 cannot begin at 10.1.0.254");
    }
}
