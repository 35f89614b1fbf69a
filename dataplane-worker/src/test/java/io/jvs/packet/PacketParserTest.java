package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.service.Address;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacketParserTest {
    private static final String CLIENT = "192.0.2.9";
    private static final String VIP = "198.51.100.1";
    private static final String CLIENT6 = "2001:db8::9";
    private static final String VIP6 = "2001:db8:1::1";
    private static final byte[] DATA = {1, 2, 3, 4, 5};
    private static final int PORT = 2;

    private final InterfaceTable interfaces = new InterfaceTable();
    private final PacketParser parser = new PacketParser(interfaces);
    private final TestBurst rows = new TestBurst();
    private final PacketBurst burst = rows.burst;

    PacketParserTest() {
        interfaces.add(PORT, 0, Frames.DIRECTOR, 1500);
        interfaces.add(PORT, 100, Frames.DIRECTOR, 1500);
    }

    @AfterEach
    void close() {
        rows.close();
    }

    private int verdictOf(byte[] frame) {
        rows.clear();
        rows.add(PORT, frame);
        parser.parse(burst);
        return burst.verdict[0];
    }

    private int verdictOfIp(byte[] ip) {
        return verdictOf(Frames.frame(ip));
    }

    private static int rawIpv4(String address) {
        return Integer.reverseBytes((int) Address.parse(address).low());
    }

    private static long rawPair(String source, String destination) {
        return rawIpv4(source) & 0xFFFF_FFFFL | (long) rawIpv4(destination) << 32;
    }

    private static int rawPorts(int source, int destination) {
        return Short.reverseBytes((short) source) & 0xFFFF
                | Short.reverseBytes((short) destination) << 16;
    }

    private void assertKey6(String source, String destination) {
        Address from = Address.parse(source);
        Address to = Address.parse(destination);
        assertThat(burst.key0[0]).isEqualTo(Long.reverseBytes(from.high()));
        assertThat(burst.key1[0]).isEqualTo(Long.reverseBytes(from.low()));
        assertThat(burst.key2[0]).isEqualTo(Long.reverseBytes(to.high()));
        assertThat(burst.key3[0]).isEqualTo(Long.reverseBytes(to.low()));
    }

    private void assertKind(int kind, int protocol, int ports) {
        assertThat((int) burst.verdict[0]).isEqualTo(Verdict.NONE);
        assertThat((int) burst.kind[0]).isEqualTo(kind);
        assertThat(burst.protocol[0]).isEqualTo(protocol);
        assertThat(burst.ports[0]).isEqualTo(ports);
    }

    @Test
    void shouldParseTcpOverIpv4() {
        byte[] frame =
                Frames.join(
                        Frames.frame(Frames.tcp(CLIENT, 40000, VIP, 80, 0x12, DATA)), new byte[7]);
        verdictOf(frame);
        assertKind(PacketBurst.KIND_IPV4, 6, rawPorts(40000, 80));
        assertThat(burst.key0[0]).isEqualTo(rawPair(CLIENT, VIP));
        assertThat(burst.tcpFlags[0]).isEqualTo(0x12);
        assertThat(burst.ingress[0]).isZero();
        assertThat(burst.layer3[0]).isEqualTo(14);
        assertThat(burst.layer4[0]).isEqualTo(34);
        assertThat(burst.end[0]).isEqualTo(frame.length - 7);
    }

    @Test
    void shouldParseATaggedFrame() {
        verdictOf(Frames.tagged(0xE064, 0x0800, Frames.udp(CLIENT, 53, VIP, 54, DATA)));
        assertKind(PacketBurst.KIND_IPV4, 17, rawPorts(53, 54));
        assertThat(burst.ingress[0]).isEqualTo(1);
        assertThat(burst.layer3[0]).isEqualTo(18);
        verdictOf(Frames.tagged(0xE000, 0x0800, Frames.udp(CLIENT, 53, VIP, 54, DATA)));
        assertThat(burst.ingress[0]).isZero();
        assertThat(verdictOf(Frames.tagged(101, 0x0800, DATA)))
                .isEqualTo(Verdict.DROP_UNKNOWN_VLAN);
    }

    @Test
    void shouldParseIpv4Options() {
        byte[] tcp = Frames.tcp(CLIENT, 1, VIP, 2, 2, DATA);
        byte[] packet =
                Frames.join(
                        Frames.slice(tcp, 0, 20),
                        Frames.hex("01010100"),
                        Frames.slice(tcp, 20, 25));
        packet[0] = 0x46;
        Frames.put16(packet, 2, packet.length);
        verdictOfIp(Frames.fixIpv4(packet));
        assertKind(PacketBurst.KIND_IPV4, 6, rawPorts(1, 2));
        assertThat(burst.layer4[0]).isEqualTo(38);
    }

    @Test
    void shouldParseOverIpv6() {
        verdictOfIp(Frames.tcp(CLIENT6, 40000, VIP6, 443, 2, DATA));
        assertKind(PacketBurst.KIND_IPV6, 6, rawPorts(40000, 443));
        assertKey6(CLIENT6, VIP6);
        assertThat(burst.end[0]).isEqualTo(14 + 40 + 25);
        verdictOfIp(Frames.sctp(CLIENT6, 7, VIP6, 8, DATA));
        assertKind(PacketBurst.KIND_IPV6, 132, rawPorts(7, 8));
        verdictOfIp(Frames.ip(CLIENT6, VIP6, 47, DATA));
        assertKind(PacketBurst.KIND_IPV6_OTHER, 47, 0);
    }

    @Test
    void shouldPassExtensionHeaders() {
        byte[] udp = Frames.slice(Frames.udp(CLIENT6, 5, VIP6, 6, DATA), 40, 13);
        byte[] chain =
                Frames.join(
                        Frames.hex("3c00 0104 00000000"),
                        Frames.hex("2b01 010c 000000000000000000000000"),
                        Frames.hex("1100 0400 00000000"),
                        udp);
        verdictOfIp(Frames.ip(CLIENT6, VIP6, 0, chain));
        assertKind(PacketBurst.KIND_IPV6, 17, rawPorts(5, 6));
        assertThat(burst.layer4[0]).isEqualTo(14 + 40 + 32);
    }

    @Test
    void shouldRefuseExtensionHeadersThatCannotBeForwarded() {
        byte[] segmentsLeft = Frames.hex("1100 0401 00000000");
        assertThat(verdictOfIp(Frames.ip(CLIENT6, VIP6, 43, segmentsLeft)))
                .isEqualTo(Verdict.DROP_EXTENSION_HEADER);
        byte[] typeZero = Frames.hex("1100 0000 00000000");
        assertThat(verdictOfIp(Frames.ip(CLIENT6, VIP6, 43, typeZero)))
                .isEqualTo(Verdict.DROP_EXTENSION_HEADER);
        byte[] lateHopByHop = Frames.hex("0000 0104 00000000 1100 0104 00000000");
        assertThat(verdictOfIp(Frames.ip(CLIENT6, VIP6, 60, lateHopByHop)))
                .isEqualTo(Verdict.DROP_EXTENSION_HEADER);
        byte[] many = new byte[0];
        for (int i = 0; i < 9; i++) {
            many = Frames.join(many, Frames.hex("3c00 0104 00000000"));
        }
        assertThat(verdictOfIp(Frames.ip(CLIENT6, VIP6, 60, many)))
                .isEqualTo(Verdict.DROP_EXTENSION_HEADER);
        assertThat(verdictOfIp(Frames.ip(CLIENT6, VIP6, 60, Frames.hex("1101 0104 00000000"))))
                .isEqualTo(Verdict.DROP_MALFORMED_IPV6);
        assertThat(verdictOfIp(Frames.ip(CLIENT6, VIP6, 0, DATA)))
                .isEqualTo(Verdict.DROP_MALFORMED_IPV6);
    }

    @Test
    void shouldTurnTheKeyOfAnIcmpErrorRound() {
        byte[] inner = Frames.slice(Frames.udp("10.0.0.1", 3000, "10.0.0.5", 80, DATA), 0, 28);
        verdictOfIp(Frames.icmp("10.0.0.5", "10.0.0.1", 3, 3, 0, inner));
        assertKind(PacketBurst.KIND_ICMP4_ERROR, 17, rawPorts(80, 3000));
        assertThat(burst.key0[0]).isEqualTo(rawPair("10.0.0.5", "10.0.0.1"));
        assertThat(burst.layer4[0]).isEqualTo(34);
    }

    @Test
    void shouldTurnTheKeyOfAnIcmpv6ErrorRound() {
        byte[] udp = Frames.slice(Frames.udp(VIP6, 80, CLIENT6, 3000, DATA), 40, 8);
        byte[] hop = Frames.hex("1100 0104 00000000");
        byte[] inner = Frames.ip(VIP6, CLIENT6, 0, Frames.join(hop, udp));
        verdictOfIp(Frames.icmp6("2001:db8:5::1", VIP6, 2, 0, 1280, inner));
        assertKind(PacketBurst.KIND_ICMP6_ERROR, 17, rawPorts(3000, 80));
        assertKey6(CLIENT6, VIP6);
        byte[] first = Frames.hex("1100 0001 00000001");
        byte[] fragment = Frames.ip(VIP6, CLIENT6, 44, Frames.join(first, udp));
        verdictOfIp(Frames.icmp6("2001:db8:5::1", VIP6, 1, 4, 0, fragment));
        assertKind(PacketBurst.KIND_ICMP6_ERROR, 17, rawPorts(3000, 80));
        byte[] later = Frames.hex("1100 0009 00000001");
        byte[] rest = Frames.ip(VIP6, CLIENT6, 44, Frames.join(later, udp));
        verdictOfIp(Frames.icmp6("2001:db8:5::1", VIP6, 1, 4, 0, rest));
        assertKind(PacketBurst.KIND_ICMP6, 58, 0);
    }

    @Test
    void shouldRefuseIcmpErrorsWithTooLittleInside() {
        byte[] inner = Frames.slice(Frames.udp("10.0.0.1", 3000, "10.0.0.5", 80, DATA), 0, 27);
        assertThat(verdictOfIp(Frames.icmp("10.0.0.5", "10.0.0.1", 3, 3, 0, inner)))
                .isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
        byte[] whole = Frames.udp("10.0.0.1", 3000, "10.0.0.5", 80, DATA);
        byte[] wrong = Frames.icmp("10.0.0.5", "10.0.0.1", 3, 3, 0, whole);
        wrong[wrong.length - 1] ^= 1;
        assertThat(verdictOfIp(wrong)).isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
        byte[] inner6 = Frames.slice(Frames.udp(VIP6, 80, CLIENT6, 3000, DATA), 0, 47);
        assertThat(verdictOfIp(Frames.icmp6(CLIENT6, VIP6, 1, 4, 0, inner6)))
                .isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
        byte[] inner0 = Frames.slice(inner6, 0, 39);
        assertThat(verdictOfIp(Frames.icmp6(CLIENT6, VIP6, 1, 4, 0, inner0)))
                .isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
        byte[] gre = Frames.ip("10.0.0.1", "10.0.0.5", 47, new byte[8]);
        verdictOfIp(Frames.icmp("10.0.0.5", "10.0.0.1", 3, 4, 1400, gre));
        assertKind(PacketBurst.KIND_ICMP4, 1, 0);
    }

    @Test
    void shouldKnowEchoAndNeighborDiscovery() {
        verdictOfIp(Frames.icmp(CLIENT, VIP, 8, 0, 1, DATA));
        assertKind(PacketBurst.KIND_ICMP4, 1, 0);
        verdictOfIp(Frames.icmp6(CLIENT6, VIP6, 128, 0, 1, DATA));
        assertKind(PacketBurst.KIND_ICMP6, 58, 0);
        byte[] option = Frames.linkOption(1, Frames.PEER);
        byte[] solicitation = Frames.discovery(CLIENT6, VIP6, 135, 0, VIP6, option);
        verdictOfIp(solicitation);
        assertKind(PacketBurst.KIND_ND, 58, 0);
        solicitation[7] = 64;
        assertThat(verdictOfIp(solicitation)).isEqualTo(Verdict.DROP_MALFORMED_ND);
        solicitation[7] = (byte) 255;
        solicitation[60] ^= 1;
        assertThat(verdictOfIp(solicitation)).isEqualTo(Verdict.DROP_MALFORMED_ND);
    }

    @Test
    void shouldParseArp() {
        byte[] arp = Frames.arp(1, Frames.PEER, CLIENT, 0, VIP);
        byte[] frame =
                Frames.ethernet(
                        EthernetHeader.BROADCAST,
                        Frames.PEER,
                        0x0806,
                        Frames.join(arp, new byte[18]));
        assertThat(verdictOf(frame)).isEqualTo(Verdict.NONE);
        assertThat((int) burst.kind[0]).isEqualTo(PacketBurst.KIND_ARP);
        assertThat(burst.end[0]).isEqualTo(14 + 28);
        assertThat(verdictOf(Frames.ethernet(0x0806, Frames.slice(arp, 0, 27))))
                .isEqualTo(Verdict.DROP_MALFORMED_ARP);
        arp[5] = 16;
        assertThat(verdictOf(Frames.ethernet(0x0806, arp))).isEqualTo(Verdict.DROP_MALFORMED_ARP);
    }

    @Test
    void shouldRefuseFramesThatAreNotForUs() {
        byte[] ip = Frames.udp(CLIENT, 1, VIP, 2, DATA);
        assertThat(verdictOf(Frames.ethernet(0x02_00_00_00_00_02L, Frames.PEER, 0x0800, ip)))
                .isEqualTo(Verdict.DROP_OTHER_MAC);
        assertThat(verdictOf(Frames.ethernet(EthernetHeader.BROADCAST, Frames.PEER, 0x0800, ip)))
                .isEqualTo(Verdict.DROP_OTHER_MAC);
        byte[] ip6 = Frames.udp(CLIENT6, 1, VIP6, 2, DATA);
        assertThat(verdictOf(Frames.ethernet(0x3333_0000_0001L, Frames.PEER, 0x86DD, ip6)))
                .isEqualTo(Verdict.DROP_OTHER_MAC);
        assertThat(verdictOf(Frames.ethernet(Frames.DIRECTOR, Frames.DIRECTOR, 0x0800, ip)))
                .isEqualTo(Verdict.DROP_LOOP);
        assertThat(verdictOf(Frames.ethernet(Frames.DIRECTOR, 0x0300_0000_0001L, 0x0800, ip)))
                .isEqualTo(Verdict.DROP_BAD_SOURCE);
        assertThat(verdictOf(Frames.ethernet(0x88CC, DATA)))
                .isEqualTo(Verdict.DROP_UNKNOWN_ETHERTYPE);
        assertThat(verdictOf(new byte[13])).isEqualTo(Verdict.DROP_TRUNCATED_ETHERNET);
        assertThat(verdictOf(Frames.ethernet(0x8100, new byte[3])))
                .isEqualTo(Verdict.DROP_TRUNCATED_ETHERNET);
    }

    @Test
    void shouldTakeMulticastInAGroupsFrame() {
        byte[] ip = Frames.udp(CLIENT, 1, "224.0.0.251", 2, DATA);
        assertThat(verdictOf(Frames.ethernet(0x0100_5E00_00FBL, Frames.PEER, 0x0800, ip)))
                .isEqualTo(Verdict.NONE);
    }

    @Test
    void shouldRefuseMalformedIpv4() {
        byte[] good = Frames.udp(CLIENT, 1, VIP, 2, DATA);
        assertThat(verdictOf(Frames.ethernet(0x0800, Frames.slice(good, 0, 19))))
                .isEqualTo(Verdict.DROP_MALFORMED_IPV4);
        assertThat(verdictOf(Frames.ethernet(0x0800, Frames.slice(good, 0, 32))))
                .isEqualTo(Verdict.DROP_MALFORMED_IPV4);
        byte[] bad = good.clone();
        bad[0] = 0x44;
        assertThat(verdictOf(Frames.ethernet(0x0800, bad))).isEqualTo(Verdict.DROP_MALFORMED_IPV4);
        bad[0] = 0x65;
        assertThat(verdictOf(Frames.ethernet(0x0800, bad))).isEqualTo(Verdict.DROP_MALFORMED_IPV4);
        bad = good.clone();
        Frames.put16(bad, 2, 19);
        assertThat(verdictOfIp(bad)).isEqualTo(Verdict.DROP_MALFORMED_IPV4);
        bad = good.clone();
        bad[8]--;
        assertThat(verdictOfIp(bad)).isEqualTo(Verdict.DROP_BAD_IPV4_CHECKSUM);
        parser.setChecksumVerified(PORT, true);
        assertThat(verdictOfIp(bad)).isEqualTo(Verdict.NONE);
        parser.setChecksumVerified(PORT, false);
        assertThat(verdictOfIp(bad)).isEqualTo(Verdict.DROP_BAD_IPV4_CHECKSUM);
    }

    @Test
    void shouldRefuseMalformedIpv6() {
        byte[] good = Frames.udp(CLIENT6, 1, VIP6, 2, DATA);
        assertThat(verdictOf(Frames.ethernet(0x86DD, Frames.slice(good, 0, 39))))
                .isEqualTo(Verdict.DROP_MALFORMED_IPV6);
        assertThat(verdictOf(Frames.ethernet(0x86DD, Frames.slice(good, 0, 52))))
                .isEqualTo(Verdict.DROP_MALFORMED_IPV6);
        good[0] = 0x45;
        assertThat(verdictOf(Frames.ethernet(0x86DD, good))).isEqualTo(Verdict.DROP_MALFORMED_IPV6);
    }

    @Test
    void shouldRefuseBadSources() {
        for (String source :
                new String[] {
                    "0.0.0.0",
                    "0.1.2.3",
                    "127.0.0.1",
                    "224.0.0.1",
                    "255.255.255.255",
                    "240.0.0.1",
                    VIP
                }) {
            assertThat(verdictOfIp(Frames.udp(source, 1, VIP, 2, DATA)))
                    .as(source)
                    .isEqualTo(Verdict.DROP_BAD_SOURCE);
        }
        for (String source : new String[] {"::", "::1", "ff02::1", "::ffff:192.0.2.1", VIP6}) {
            assertThat(verdictOfIp(Frames.udp(source, 1, VIP6, 2, DATA)))
                    .as(source)
                    .isEqualTo(Verdict.DROP_BAD_SOURCE);
        }
    }

    @Test
    void shouldRefuseMalformedTransport() {
        byte[] tcp = Frames.slice(Frames.tcp(CLIENT, 1, VIP, 2, 2, DATA), 20, 25);
        assertThat(verdictOfIp(Frames.ip(CLIENT, VIP, 6, Frames.slice(tcp, 0, 19))))
                .isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
        tcp[12] = 0x40;
        assertThat(verdictOfIp(Frames.ip(CLIENT, VIP, 6, tcp)))
                .isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
        tcp[12] = 0x70;
        assertThat(verdictOfIp(Frames.ip(CLIENT, VIP, 6, tcp)))
                .isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
        byte[] udp = Frames.slice(Frames.udp(CLIENT, 1, VIP, 2, DATA), 20, 13);
        Frames.put16(udp, 4, 14);
        assertThat(verdictOfIp(Frames.ip(CLIENT, VIP, 17, udp)))
                .isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
        Frames.put16(udp, 4, 7);
        assertThat(verdictOfIp(Frames.ip(CLIENT, VIP, 17, udp)))
                .isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
        assertThat(verdictOfIp(Frames.ip(CLIENT, VIP, 132, new byte[11])))
                .isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
        assertThat(verdictOfIp(Frames.ip(CLIENT, VIP, 1, new byte[7])))
                .isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
        assertThat(verdictOfIp(Frames.ip(CLIENT6, VIP6, 58, new byte[7])))
                .isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
    }

    @Test
    void shouldLeaveRowsThatHaveAVerdict() {
        rows.add(PORT, Frames.frame(Frames.udp(CLIENT, 1, VIP, 2, DATA)));
        rows.add(PORT, Frames.frame(Frames.udp(CLIENT, 1, VIP, 2, DATA)));
        burst.verdict[0] = Verdict.DROP_MULTI_SEGMENT;
        parser.parse(burst);
        assertThat((int) burst.verdict[0]).isEqualTo(Verdict.DROP_MULTI_SEGMENT);
        assertThat((int) burst.kind[0]).isEqualTo(PacketBurst.KIND_OTHER);
        assertThat((int) burst.kind[1]).isEqualTo(PacketBurst.KIND_IPV4);
    }

    /** What lies behind a frame must not matter: two copies with different bytes behind them. */
    @Test
    void shouldReadNothingBehindTheFrameWhateverItHolds() {
        Random random = new Random(7);
        byte[][] seeds = FuzzSeeds.all();
        try (MemoryRegion region = MemoryRegion.anonymous(8192)) {
            for (int round = 0; round < 400_000; round++) {
                byte[] frame = FuzzSeeds.mutate(seeds[random.nextInt(seeds.length)], random);
                parseTwice(region.address(), frame, random.nextInt());
            }
        }
    }

    private void parseTwice(long memory, byte[] frame, int behind) {
        burst.clear();
        for (int i = 0; i < 2; i++) {
            long at = memory + i * 4096L;
            Memory.copyIn(frame, 0, at, frame.length);
            Memory.fill(at + frame.length, 64, i == 0 ? behind : ~behind);
            int row = burst.add();
            burst.data[row] = at;
            burst.length[row] = frame.length;
            burst.port[row] = PORT;
        }
        parser.parse(burst);
        assertSame(frame);
        int verdict = burst.verdict[0];
        assertThat(verdict == Verdict.NONE || Verdict.isDrop(verdict)).isTrue();
        if (verdict == Verdict.NONE) {
            assertThat(burst.layer3[0]).isBetween(14, 18);
            assertThat(burst.end[0]).isBetween(burst.layer3[0], frame.length);
            assertThat(burst.layer4[0]).isLessThanOrEqualTo(burst.end[0]);
        }
    }

    private void assertSame(byte[] frame) {
        boolean same =
                burst.verdict[0] == burst.verdict[1]
                        && burst.kind[0] == burst.kind[1]
                        && burst.ingress[0] == burst.ingress[1]
                        && burst.layer3[0] == burst.layer3[1]
                        && burst.layer4[0] == burst.layer4[1]
                        && burst.end[0] == burst.end[1]
                        && burst.protocol[0] == burst.protocol[1]
                        && burst.ports[0] == burst.ports[1]
                        && burst.tcpFlags[0] == burst.tcpFlags[1];
        boolean keyed = same && burst.verdict[0] == Verdict.NONE && burst.protocol[0] != 0;
        if (keyed) {
            same = burst.key0[0] == burst.key0[1];
        }
        assertThat(same).as(() -> java.util.HexFormat.of().formatHex(frame)).isTrue();
    }
}
