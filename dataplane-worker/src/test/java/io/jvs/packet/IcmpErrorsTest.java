package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IcmpErrorsTest {
    private static final String CLIENT = "192.0.2.9";
    private static final String VIP = "198.51.100.1";
    private static final String CLIENT6 = "2001:db8::9";
    private static final String VIP6 = "2001:db8:1::1";
    private static final String OWN = "198.51.100.254";
    private static final String OWN6 = "2001:db8:1::fe";
    private static final int NOW = 5000;

    private final InterfaceTable interfaces = new InterfaceTable();
    private final PacketParser parser = new PacketParser(interfaces);
    private final IcmpErrors errors = new IcmpErrors(interfaces, new TokenBucket(1000, 50));
    private final TestBurst rows = new TestBurst();
    private final PacketBurst burst = rows.burst;

    IcmpErrorsTest() {
        interfaces.add(0, 0, Frames.DIRECTOR, 1500);
        interfaces.setIpv4(0, (int) Address.parse(OWN).low());
        interfaces.setIpv6(0, Address.parse(OWN6).high(), Address.parse(OWN6).low());
        interfaces.add(0, 100, Frames.DIRECTOR, 1500);
    }

    @AfterEach
    void close() {
        rows.close();
    }

    private void arrive(byte[] frame) {
        rows.clear();
        rows.add(0, frame);
        parser.parse(burst);
        assertThat((int) burst.verdict[0]).isEqualTo(Verdict.NONE);
    }

    private void assertReplied(int link) {
        assertThat((int) burst.verdict[0]).isEqualTo(Verdict.REPLIED);
        assertThat(burst.nextHop[0]).isEqualTo(PacketBurst.NEXT_HOP_DONE);
        assertThat(burst.end[0]).isEqualTo(burst.length[0]);
        assertThat(burst.layer3[0]).isEqualTo(link);
        assertThat(burst.headroom[0] + burst.length[0] + burst.tailroom[0]).isEqualTo(4096);
        byte[] frame = rows.bytes(0);
        assertThat(Frames.slice(frame, 0, 12))
                .isEqualTo(Frames.join(Frames.mac(Frames.PEER), Frames.mac(Frames.DIRECTOR)));
    }

    private byte[] reply(int link) {
        byte[] frame = rows.bytes(0);
        return Frames.slice(frame, link, frame.length - link);
    }

    private static byte[] expected4(byte[] original, int type, int code, int rest, int id) {
        byte[] quoted = Arrays.copyOf(original, Math.min(original.length, 548));
        byte[] packet = Frames.icmp(VIP, CLIENT, type, code, rest, quoted);
        packet[1] = (byte) 0xC0;
        Frames.put16(packet, 4, id);
        Frames.put16(packet, 6, 0);
        return Frames.fixIpv4(packet);
    }

    @Test
    void shouldSayThatAPortIsUnreachable() {
        byte[] original = Frames.udp(CLIENT, 1234, VIP, 53, new byte[30]);
        arrive(Frames.join(Frames.frame(original), new byte[3]));
        assertThat(errors.portUnreachable(burst, 0, NOW)).isTrue();
        assertReplied(14);
        assertThat(reply(14)).isEqualTo(expected4(original, 3, 3, 0, 1));
    }

    @Test
    void shouldQuoteNoMoreThan548BytesOfIpv4() {
        byte[] original = Frames.udp(CLIENT, 1234, VIP, 53, new byte[1400]);
        arrive(Frames.frame(original));
        assertThat(errors.tooBig(burst, 0, 1280, NOW)).isTrue();
        assertReplied(14);
        assertThat(reply(14)).hasSize(576).isEqualTo(expected4(original, 3, 4, 1280, 1));
    }

    @Test
    void shouldKeepTheTag() {
        byte[] original = Frames.tcp(CLIENT, 1234, VIP, 80, 2, new byte[0]);
        arrive(Frames.tagged(100, 0x0800, original));
        assertThat(errors.timeExceeded(burst, 0, NOW)).isTrue();
        assertReplied(18);
        assertThat(Frames.slice(rows.bytes(0), 12, 6)).isEqualTo(Frames.hex("8100 0064 0800"));
        assertThat(reply(18)).isEqualTo(expected4(original, 11, 0, 0, 1));
    }

    @Test
    void shouldAnswerOverIpv6() {
        byte[] original = Frames.udp(CLIENT6, 1234, VIP6, 53, new byte[1400]);
        byte[] quoted = Arrays.copyOf(original, 1232);
        arrive(Frames.frame(original));
        assertThat(errors.tooBig(burst, 0, 1400, NOW)).isTrue();
        assertReplied(14);
        assertThat(reply(14))
                .hasSize(1280)
                .isEqualTo(Frames.icmp6(VIP6, CLIENT6, 2, 0, 1400, quoted));
        arrive(Frames.frame(original));
        errors.tooBig(burst, 0, 1000, NOW);
        assertThat(reply(14)).isEqualTo(Frames.icmp6(VIP6, CLIENT6, 2, 0, 1280, quoted));
        byte[] small = Frames.tcp(CLIENT6, 1, VIP6, 2, 2, new byte[1]);
        arrive(Frames.frame(small));
        errors.portUnreachable(burst, 0, NOW);
        assertThat(reply(14)).isEqualTo(Frames.icmp6(VIP6, CLIENT6, 1, 4, 0, small));
        arrive(Frames.frame(small));
        errors.timeExceeded(burst, 0, NOW);
        assertThat(reply(14)).isEqualTo(Frames.icmp6(VIP6, CLIENT6, 3, 0, 0, small));
    }

    @Test
    void shouldAnswerServersFromTheInterface() {
        byte[] original = Frames.udp("198.51.100.5", 80, CLIENT, 1234, new byte[10]);
        arrive(Frames.frame(original));
        burst.connection[0] = 4096;
        burst.direction[0] = PacketBurst.FROM_SERVER;
        assertThat(errors.timeExceeded(burst, 0, NOW)).isTrue();
        assertThat(Frames.slice(reply(14), 12, 8))
                .isEqualTo(
                        Frames.join(
                                Address.parse(OWN).bytes(), Address.parse("198.51.100.5").bytes()));
        byte[] original6 = Frames.udp("2001:db8:1::5", 80, CLIENT6, 1234, new byte[10]);
        arrive(Frames.frame(original6));
        burst.connection[0] = 4096;
        burst.direction[0] = PacketBurst.FROM_SERVER;
        assertThat(errors.timeExceeded(burst, 0, NOW)).isTrue();
        assertThat(reply(14)).isEqualTo(Frames.icmp6(OWN6, "2001:db8:1::5", 3, 0, 0, original6));
    }

    @Test
    void shouldNotAnswerErrorsMulticastOrFragments() {
        byte[] inner = Frames.udp(VIP, 53, CLIENT, 1234, new byte[10]);
        arrive(Frames.frame(Frames.icmp(CLIENT, VIP, 3, 3, 0, inner)));
        assertThat(errors.timeExceeded(burst, 0, NOW)).isFalse();
        assertThat((int) burst.verdict[0]).isEqualTo(Verdict.DROP_TTL_EXCEEDED);
        arrive(Frames.frame(Frames.udp(CLIENT, 1, "224.1.2.3", 2, new byte[5])));
        assertThat(errors.portUnreachable(burst, 0, NOW)).isFalse();
        assertThat((int) burst.verdict[0]).isEqualTo(Verdict.DROP_NO_SERVER);
        arrive(Frames.frame(Frames.udp(CLIENT6, 1, "ff02::1", 2, new byte[5])));
        assertThat(errors.tooBig(burst, 0, 1280, NOW)).isFalse();
        assertThat((int) burst.verdict[0]).isEqualTo(Verdict.DROP_TOO_BIG);
        byte[] fragment = Frames.udp(CLIENT, 1, VIP, 2, new byte[5]);
        Frames.put16(fragment, 6, 5);
        rows.clear();
        rows.add(0, Frames.frame(Frames.fixIpv4(fragment)));
        parser.parse(burst);
        assertThat(errors.portUnreachable(burst, 0, NOW)).isFalse();
    }

    @Test
    void shouldHoldTheRateAndNeedHeadroom() {
        byte[] frame = Frames.frame(Frames.udp(CLIENT, 1234, VIP, 53, new byte[30]));
        int replied = 0;
        for (int i = 0; i < 60; i++) {
            arrive(frame);
            replied += errors.portUnreachable(burst, 0, NOW) ? 1 : 0;
        }
        assertThat(replied).isEqualTo(50);
        assertThat((int) burst.verdict[0]).isEqualTo(Verdict.DROP_ICMP_RATE);
        assertThat(rows.bytes(0)).isEqualTo(frame);
        arrive(frame);
        burst.headroom[0] = 27;
        assertThat(errors.portUnreachable(burst, 0, NOW + 1000)).isFalse();
        assertThat((int) burst.verdict[0]).isEqualTo(Verdict.DROP_NO_HEADROOM);
    }
}
