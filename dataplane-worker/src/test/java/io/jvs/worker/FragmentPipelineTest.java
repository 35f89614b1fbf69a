package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.connection.FragmentParking;
import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.Tunnel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fragments through the whole pipeline, compared with what was cut. */
class FragmentPipelineTest {
    private static final int WAN = Lab.WAN;
    private static final int LAN = Lab.LAN;
    private static final int BIG = 8192;

    private final Lab lab = lab();
    private final Random random = new Random(11);

    /** With other workers in subclasses. */
    Lab lab() {
        return new Lab();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private byte[] payload(int bytes) {
        byte[] payload = new byte[bytes];
        random.nextBytes(payload);
        return payload;
    }

    /** Lets frames arrive in random order, in bursts of random sizes. */
    private void inject(int port, List<byte[]> frames) {
        List<byte[]> shuffled = new ArrayList<>(frames);
        Collections.shuffle(shuffled, random);
        for (byte[] frame : shuffled) {
            lab.dataplane.enqueue(port, frame);
            if (random.nextInt(3) == 0) {
                lab.dataplane.settle();
            }
        }
        lab.dataplane.settle();
    }

    /** The one whole packet in the frames that a port sent, as a frame. */
    private byte[] whole(int port, boolean tunnelled) {
        Datagrams.Reassembler outer = new Datagrams.Reassembler();
        Datagrams.Reassembler inner = new Datagrams.Reassembler();
        List<byte[]> found = new ArrayList<>();
        for (byte[] frame : lab.sent(port)) {
            assertThat(frame.length).isLessThanOrEqualTo(1514);
            byte[] packet = outer.add(Datagrams.ip(frame));
            if (packet != null && tunnelled) {
                int header = packet[0] >>> 4 == 6 ? 40 : 20;
                packet = inner.add(Arrays.copyOfRange(packet, header, packet.length));
            }
            if (packet != null) {
                found.add(Datagrams.frame(frame, packet));
            }
        }
        assertThat(outer.incomplete() + inner.incomplete()).isZero();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static byte[] udpPayload(byte[] frame, boolean v6) {
        return Arrays.copyOfRange(frame, 14 + (v6 ? 40 : 20) + 8, frame.length);
    }

    static Stream<Arguments> modes() {
        List<Arguments> all = new ArrayList<>();
        for (ForwardingMethod method :
                List.of(
                        ForwardingMethod.NAT,
                        ForwardingMethod.FULLNAT,
                        ForwardingMethod.DIRECT_ROUTE,
                        ForwardingMethod.TUNNEL)) {
            for (boolean v6 : new boolean[] {false, true}) {
                all.add(Arguments.of(method, v6));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void shouldCarryBigDatagramsThroughEveryMode(ForwardingMethod method, boolean v6) {
        boolean translated = method == ForwardingMethod.NAT || method == ForwardingMethod.FULLNAT;
        lab.service(Protocol.UDP, v6, method, Tunnel.IPIP, translated ? 8080 : 80, 1);
        for (int round = 0; round < 40; round++) {
            int most = 300 + random.nextInt(v6 ? 1100 : 1181);
            byte[] data = payload(BIG);
            byte[] frame = lab.fromClient(v6, Frames.UDP, 0, data);
            inject(WAN, Datagrams.split(frame, round + 1, most, random));
            byte[] out = whole(LAN, method == ForwardingMethod.TUNNEL);
            Frames.Seen seen = Frames.read(out);
            assertThat(seen.checksumsRight()).isTrue();
            assertThat(udpPayload(out, v6)).isEqualTo(data);
            if (translated) {
                assertThat(seen.to()).isEqualTo(Lab.realAddress(v6, 1));
                assertThat(seen.toPort()).isEqualTo(8080);
                back(v6, seen, round);
            } else {
                assertThat(seen.to()).isEqualTo(Lab.virtual(v6).address());
            }
        }
        assertThat(lab.dataplane.counters().connections()).isEqualTo(1);
    }

    private void back(boolean v6, Frames.Seen seen, int round) {
        byte[] data = payload(BIG + round);
        byte[] frame =
                Frames.frame(
                        Lab.LAN_MAC,
                        Lab.SERVER_MAC,
                        new Frames.Endpoint(seen.to(), seen.toPort()),
                        new Frames.Endpoint(seen.from(), seen.fromPort()),
                        Frames.UDP,
                        0,
                        data);
        inject(LAN, Datagrams.split(frame, round + 1, 1448, random));
        byte[] out = whole(WAN, false);
        Frames.Seen answer = Frames.read(out);
        assertThat(answer.checksumsRight()).isTrue();
        assertThat(answer.from()).isEqualTo(Lab.virtual(v6).address());
        assertThat(answer.fromPort()).isEqualTo(80);
        assertThat(answer.to()).isEqualTo(Lab.client(v6).address());
        assertThat(answer.toPort()).isEqualTo(40_000);
        assertThat(udpPayload(out, v6)).isEqualTo(data);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCountADatagramAsOnePacket(boolean v6) {
        lab.service(Protocol.UDP, v6, ForwardingMethod.NAT, Tunnel.IPIP, 80, 1);
        byte[] frame = lab.fromClient(v6, Frames.UDP, 0, payload(BIG));
        List<byte[]> pieces = Datagrams.split(frame, 1, 1480, new Random(1));
        pieces.forEach(piece -> lab.dataplane.inject(WAN, piece));
        CountersView counters = lab.dataplane.counters();
        assertThat(counters.server(0, ServerCounter.INCOMING_PACKETS)).isEqualTo(1);
        int fragmentHeader = v6 ? 8 : 0;
        assertThat(counters.server(0, ServerCounter.INCOMING_BYTES))
                .isEqualTo(frame.length - 14 + fragmentHeader);
        assertThat(lab.verdict(Verdict.FORWARDED)).isEqualTo(pieces.size());
        lab.sent(LAN);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepDatagramsOfTwoServersApart(boolean v6) {
        lab.service(Protocol.UDP, v6, ForwardingMethod.NAT, Tunnel.IPIP, 80, 2);
        List<byte[]> mixed = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            Frames.Endpoint from = new Frames.Endpoint(Lab.client(v6).address(), 40_000 + number);
            lab.dataplane.inject(
                    WAN,
                    Frames.frame(
                            Lab.WAN_MAC, Lab.CLIENT_MAC, from, Lab.virtual(v6), Frames.UDP, 0));
            Frames.Seen seen = Frames.read(lab.dataplane.takeSent(LAN));
            byte[] answer =
                    Frames.frame(
                            Lab.LAN_MAC,
                            Lab.SERVER_MAC,
                            new Frames.Endpoint(seen.to(), 80),
                            from,
                            Frames.UDP,
                            0,
                            payload(4000));
            mixed.addAll(Datagrams.split(answer, 77, 1480, new Random(1)));
        }
        inject(LAN, mixed);
        Datagrams.Reassembler reassembler = new Datagrams.Reassembler();
        int whole = 0;
        for (byte[] frame : lab.sent(WAN)) {
            byte[] packet = reassembler.add(Datagrams.ip(frame));
            if (packet != null) {
                whole++;
                assertThat(Frames.read(Datagrams.frame(frame, packet)).checksumsRight()).isTrue();
            }
        }
        assertThat(whole).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAnswerBigPings(boolean v6) {
        lab.service(Protocol.UDP, v6, ForwardingMethod.NAT, Tunnel.IPIP, 80, 1);
        byte[] echo = payload(4008);
        ByteBuffer.wrap(echo).putInt(v6 ? 128 << 24 : 8 << 24);
        byte[] ping =
                Frames.withIp(
                        Lab.WAN_MAC,
                        Lab.CLIENT_MAC,
                        Lab.client(v6).address(),
                        Lab.virtual(v6).address(),
                        v6 ? 58 : 1,
                        echo);
        List<byte[]> pieces = Datagrams.split(ping, 9, 1480, random);
        inject(WAN, pieces);
        byte[] reply = whole(WAN, false);
        echo[0] = (byte) (v6 ? 129 : 0);
        byte[] expected =
                Frames.withIp(
                        Lab.CLIENT_MAC,
                        Lab.WAN_MAC,
                        Lab.virtual(v6).address(),
                        Lab.client(v6).address(),
                        v6 ? 58 : 1,
                        echo);
        int header = v6 ? 54 : 34;
        assertThat(Arrays.copyOfRange(reply, header, reply.length))
                .isEqualTo(Arrays.copyOfRange(expected, header, expected.length));
        assertThat(Frames.read(reply).to()).isEqualTo(Lab.client(v6).address());
        assertThat(lab.verdict(Verdict.REPLIED)).isEqualTo(pieces.size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRefuseOverlappingFragments(boolean v6) {
        lab.service(Protocol.UDP, v6, ForwardingMethod.NAT, Tunnel.IPIP, 80, 1);
        byte[] frame = lab.fromClient(v6, Frames.UDP, 0, payload(4000));
        byte[] ip = Datagrams.ip(frame);
        int[][] parts = {{1480, 2960}, {2952, 3968}, {0, 1480}, {1480, 2960}, {2960, 4008}};
        for (int[] part : parts) {
            lab.dataplane.inject(
                    WAN, Datagrams.frame(frame, Datagrams.piece(ip, 5, part[0], part[1])));
        }
        assertThat(lab.sent(LAN)).isEmpty();
        assertThat(lab.verdict(Verdict.DROP_FRAGMENT_OVERLAP)).isEqualTo(5);
        assertThat(lab.dataplane.buffersInUse()).isZero();
    }

    @Test
    void shouldDropOnlyTheSecondOfTwins() {
        lab.service(Protocol.UDP, false, ForwardingMethod.NAT, Tunnel.IPIP, 80, 1);
        byte[] frame = lab.fromClient(false, Frames.UDP, 0, payload(2000));
        byte[] ip = Datagrams.ip(frame);
        byte[] first = Datagrams.frame(frame, Datagrams.piece(ip, 5, 0, 1480));
        byte[] second = Datagrams.frame(frame, Datagrams.piece(ip, 5, 1480, 2008));
        lab.dataplane.inject(WAN, first);
        lab.dataplane.inject(WAN, first);
        lab.dataplane.inject(WAN, second);
        assertThat(Frames.read(whole(LAN, false)).checksumsRight()).isTrue();
        assertThat(lab.verdict(Verdict.DROP_FRAGMENT_DUPLICATE)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveUpFragmentsWhoseFirstOneDoesNotCome(boolean v6) {
        lab.service(Protocol.UDP, v6, ForwardingMethod.NAT, Tunnel.IPIP, 80, 1);
        byte[] frame = lab.fromClient(v6, Frames.UDP, 0, payload(4000));
        List<byte[]> pieces = Datagrams.split(frame, 5, 1480, new Random(1));
        pieces.subList(1, pieces.size()).forEach(piece -> lab.dataplane.inject(WAN, piece));
        int waiting = pieces.size() - 1;
        assertThat(lab.dataplane.buffersInUse()).isEqualTo(waiting);
        lab.dataplane.advance((v6 ? 59 : 29) * Lab.SECOND);
        assertThat(lab.dataplane.buffersInUse()).isEqualTo(waiting);
        lab.dataplane.advance(2 * Lab.SECOND);
        assertThat(lab.dataplane.buffersInUse()).isZero();
        assertThat(lab.verdict(Verdict.DROP_FRAGMENT_TIMEOUT)).isEqualTo(waiting);
    }

    @Test
    void shouldRefuseFragmentsWhoseFirstOneWasRefused() {
        lab.service(Protocol.TCP, false, ForwardingMethod.NAT, Tunnel.IPIP, 80, 1);
        byte[] frame = lab.fromClient(false, Frames.TCP, Frames.ACK, payload(4000));
        List<byte[]> pieces = Datagrams.split(frame, 5, 1480, new Random(1));
        Collections.reverse(pieces);
        pieces.forEach(piece -> lab.dataplane.inject(WAN, piece));
        assertThat(lab.sent(LAN)).isEmpty();
        assertThat(lab.dataplane.buffersInUse()).isZero();
    }

    @Test
    void shouldStayWithinBoundsUnderAttack() {
        lab.service(Protocol.UDP, false, ForwardingMethod.NAT, Tunnel.IPIP, 80, 1);
        byte[] like = lab.fromClient(false, Frames.UDP, 0, new byte[64]);
        for (int i = 0; i < 20_000; i++) {
            byte[] ip = Datagrams.ip(like);
            // Half from one sender, half from as many as there are.
            int source = i % 2 == 0 ? 0x0A00_0001 : 0x0B00_0000 + random.nextInt(1 << 24);
            ByteBuffer.wrap(ip).putInt(12, source);
            lab.dataplane.inject(WAN, Datagrams.frame(like, Datagrams.piece(ip, i / 2, 64, 72)));
            assertThat(lab.dataplane.buffersInUse())
                    .isLessThanOrEqualTo(FragmentParking.CAPACITY * lab.workers);
        }
        assertThat(lab.dataplane.buffersInUse())
                .isBetween(FragmentParking.CAPACITY, FragmentParking.CAPACITY * lab.workers);
        byte[] frame = lab.fromClient(false, Frames.UDP, 0, payload(BIG));
        inject(WAN, Datagrams.split(frame, 5, 1480, random));
        assertThat(Frames.read(whole(LAN, false)).checksumsRight()).isTrue();
        lab.dataplane.advance(31 * Lab.SECOND);
        assertThat(lab.dataplane.buffersInUse()).isZero();
        assertThat(lab.verdict(Verdict.DROP_FRAGMENT_LIMIT)).isGreaterThan(15_000);
    }

    @Test
    void shouldLetOneSenderParkOnlySoMany() {
        lab.service(Protocol.UDP, false, ForwardingMethod.NAT, Tunnel.IPIP, 80, 1);
        byte[] frame = lab.fromClient(false, Frames.UDP, 0, new byte[64]);
        byte[] ip = Datagrams.ip(frame);
        for (int i = 0; i < 1000; i++) {
            lab.dataplane.inject(WAN, Datagrams.frame(frame, Datagrams.piece(ip, i, 64, 72)));
        }
        assertThat(lab.dataplane.buffersInUse())
                .isEqualTo(FragmentParking.PER_SOURCE * lab.workers);
        assertThat(lab.verdict(Verdict.DROP_FRAGMENT_LIMIT))
                .isEqualTo(1000 - FragmentParking.PER_SOURCE * lab.workers);
    }

    @Test
    void shouldCutFragmentsThatTheWayBackHasNoRoomFor() {
        lab.service(Protocol.UDP, false, ForwardingMethod.TUNNEL, Tunnel.IPIP, 80, 1);
        byte[] data = payload(3000);
        byte[] frame = lab.fromClient(false, Frames.UDP, 0, data);
        Datagrams.split(frame, 5, 1480, new Random(1))
                .forEach(piece -> lab.dataplane.inject(WAN, piece));
        assertThat(udpPayload(whole(LAN, true), false)).isEqualTo(data);
    }

    @Test
    void shouldAnswerOnlyTheFirstFragmentThatHasNoHopLeft() {
        lab.service(Protocol.UDP, false, ForwardingMethod.NAT, Tunnel.IPIP, 80, 1);
        byte[] frame = lab.fromClient(false, Frames.UDP, 0, payload(3000));
        byte[] ip = Datagrams.ip(frame);
        ip[8] = 1;
        for (int[] part : new int[][] {{0, 1480}, {1480, 2960}, {2960, 3008}}) {
            byte[] piece = Datagrams.piece(ip, 5, part[0], part[1]);
            lab.dataplane.inject(WAN, Datagrams.frame(frame, piece));
        }
        List<byte[]> answers = lab.sent(WAN);
        assertThat(answers).hasSize(1);
        assertThat(answers.getFirst()[34]).isEqualTo((byte) 11);
        assertThat(lab.verdict(Verdict.DROP_TTL_EXCEEDED)).isEqualTo(2);
        assertThat(Frames.read(answers.getFirst()).to()).isEqualTo(Address.parse("172.16.0.9"));
    }
}
