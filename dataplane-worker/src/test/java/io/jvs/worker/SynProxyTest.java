package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.ClientAddress;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.SynProxySpec;
import io.jvs.service.Sysctls;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The SYN proxy through the whole pipeline. */
class SynProxyTest {
    private static final SynProxySpec ON = new SynProxySpec(SynProxySpec.Mode.ON, 100);
    private static final int TCP_AT = 14 + 20;
    private static final byte[] NONE = new byte[0];

    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    private void service(boolean v6, ForwardingMethod method, SynProxySpec syns) {
        lab.synProxied(v6, method, syns, ClientAddress.HIDDEN);
    }

    private long counted(SynCounter counter) {
        return lab.dataplane.counters().syn(counter);
    }

    /** A TCP segment between client and virtual address, or real and local address. */
    private static byte[] segment(
            boolean toWan,
            Frames.Endpoint from,
            Frames.Endpoint to,
            int sequence,
            int acknowledged,
            int flags,
            int window,
            byte[] options,
            byte[] data) {
        ByteBuffer tcp = ByteBuffer.allocate(20 + options.length + data.length);
        tcp.putShort((short) from.port()).putShort((short) to.port());
        tcp.putInt(sequence).putInt(acknowledged);
        tcp.putShort((short) (5 + options.length / 4 << 12 | flags)).putShort((short) window);
        tcp.putInt(0).put(options).put(data);
        return Frames.withIp(
                toWan ? Lab.WAN_MAC : Lab.LAN_MAC,
                toWan ? Lab.CLIENT_MAC : Lab.SERVER_MAC,
                from.address(),
                to.address(),
                Frames.TCP,
                tcp.array());
    }

    private void client(int sequence, int acknowledged, int flags, int window, byte[] options) {
        lab.dataplane.inject(
                Lab.WAN,
                segment(
                        true,
                        Lab.client(false),
                        Lab.virtual(false),
                        sequence,
                        acknowledged,
                        flags,
                        window,
                        options,
                        NONE));
    }

    /** The server's answer to what it got, addresses turned round. */
    private void server(
            byte[] got, int sequence, int acknowledged, int flags, int window, byte[] options) {
        Frames.Seen seen = Frames.read(got);
        lab.dataplane.inject(
                Lab.LAN,
                segment(
                        false,
                        new Frames.Endpoint(seen.to(), seen.toPort()),
                        new Frames.Endpoint(seen.from(), seen.fromPort()),
                        sequence,
                        acknowledged,
                        flags,
                        window,
                        options,
                        NONE));
    }

    private byte[] only(int port) {
        List<byte[]> frames = lab.sent(port);
        assertThat(frames).hasSize(1);
        FrameCheck.check(frames.getFirst());
        return frames.getFirst();
    }

    private static int sequence(byte[] frame) {
        return ByteBuffer.wrap(frame).getInt(TCP_AT + 4);
    }

    private static int acknowledged(byte[] frame) {
        return ByteBuffer.wrap(frame).getInt(TCP_AT + 8);
    }

    private static int flags(byte[] frame) {
        return frame[TCP_AT + 13] & 0x3F;
    }

    private static int window(byte[] frame) {
        return ByteBuffer.wrap(frame).getShort(TCP_AT + 14) & 0xFFFF;
    }

    private static byte[] options(byte[] frame) {
        int bytes = (frame[TCP_AT + 12] >>> 2 & 0x3C) - 20;
        byte[] options = new byte[bytes];
        System.arraycopy(frame, TCP_AT + 20, options, 0, bytes);
        return options;
    }

    private static final byte[] OFFER = {2, 4, 5, (byte) 0xB4, 4, 2, 1, 3, 3, 6, 1, 1};

    /** SYN, SYN-ACK, ACK; gives the sequence number that the client was answered with. */
    private int handshake(byte[] offer) {
        client(5000, 0, Frames.SYN, 64_240, offer);
        byte[] answer = only(Lab.WAN);
        client(5001, sequence(answer) + 1, Frames.ACK, 501, NONE);
        return sequence(answer);
    }

    @Test
    void shouldAnswerAndAskTheServerOnlyThen() {
        service(false, ForwardingMethod.FULLNAT, ON);
        client(5000, 0, Frames.SYN, 64_240, OFFER);
        byte[] answer = only(Lab.WAN);
        assertThat(flags(answer)).isEqualTo(Frames.SYN | Frames.ACK);
        assertThat(acknowledged(answer)).isEqualTo(5001);
        assertThat(window(answer)).isZero();
        assertThat(options(answer)).containsExactly(2, 4, 5, 0xA0, 1, 3, 3, 7, 1, 1, 4, 2);
        assertThat(lab.dataplane.counters().connections()).isZero();
        assertThat(lab.sent(Lab.LAN)).isEmpty();
        int promised = sequence(answer);
        client(5001, promised + 1, Frames.ACK, 501, NONE);
        assertThat(lab.sent(Lab.WAN)).isEmpty();
        byte[] syn = only(Lab.LAN);
        assertThat(flags(syn)).isEqualTo(Frames.SYN);
        assertThat(sequence(syn)).isEqualTo(5000);
        assertThat(window(syn)).isEqualTo(501 << 6);
        assertThat(options(syn)).containsExactly(2, 4, 5, 0xB4, 1, 3, 3, 6, 1, 1, 4, 2);
        server(
                syn,
                -7,
                5001,
                Frames.SYN | Frames.ACK,
                65_160,
                new byte[] {2, 4, 5, (byte) 0xB4, 1, 3, 3, 9});
        byte[] opened = only(Lab.WAN);
        assertThat(flags(opened)).isEqualTo(Frames.ACK);
        assertThat(sequence(opened)).isEqualTo(promised + 1);
        assertThat(acknowledged(opened)).isEqualTo(5001);
        assertThat(window(opened)).isEqualTo((65_160 >> 9) << 2);
        byte[] done = only(Lab.LAN);
        assertThat(flags(done)).isEqualTo(Frames.ACK);
        assertThat(sequence(done)).isEqualTo(5001);
        assertThat(acknowledged(done)).isEqualTo(-6);
        server(syn, -6, 5001, Frames.ACK, 300, NONE);
        assertThat(window(only(Lab.WAN)))
                .as("the window in the scale that was told")
                .isEqualTo(1200);
        ConnectionView view = lab.dataplane.connections(10).join().getFirst();
        assertThat(view.state()).isEqualTo("ESTABLISHED");
        assertThat(counted(SynCounter.COOKIES_SENT)).isEqualTo(1);
        assertThat(counted(SynCounter.COOKIES_VALID)).isEqualTo(1);
    }

    private static byte[] stamps(int stamp, int echo) {
        return ByteBuffer.allocate(12).putInt(0x0101_080A).putInt(stamp).putInt(echo).array();
    }

    /** Segment size, SACK with time stamps, and a window scale, as Linux orders them. */
    private static byte[] offer(int stamp, int echo, int scale) {
        return ByteBuffer.allocate(20)
                .putInt(0x0204_05B4)
                .putInt(0x0402_080A)
                .putInt(stamp)
                .putInt(echo)
                .putInt(0x0103_0300 | scale)
                .array();
    }

    private static int stamp(byte[] answer) {
        return ByteBuffer.wrap(options(answer)).getInt(8);
    }

    @Test
    void shouldCarryTimeStamps() {
        service(false, ForwardingMethod.FULLNAT, ON);
        client(5000, 0, Frames.SYN, 64_240, offer(-3, 0, 6));
        byte[] answer = only(Lab.WAN);
        int shown = stamp(answer);
        byte[] told = offer(shown, -3, 7);
        told[3] = (byte) 0xA0;
        assertThat(options(answer)).isEqualTo(told);
        client(5000, 0, Frames.SYN, 64_240, offer(-3, 0, 6));
        assertThat(only(Lab.WAN)).as("the same once more").isEqualTo(answer);
        int promised = sequence(answer);
        client(5001, promised + 1, Frames.ACK, 501, stamps(2, shown));
        byte[] syn = only(Lab.LAN);
        assertThat(options(syn)).isEqualTo(offer(2, 0, 6));
        server(syn, 77, 5001, Frames.SYN | Frames.ACK, 65_160, offer(900, 2, 7));
        assertThat(options(only(Lab.WAN))).isEqualTo(stamps(shown, 2));
        assertThat(options(only(Lab.LAN))).isEqualTo(stamps(2, 900));
        server(syn, 78, 5001, Frames.ACK, 100, stamps(1000, 2));
        assertThat(options(only(Lab.WAN))).isEqualTo(stamps(shown + 100, 2));
        client(5001, promised + 1, Frames.ACK, 501, stamps(50, shown + 100));
        assertThat(options(only(Lab.LAN))).isEqualTo(stamps(50, 1000));
    }

    /** Its SYN-ACK once more carries a later time than the first, and is answered with that. */
    @Test
    void shouldEchoWhatTheServerSaidLast() {
        service(false, ForwardingMethod.NAT, ON);
        client(5000, 0, Frames.SYN, 64_240, offer(10, 0, 6));
        byte[] answer = only(Lab.WAN);
        client(5001, sequence(answer) + 1, Frames.ACK, 501, stamps(12, stamp(answer)));
        byte[] syn = only(Lab.LAN);
        server(syn, 77, 5001, Frames.SYN | Frames.ACK, 65_160, offer(900, 12, 7));
        lab.sent(Lab.WAN);
        lab.sent(Lab.LAN);
        server(syn, 77, 5001, Frames.SYN | Frames.ACK, 65_160, offer(1900, 12, 7));
        assertThat(options(only(Lab.WAN))).isEqualTo(stamps(stamp(answer) + 1000, 12));
        byte[] done = only(Lab.LAN);
        assertThat(options(done)).isEqualTo(stamps(12, 1900));
        assertThat(acknowledged(done)).isEqualTo(78);
    }

    /** What the client says of itself while it waits is what its server gets to know. */
    @Test
    void shouldTellTheServerTheClientsOwnWindow() {
        service(false, ForwardingMethod.FULLNAT, ON);
        client(5000, 0, Frames.SYN, 64_240, offer(10, 0, 6));
        byte[] answer = only(Lab.WAN);
        int next = sequence(answer) + 1;
        client(5001, next, Frames.ACK, 501, stamps(12, stamp(answer)));
        assertThat(window(only(Lab.LAN))).isEqualTo(501 << 6);
        client(5000, next, Frames.ACK, 800, stamps(40, stamp(answer)));
        client(5000, next + 1, Frames.ACK, 7, stamps(90, stamp(answer)));
        lab.dataplane.advance(Lab.SECOND + Lab.SECOND / 4);
        byte[] again = only(Lab.LAN);
        assertThat(window(again)).isEqualTo(800 << 6);
        assertThat(options(again)).isEqualTo(offer(40, 0, 6));
        client(5000, next, Frames.ACK, 2000, stamps(30, stamp(answer)));
        server(again, 77, 5001, Frames.SYN | Frames.ACK, 65_160, offer(900, 40, 7));
        byte[] done = only(Lab.LAN);
        assertThat(window(done)).as("in the client's scale").isEqualTo(2000);
        assertThat(options(done)).as("time does not run back").isEqualTo(stamps(40, 900));
    }

    /** conn_reuse_mode 0 lets a SYN pass to the record of a connection that is over. */
    @Test
    void shouldNotShiftTheNextConnectionOfTheSameRecord() {
        lab.apply(
                List.of(
                        new Change.SetSysctls(
                                Sysctls.INITIAL.with(Map.of("conn_reuse_mode", "0")))));
        service(false, ForwardingMethod.NAT, ON);
        client(5000, 0, Frames.SYN, 64_240, offer(10, 0, 6));
        byte[] answer = only(Lab.WAN);
        int next = sequence(answer) + 1;
        client(5001, next, Frames.ACK, 501, stamps(12, stamp(answer)));
        byte[] syn = only(Lab.LAN);
        server(syn, 77, 5001, Frames.SYN | Frames.ACK, 65_160, offer(900, 12, 9));
        client(5001, next, Frames.RST | Frames.ACK, 0, NONE);
        lab.sent(Lab.WAN);
        lab.sent(Lab.LAN);
        client(9000, 0, Frames.SYN, 64_240, offer(99, 0, 6));
        assertThat(options(only(Lab.LAN))).isEqualTo(offer(99, 0, 6));
        server(syn, 500, 9001, Frames.SYN | Frames.ACK, 65_160, offer(950, 99, 9));
        byte[] plain = only(Lab.WAN);
        assertThat(flags(plain)).isEqualTo(Frames.SYN | Frames.ACK);
        assertThat(sequence(plain)).isEqualTo(500);
        assertThat(options(plain)).isEqualTo(offer(950, 99, 9));
        client(9001, 501, Frames.ACK, 100, stamps(101, 950));
        assertThat(options(only(Lab.LAN))).isEqualTo(stamps(101, 950));
        server(syn, 501, 9001, Frames.ACK, 300, stamps(951, 101));
        byte[] data = only(Lab.WAN);
        assertThat(window(data)).isEqualTo(300);
        assertThat(options(data)).isEqualTo(stamps(951, 101));
    }

    @Test
    void shouldScaleTheClientsWindowsForAServerWithoutScale() {
        service(false, ForwardingMethod.NAT, ON);
        int promised = handshake(OFFER);
        byte[] syn = only(Lab.LAN);
        server(syn, 100, 5001, Frames.SYN | Frames.ACK, 8192, new byte[] {2, 4, 5, (byte) 0xB4});
        assertThat(window(only(Lab.WAN))).isEqualTo(8192 >> 7);
        lab.sent(Lab.LAN);
        client(5001, promised + 1, Frames.ACK, 10, NONE);
        assertThat(window(only(Lab.LAN))).isEqualTo(640);
        client(5001, promised + 1, Frames.ACK, 60_000, NONE);
        assertThat(window(only(Lab.LAN))).isEqualTo(65_535);
    }

    @Test
    void shouldTakeTheProbeOfAClientWhoseAcknowledgementWasLost() {
        service(false, ForwardingMethod.NAT, ON);
        client(5000, 0, Frames.SYN, 64_240, NONE);
        int promised = sequence(only(Lab.WAN));
        client(5000, promised + 1, Frames.ACK, 501, NONE);
        byte[] syn = only(Lab.LAN);
        assertThat(sequence(syn)).isEqualTo(5000);
        assertThat(options(syn)).containsExactly(2, 4, 2, 0x18);
    }

    @ParameterizedTest
    @CsvSource({"5000,1,0", "5002,0,0", "5001,0,170", "5001,512,0"})
    void shouldRefuseWhatIsNoCookie(int sequence, int off, int laterSeconds) {
        service(false, ForwardingMethod.NAT, ON);
        client(5000, 0, Frames.SYN, 64_240, OFFER);
        int promised = sequence(only(Lab.WAN));
        lab.dataplane.advance(laterSeconds * Lab.SECOND);
        client(sequence, promised + 1 + off * 256, Frames.ACK, 501, NONE);
        byte[] reset = only(Lab.WAN);
        assertThat(flags(reset)).isEqualTo(Frames.RST);
        assertThat(sequence(reset)).isEqualTo(promised + 1 + off * 256);
        assertThat(lab.dataplane.counters().connections()).isZero();
        assertThat(counted(SynCounter.COOKIES_INVALID)).isEqualTo(1);
    }

    @Test
    void shouldAskAnUnwillingServerAgainAndThenResetTheClient() {
        service(false, ForwardingMethod.FULLNAT, ON);
        int promised = handshake(OFFER);
        byte[] syn = only(Lab.LAN);
        for (int wait : new int[] {1, 2, 4}) {
            lab.dataplane.advance(wait * Lab.SECOND + Lab.SECOND / 4);
            byte[] again = only(Lab.LAN);
            assertThat(sequence(again)).isEqualTo(5000);
            assertThat(flags(again)).isEqualTo(Frames.SYN);
            assertThat(options(again)).isEqualTo(options(syn));
            assertThat(lab.sent(Lab.WAN)).isEmpty();
        }
        lab.dataplane.advance(9 * Lab.SECOND);
        byte[] reset = only(Lab.WAN);
        assertThat(flags(reset)).isEqualTo(Frames.RST);
        assertThat(sequence(reset)).isEqualTo(promised + 1);
        assertThat(Frames.read(reset).from()).isEqualTo(Lab.virtual(false).address());
        lab.dataplane.advance(3 * Lab.SECOND);
        assertThat(lab.dataplane.counters().connections()).isZero();
        assertThat(counted(SynCounter.RETRIES)).isEqualTo(3);
        assertThat(counted(SynCounter.TIMEOUTS)).isEqualTo(1);
        assertThat(lab.sent(Lab.LAN)).isEmpty();
    }

    @Test
    void shouldResetTheClientWhenTheServerRefuses() {
        service(false, ForwardingMethod.FULLNAT, ON);
        int promised = handshake(OFFER);
        byte[] syn = only(Lab.LAN);
        server(syn, 0, 5001, Frames.RST | Frames.ACK, 0, NONE);
        byte[] reset = only(Lab.WAN);
        assertThat(flags(reset)).isEqualTo(Frames.RST);
        assertThat(sequence(reset)).isEqualTo(promised + 1);
        assertThat(counted(SynCounter.REFUSALS)).isEqualTo(1);
        lab.dataplane.advance(12 * Lab.SECOND);
        assertThat(lab.dataplane.counters().connections()).isZero();
    }

    @Test
    void shouldClearAnOldConnectionOutOfTheWay() {
        service(false, ForwardingMethod.FULLNAT, ON);
        handshake(OFFER);
        byte[] syn = only(Lab.LAN);
        server(syn, 9000, 4711, Frames.ACK, 100, NONE);
        byte[] reset = only(Lab.LAN);
        assertThat(flags(reset)).isEqualTo(Frames.RST);
        assertThat(sequence(reset)).isEqualTo(4711);
        lab.dataplane.advance(Lab.SECOND + Lab.SECOND / 2);
        assertThat(flags(only(Lab.LAN))).isEqualTo(Frames.SYN);
        assertThat(lab.sent(Lab.WAN)).isEmpty();
    }

    @Test
    void shouldCutOffAClientThatDoesNotWait() {
        service(false, ForwardingMethod.FULLNAT, ON);
        int promised = handshake(OFFER);
        only(Lab.LAN);
        for (int i = 0; i < 30; i++) {
            client(5001, promised + 1, Frames.ACK, 501, NONE);
        }
        assertThat(lab.sent(Lab.LAN)).isEmpty();
        assertThat(lab.sent(Lab.WAN)).isEmpty();
        assertThat(lab.verdict(Verdict.DROP_SYN_WAITING)).isEqualTo(30);
        lab.dataplane.advance(Lab.SECOND / 4);
        byte[] reset = only(Lab.WAN);
        assertThat(flags(reset)).isEqualTo(Frames.RST);
        assertThat(counted(SynCounter.STORMS)).isEqualTo(1);
        assertThat(counted(SynCounter.TIMEOUTS)).isZero();
    }

    @Test
    void shouldHoldASecondAcknowledgementOfTheSameBurst() {
        service(false, ForwardingMethod.FULLNAT, ON);
        client(5000, 0, Frames.SYN, 64_240, OFFER);
        int promised = sequence(only(Lab.WAN));
        for (int i = 0; i < 3; i++) {
            lab.dataplane.enqueue(
                    Lab.WAN,
                    segment(
                            true,
                            Lab.client(false),
                            Lab.virtual(false),
                            5001,
                            promised + 1,
                            Frames.ACK,
                            501,
                            NONE,
                            NONE));
        }
        lab.dataplane.settle();
        assertThat(flags(only(Lab.LAN))).isEqualTo(Frames.SYN);
        assertThat(lab.verdict(Verdict.DROP_SYN_WAITING)).isEqualTo(2);
        assertThat(lab.dataplane.counters().connections()).isEqualTo(1);
    }

    @Test
    void shouldGuardItselfWhileTooManyAreHalfOpen() {
        service(false, ForwardingMethod.NAT, new SynProxySpec(SynProxySpec.Mode.AUTO, 20));
        flood(100, false);
        assertThat(lab.dataplane.counters().connections()).isEqualTo(20);
        assertThat(counted(SynCounter.COOKIES_SENT)).isEqualTo(80);
        lab.dataplane.advance(11 * Lab.SECOND);
        flood(22, false);
        assertThat(counted(SynCounter.COOKIES_SENT)).as("80 were not acknowledged").isEqualTo(82);
        lab.dataplane.advance(70 * Lab.SECOND);
        assertThat(lab.dataplane.counters().connections()).isZero();
        lab.sent(Lab.WAN);
        lab.sent(Lab.LAN);
        client(5000, 0, Frames.SYN, 64_240, OFFER);
        assertThat(lab.sent(Lab.LAN)).as("off again").hasSize(1);
    }

    @Test
    void shouldNotCountAcknowledgedConnectionsAsHalfOpen() {
        service(false, ForwardingMethod.NAT, new SynProxySpec(SynProxySpec.Mode.AUTO, 2));
        for (int i = 0; i < 10; i++) {
            Frames.Endpoint from = new Frames.Endpoint(Lab.client(false).address(), 50_000 + i);
            for (int flags : new int[] {Frames.SYN, Frames.ACK}) {
                lab.dataplane.inject(
                        Lab.WAN,
                        segment(true, from, Lab.virtual(false), 1, 2, flags, 100, NONE, NONE));
            }
        }
        assertThat(counted(SynCounter.COOKIES_SENT)).isZero();
        assertThat(lab.dataplane.counters().connections()).isEqualTo(10);
    }

    private void flood(int syns, boolean v6) {
        byte[] frame =
                segment(true, Lab.client(v6), Lab.virtual(v6), 1, 0, Frames.SYN, 1000, NONE, NONE);
        int tcp = v6 ? 54 : TCP_AT;
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        int sum = (buffer.getShort(tcp) & 0xFFFF) + (buffer.getInt(tcp + 4) & 0xFFFF);
        sum += buffer.getShort(tcp + 16) & 0xFFFF;
        for (int i = 0; i < syns; i++) {
            int port = 1024 + i % 60_000;
            int low = i / 60_000;
            buffer.putShort(tcp, (short) port).putInt(tcp + 4, low);
            int check = sum + 2 * 0xFFFF - port - low;
            buffer.putShort(tcp + 16, (short) (check % 0xFFFF));
            lab.dataplane.inject(Lab.WAN, frame);
            if (i % 100 == 0) {
                lab.sent(Lab.WAN);
                lab.sent(Lab.LAN);
            }
        }
        lab.sent(Lab.WAN);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepNothingOfAFlood(boolean v6) {
        service(v6, ForwardingMethod.FULLNAT, ON);
        int syns = v6 ? 20_000 : 1_000_000;
        flood(syns, v6);
        assertThat(counted(SynCounter.COOKIES_SENT)).isEqualTo(syns);
        assertThat(lab.dataplane.counters().connections()).isZero();
        assertThat(lab.dataplane.buffersInUse()).isZero();
    }
}
