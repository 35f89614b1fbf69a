package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Resets, read byte by byte. */
class TcpResetsTest {
    private static final String CLIENT = "10.0.0.1";
    private static final String VIP = "10.0.0.9";
    private static final String CLIENT6 = "2001:db8::1";
    private static final String VIP6 = "2001:db8::9";
    private static final int FIN = 1;
    private static final int SYN = 2;
    private static final int RST = 4;
    private static final int ACK = 16;

    private final InterfaceTable interfaces = new InterfaceTable();
    private final PacketParser parser;
    private final TcpResets resets = new TcpResets(interfaces, new TokenBucket(10, 3));
    private final TestBurst test = new TestBurst();

    TcpResetsTest() {
        interfaces.add(0, 0, Frames.DIRECTOR, 1500);
        interfaces.add(0, 7, Frames.DIRECTOR, 1500);
        parser = new PacketParser(interfaces);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static byte[] segment(boolean v6, int flags, int data) {
        byte[] tcp =
                Frames.tcp(v6 ? CLIENT6 : CLIENT, 4000, v6 ? VIP6 : VIP, 80, flags, new byte[data]);
        return tcp;
    }

    private boolean reset(byte[] frame, int now) {
        test.clear();
        test.add(0, frame);
        parser.parse(test.burst);
        assertThat((int) test.burst.verdict[0]).isEqualTo(Verdict.NONE);
        return resets.reset(test.burst, 0, Verdict.DROP_NO_SERVICE, now);
    }

    @ParameterizedTest
    @CsvSource({
        "false, 2, 0, 1",
        "true, 2, 0, 1",
        "false, 2, 9, 10",
        "false, 3, 5, 7",
        "true, 8, 11, 11"
    })
    void shouldAcknowledgeWhatHasNoAcknowledgement(boolean v6, int flags, int data, int counted) {
        byte[] segment = segment(v6, flags, data);
        int header = v6 ? 40 : 20;
        int sequence = Frames.get16(segment, header + 4) << 16 | Frames.get16(segment, header + 6);
        assertThat(reset(Frames.frame(segment), 0)).isTrue();
        byte[] answer = answer(v6);
        assertThat((int) answer[header + 13]).isEqualTo(RST | ACK);
        assertThat(word(answer, header + 4)).isZero();
        assertThat(word(answer, header + 8)).isEqualTo(sequence + counted);
    }

    @ParameterizedTest
    @CsvSource({"false, 16, 0", "true, 16, 9", "false, 17, 0", "true, 18, 0"})
    void shouldContinueWhereTheAcknowledgementIs(boolean v6, int flags, int data) {
        byte[] segment = segment(v6, flags, data);
        int header = v6 ? 40 : 20;
        int acknowledged = word(segment, header + 8);
        assertThat(reset(Frames.frame(segment), 0)).isTrue();
        byte[] answer = answer(v6);
        assertThat((int) answer[header + 13]).isEqualTo(RST);
        assertThat(word(answer, header + 4)).isEqualTo(acknowledged);
        assertThat(word(answer, header + 8)).isZero();
    }

    private static int word(byte[] bytes, int at) {
        return Frames.get16(bytes, at) << 16 | Frames.get16(bytes, at + 2);
    }

    /** The answer's IP packet, after all that every answer has in common. */
    private byte[] answer(boolean v6) {
        PacketBurst burst = test.burst;
        assertThat((int) burst.verdict[0]).isEqualTo(Verdict.REPLIED);
        assertThat(burst.nextHop[0]).isEqualTo(PacketBurst.NEXT_HOP_DONE);
        byte[] frame = test.bytes(0);
        assertThat(Frames.slice(frame, 0, 6)).isEqualTo(Frames.mac(Frames.PEER));
        assertThat(Frames.slice(frame, 6, 6)).isEqualTo(Frames.mac(Frames.DIRECTOR));
        byte[] ip = Frames.slice(frame, 14, frame.length - 14);
        assertThat(ip).hasSize(v6 ? 60 : 40);
        assertThat(Frames.isLayer4Right(ip)).isTrue();
        int header = v6 ? 40 : 20;
        assertThat(Frames.get16(ip, header)).isEqualTo(80);
        assertThat(Frames.get16(ip, header + 2)).isEqualTo(4000);
        byte[] like = segment(v6, SYN, 0);
        int from = v6 ? 8 : 12;
        int size = v6 ? 16 : 4;
        assertThat(Frames.slice(ip, from, size)).isEqualTo(Frames.slice(like, from + size, size));
        assertThat(Frames.slice(ip, from + size, size)).isEqualTo(Frames.slice(like, from, size));
        assertThat((int) ip[v6 ? 7 : 8]).isEqualTo(64);
        if (!v6) {
            assertThat(Frames.slowChecksum(ip, 0, 20)).isZero();
            assertThat(Frames.get16(ip, 6)).isEqualTo(0x4000);
        }
        return ip;
    }

    @Test
    void shouldLeaveOptionsAndExtensionHeadersOut() {
        byte[] plain = segment(false, ACK, 4);
        byte[] options =
                Frames.join(
                        Frames.slice(plain, 0, 20),
                        Frames.hex("01010100"),
                        Frames.slice(plain, 20, 24));
        options[0] = 0x46;
        Frames.put16(options, 2, options.length);
        assertThat(reset(Frames.frame(Frames.fixIpv4(options)), 0)).isTrue();
        answer(false);
        byte[] six = segment(true, ACK, 4);
        byte[] hop = Frames.hex("0600 0104 00000000");
        byte[] extended = Frames.ip(CLIENT6, VIP6, 0, Frames.join(hop, Frames.slice(six, 40, 24)));
        assertThat(reset(Frames.frame(extended), 0)).isTrue();
        answer(true);
    }

    @Test
    void shouldKeepTheTag() {
        byte[] segment = segment(false, FIN | ACK, 0);
        assertThat(reset(Frames.tagged(7, 0x0800, segment), 0)).isTrue();
        assertThat(Frames.get16(test.bytes(0), 12)).isEqualTo(0x8100);
        assertThat(test.burst.length[0]).isEqualTo(18 + 40);
    }

    @Test
    void shouldNeverAnswerResetsFragmentsOrDamage() {
        assertThat(reset(Frames.frame(segment(false, RST, 0)), 0)).isFalse();
        assertThat((int) test.burst.verdict[0]).isEqualTo(Verdict.DROP_NO_SERVICE);
        assertThat(reset(Frames.frame(segment(true, RST | ACK, 0)), 0)).isFalse();
        byte[] fragment = segment(false, SYN, 4);
        Frames.put16(fragment, 6, 0x2000);
        assertThat(reset(Frames.frame(Frames.fixIpv4(fragment)), 0)).isFalse();
        byte[] damaged = segment(false, SYN, 4);
        damaged[41] ^= 1;
        assertThat(reset(Frames.frame(damaged), 0)).isFalse();
        assertThat((int) test.burst.verdict[0]).isEqualTo(Verdict.DROP_MALFORMED_LAYER4);
    }

    @Test
    void shouldNotAnswerMoreThanTheRateAllows() {
        for (int i = 0; i < 3; i++) {
            assertThat(reset(Frames.frame(segment(false, SYN, 0)), 0)).isTrue();
        }
        assertThat(reset(Frames.frame(segment(false, SYN, 0)), 0)).isFalse();
        assertThat((int) test.burst.verdict[0]).isEqualTo(Verdict.DROP_RESET_RATE);
        assertThat(reset(Frames.frame(segment(false, SYN, 0)), 10)).isTrue();
    }
}
