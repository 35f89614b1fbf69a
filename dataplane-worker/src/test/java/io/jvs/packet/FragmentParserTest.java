package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the parser says of fragments. */
class FragmentParserTest {
    private static final String CLIENT = "10.0.0.1";
    private static final String VIP = "10.0.0.9";
    private static final String CLIENT6 = "2001:db8::1";
    private static final String VIP6 = "2001:db8::9";
    private static final int MORE = 0x2000;

    private final InterfaceTable interfaces = new InterfaceTable();
    private final PacketParser parser;
    private final TestBurst test = new TestBurst();
    private final PacketBurst burst = test.burst;

    FragmentParserTest() {
        interfaces.add(0, 0, Frames.DIRECTOR, 1500);
        parser = new PacketParser(interfaces);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private int parse(byte[] ip) {
        test.clear();
        test.add(0, Frames.frame(ip));
        parser.parse(burst);
        return burst.verdict[0];
    }

    private int parse4(byte[] ip, int word) {
        Frames.put16(ip, 4, 0x1234);
        Frames.put16(ip, 6, word);
        return parse(Frames.fixIpv4(ip));
    }

    private static byte[] header6(int next, int word) {
        return Frames.join(
                new byte[] {(byte) next, 0}, Frames.be16(word), Frames.be32(0xCAFE_0001));
    }

    private int parse6(int next, int word, byte[] payload) {
        return parse(Frames.ip(CLIENT6, VIP6, 44, Frames.join(header6(next, word), payload)));
    }

    private static byte[] udp6(int bytes) {
        return Frames.slice(Frames.udp(CLIENT6, 1, VIP6, 2, new byte[bytes]), 40, 8 + bytes);
    }

    @Test
    void shouldReadPortsOfAFirstFragmentOfIpv4() {
        byte[] ip = Frames.udp(CLIENT, 1, VIP, 2, new byte[24]);
        Frames.put16(ip, 24, 4000);
        assertThat(parse4(ip, MORE)).isEqualTo(Verdict.NONE);
        assertThat((int) burst.kind[0]).isEqualTo(PacketBurst.KIND_IPV4);
        assertThat(burst.ports[0]).isEqualTo(0x0200_0100);
        assertThat(burst.fragments).isEqualTo(1);
        assertThat(burst.fragmentId[0]).isEqualTo(0x1234);
        assertThat(burst.fragmentBytes[0]).isEqualTo(32);
        assertThat(FragmentWord.isLater(burst.fragment[0])).isFalse();
        assertThat(FragmentWord.hasMore(burst.fragment[0])).isTrue();
    }

    @Test
    void shouldReadPortsOfAFirstFragmentOfIpv6() {
        byte[] udp = udp6(24);
        Frames.put16(udp, 4, 4000);
        byte[] options = Frames.hex("1100 0104 00000000");
        assertThat(parse6(60, 1, Frames.join(options, udp))).isEqualTo(Verdict.NONE);
        assertThat((int) burst.kind[0]).isEqualTo(PacketBurst.KIND_IPV6);
        assertThat(burst.layer4[0]).isEqualTo(14 + 40 + 8 + 8);
        assertThat(burst.ports[0]).isEqualTo(0x0200_0100);
        assertThat(burst.fragmentId[0]).isEqualTo(0xCAFE_0001);
        assertThat(burst.fragmentBytes[0]).isEqualTo(40);
    }

    @Test
    void shouldReadNoPortsOfLaterFragments() {
        assertThat(parse4(Frames.udp(CLIENT, 1, VIP, 2, new byte[24]), 0x1FF)).isZero();
        assertThat((int) burst.kind[0]).isEqualTo(PacketBurst.KIND_IPV4_OTHER);
        assertThat(burst.protocol[0]).isEqualTo(17);
        assertThat(burst.ports[0]).isZero();
        assertThat(FragmentWord.offset(burst.fragment[0])).isEqualTo(0xFF8);
        assertThat(FragmentWord.hasMore(burst.fragment[0])).isFalse();
        assertThat(parse6(17, 0xFF8 | 1, udp6(24))).isZero();
        assertThat((int) burst.kind[0]).isEqualTo(PacketBurst.KIND_IPV6_OTHER);
        assertThat(burst.layer4[0]).isEqualTo(14 + 40 + 8);
        assertThat(FragmentWord.offset(burst.fragment[0])).isEqualTo(0xFF8);
        assertThat(FragmentWord.hasMore(burst.fragment[0])).isTrue();
    }

    @Test
    void shouldTakeAnAtomicFragmentForAWholePacket() {
        assertThat(parse6(17, 0, udp6(5))).isEqualTo(Verdict.NONE);
        assertThat((int) burst.kind[0]).isEqualTo(PacketBurst.KIND_IPV6);
        assertThat(burst.fragment[0]).isZero();
        assertThat(burst.fragments).isZero();
        byte[] udp = udp6(5);
        Frames.put16(udp, 4, 4000);
        assertThat(parse6(17, 0, udp)).isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 16, 19})
    void shouldRefuseFirstFragmentsWithoutAWholeTcpHeader(int bytes) {
        byte[] tcp = Frames.tcp(CLIENT, 1, VIP, 2, 2, new byte[40]);
        byte[] cut = Frames.slice(tcp, 0, 20 + (bytes & ~7));
        Frames.put16(cut, 2, cut.length);
        int expected = bytes < 8 ? Verdict.DROP_FRAGMENT_MALFORMED : Verdict.DROP_FRAGMENT_TINY;
        assertThat(parse4(cut, MORE)).isEqualTo(expected);
        byte[] cut6 =
                Frames.slice(Frames.tcp(CLIENT6, 1, VIP6, 2, 2, new byte[40]), 40, bytes & ~7);
        assertThat(parse6(6, 1, cut6)).isEqualTo(expected);
    }

    @Test
    void shouldRefuseWhatWouldOverwriteTcpFlags() {
        assertThat(parse4(Frames.tcp(CLIENT, 1, VIP, 2, 2, new byte[40]), 1))
                .isEqualTo(Verdict.DROP_FRAGMENT_TINY);
        assertThat(parse6(6, 8, new byte[16])).isEqualTo(Verdict.DROP_FRAGMENT_TINY);
        assertThat(parse6(17, 8, new byte[16])).isEqualTo(Verdict.NONE);
    }

    @Test
    void shouldRefuseHeaderChainsThatGoBeyondTheFirstFragment() {
        assertThat(parse6(60, 1, Frames.hex("1105 0104 00000000")))
                .isEqualTo(Verdict.DROP_FRAGMENT_TINY);
        assertThat(parse6(44, 1, Frames.join(header6(17, 1), udp6(8))))
                .isEqualTo(Verdict.DROP_EXTENSION_HEADER);
        assertThat(parse6(0, 1, Frames.join(Frames.hex("1100 0104 00000000"), udp6(8))))
                .isEqualTo(Verdict.DROP_EXTENSION_HEADER);
        assertThat(parse(Frames.ip(CLIENT6, VIP6, 44, Frames.hex("11000001"))))
                .isEqualTo(Verdict.DROP_MALFORMED_IPV6);
    }

    @Test
    void shouldRefuseWhatNoDatagramCanHave() {
        byte[] odd = Frames.udp(CLIENT, 1, VIP, 2, new byte[25]);
        assertThat(parse4(odd, MORE)).isEqualTo(Verdict.DROP_FRAGMENT_MALFORMED);
        assertThat(parse6(17, 1, udp6(25))).isEqualTo(Verdict.DROP_FRAGMENT_MALFORMED);
        byte[] empty = Frames.ip(CLIENT, VIP, 17, new byte[0]);
        assertThat(parse4(empty, MORE | 5)).isEqualTo(Verdict.DROP_FRAGMENT_MALFORMED);
        assertThat(parse6(17, 800, new byte[0])).isEqualTo(Verdict.DROP_FRAGMENT_MALFORMED);
        byte[] death = Frames.udp(CLIENT, 1, VIP, 2, new byte[32]);
        assertThat(parse4(death, 0x1FFF)).isEqualTo(Verdict.DROP_FRAGMENT_MALFORMED);
        assertThat(parse6(17, 0xFFF8, udp6(0))).isEqualTo(Verdict.DROP_FRAGMENT_MALFORMED);
        assertThat(parse6(17, 0xFFF0, udp6(0))).isEqualTo(Verdict.NONE);
    }

    @Test
    void shouldRefuseFragmentsOfIcmpErrorsAndOfNeighborDiscovery() {
        byte[] inner = Frames.slice(Frames.udp(VIP, 1, CLIENT, 2, new byte[64]), 0, 60);
        assertThat(parse4(Frames.icmp(CLIENT, VIP, 3, 3, 0, Frames.slice(inner, 0, 56)), MORE))
                .isEqualTo(Verdict.DROP_FRAGMENT);
        assertThat(parse4(Frames.icmp(CLIENT, VIP, 8, 0, 0, new byte[64]), MORE)).isZero();
        assertThat((int) burst.kind[0]).isEqualTo(PacketBurst.KIND_ICMP4);
        assertThat(parse6(58, 1, Frames.hex("0100 0000 00000000")))
                .isEqualTo(Verdict.DROP_FRAGMENT);
        assertThat(parse6(58, 1, Frames.hex("8000 0000 00010001"))).isZero();
        assertThat((int) burst.kind[0]).isEqualTo(PacketBurst.KIND_ICMP6);
        for (int word = 0; word < 2; word++) {
            assertThat(parse6(58, word, Frames.hex("8700 0000 00000000")))
                    .isEqualTo(Verdict.DROP_MALFORMED_ND);
        }
    }
}
