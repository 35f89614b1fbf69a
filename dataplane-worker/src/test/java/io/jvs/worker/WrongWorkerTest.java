package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.Tunnel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each packet of a connection comes to each worker; what leaves is what one worker would send. */
class WrongWorkerTest {
    private static final int ICMP = 1;
    private static final int ICMP6 = 58;

    static Stream<Arguments> modes() {
        List<Arguments> all = new ArrayList<>();
        for (int workers : new int[] {2, 4, 8}) {
            for (ForwardingMethod method :
                    List.of(
                            ForwardingMethod.NAT,
                            ForwardingMethod.FULLNAT,
                            ForwardingMethod.DIRECT_ROUTE,
                            ForwardingMethod.TUNNEL)) {
                all.add(Arguments.of(workers, method, false));
                all.add(Arguments.of(workers, method, true));
            }
        }
        return all.stream();
    }

    private static boolean isTranslated(ForwardingMethod method) {
        return method == ForwardingMethod.NAT || method == ForwardingMethod.FULLNAT;
    }

    /** The one frame that a port sends when a frame comes to a worker by another one. */
    private static byte[] through(Lab lab, int in, int out, int worker, byte[] frame) {
        lab.dataplane.inject(in, worker, frame);
        List<byte[]> sent = lab.sent(out);
        assertThat(sent).as("sent by port %d", out).hasSize(1);
        return sent.getFirst();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void shouldSendTheSameWhereverAPacketComes(int workers, ForwardingMethod method, boolean v6) {
        try (Lab lab = new Lab(workers, "memory")) {
            lab.service(Protocol.TCP, v6, method, Tunnel.IPIP, isTranslated(method) ? 8080 : 80, 1);
            byte[] syn = lab.fromClient(v6, Frames.TCP, Frames.SYN, new byte[0]);
            byte[] first = through(lab, Lab.WAN, Lab.LAN, 1, syn);
            byte[] segment = lab.fromClient(v6, Frames.TCP, Frames.ACK, new byte[100]);
            byte[] expected = through(lab, Lab.WAN, Lab.LAN, 1, segment);
            for (int worker = 0; worker < workers; worker++) {
                assertThat(through(lab, Lab.WAN, Lab.LAN, worker, syn)).isEqualTo(first);
                assertThat(through(lab, Lab.WAN, Lab.LAN, worker, segment)).isEqualTo(expected);
            }
            if (isTranslated(method)) {
                answers(lab, workers, v6, Frames.read(first));
                errors(lab, workers, v6, first);
            }
            assertThat(lab.dataplane.counters().connections()).isEqualTo(1);
        }
    }

    private static byte[] fromServer(Frames.Seen first, byte[] payload) {
        return Frames.frame(
                Lab.LAN_MAC,
                Lab.SERVER_MAC,
                new Frames.Endpoint(first.to(), first.toPort()),
                new Frames.Endpoint(first.from(), first.fromPort()),
                Frames.TCP,
                Frames.ACK,
                payload);
    }

    private static void answers(Lab lab, int workers, boolean v6, Frames.Seen first) {
        byte[] expected = null;
        for (int worker = 0; worker < workers; worker++) {
            byte[] sent = through(lab, Lab.LAN, Lab.WAN, worker, fromServer(first, new byte[200]));
            Frames.Seen seen = Frames.read(sent);
            assertThat(seen.from()).isEqualTo(Lab.virtual(v6).address());
            assertThat(seen.fromPort()).isEqualTo(80);
            assertThat(seen.to()).isEqualTo(Lab.client(v6).address());
            assertThat(seen.checksumsRight()).isTrue();
            expected = expected == null ? sent : expected;
            assertThat(sent).isEqualTo(expected);
        }
    }

    /** Errors about packets to the server, and about packets to the client. */
    private static void errors(Lab lab, int workers, boolean v6, byte[] toServer) {
        Frames.Seen seen = Frames.read(toServer);
        byte[] toClient = through(lab, Lab.LAN, Lab.WAN, 0, fromServer(seen, new byte[64]));
        for (int worker = 0; worker < workers; worker++) {
            byte[] told =
                    through(lab, Lab.LAN, Lab.WAN, worker, error(v6, toServer, Lab.LAN_MAC, seen));
            assertThat(Frames.read(told).to()).isEqualTo(Lab.client(v6).address());
            Frames.Seen back = Frames.read(toClient);
            byte[] passed =
                    through(lab, Lab.WAN, Lab.LAN, worker, error(v6, toClient, Lab.WAN_MAC, back));
            assertThat(Frames.read(passed).to()).isEqualTo(Lab.realAddress(v6, 1));
        }
    }

    /** Port unreachable about a frame, from its receiver to its sender. */
    private static byte[] error(boolean v6, byte[] about, long mac, Frames.Seen seen) {
        byte[] quoted = Arrays.copyOf(Datagrams.ip(about), v6 ? 60 : 40);
        byte[] body =
                ByteBuffer.allocate(8 + quoted.length)
                        .put((byte) (v6 ? 1 : 3))
                        .put((byte) (v6 ? 4 : 3))
                        .putShort((short) 0)
                        .putInt(0)
                        .put(quoted)
                        .array();
        return Frames.withIp(mac, Lab.SERVER_MAC, seen.to(), seen.from(), v6 ? ICMP6 : ICMP, body);
    }
}
