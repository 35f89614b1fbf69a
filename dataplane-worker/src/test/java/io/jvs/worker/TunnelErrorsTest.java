package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.Tunnel;
import io.jvs.service.TunnelType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Path-MTU discovery and other errors of routers between the director and a tunnel's end. */
class TunnelErrorsTest {
    private static final int ICMP = 1;
    private static final int ICMP6 = 58;
    private static final int TOLD = 1340;

    private final Lab lab = lab();

    /** With other workers in subclasses. */
    Lab lab() {
        return new Lab();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    static Stream<Arguments> tunnels() {
        List<Arguments> all = new ArrayList<>();
        List<Tunnel> tunnels =
                List.of(
                        Tunnel.IPIP,
                        new Tunnel(TunnelType.GRE, 0, false, false),
                        new Tunnel(TunnelType.GRE, 0, true, false),
                        new Tunnel(TunnelType.GUE, 6080, false, false));
        for (Tunnel tunnel : tunnels) {
            all.add(Arguments.of(tunnel, false));
            all.add(Arguments.of(tunnel, true));
        }
        return all.stream();
    }

    private static int overhead(Tunnel tunnel, boolean v6) {
        int shim =
                switch (tunnel.type()) {
                    case IPIP -> 0;
                    case GRE -> tunnel.checksum() ? 8 : 4;
                    case GUE -> 12;
                };
        return (v6 ? 40 : 20) + shim;
    }

    /** What the director sends into the tunnel for a segment of that size, DF set. */
    private byte[] throughTunnel(boolean v6, int flags, int payload) {
        lab.dataplane.inject(Lab.WAN, lab.fromClient(v6, Frames.TCP, flags, new byte[payload]));
        List<byte[]> sent = lab.sent(Lab.LAN);
        assertThat(sent).hasSize(1);
        return Datagrams.ip(sent.getFirst());
    }

    /** A router's error about a packet, quoting so many bytes of it. */
    private void router(boolean v6, int type, int code, int rest, byte[] about, int quoted) {
        byte[] body =
                ByteBuffer.allocate(8 + quoted)
                        .put((byte) type)
                        .put((byte) code)
                        .putShort((short) 0)
                        .putInt(rest)
                        .put(about, 0, quoted)
                        .array();
        Address from = Address.parse(v6 ? "2001:db8:77::55" : "192.168.77.55");
        Address to = Address.parse(v6 ? "2001:db8:77::fe" : "192.168.77.254");
        lab.dataplane.inject(
                Lab.LAN,
                Frames.withIp(Lab.LAN_MAC, Lab.SERVER_MAC, from, to, v6 ? ICMP6 : ICMP, body));
    }

    private void tooBig(boolean v6, int mtu, byte[] about, int quoted) {
        router(v6, v6 ? 2 : 3, v6 ? 0 : 4, mtu, about, quoted);
    }

    /** The one ICMP message that the client got, from the virtual address. */
    private ByteBuffer told(boolean v6) {
        List<byte[]> sent = lab.sent(Lab.WAN);
        assertThat(sent).hasSize(1);
        Frames.Seen seen = Frames.read(sent.getFirst());
        assertThat(seen.protocol()).isEqualTo(v6 ? ICMP6 : ICMP);
        assertThat(seen.from()).isEqualTo(Lab.virtual(v6).address());
        assertThat(seen.to()).isEqualTo(Lab.client(v6).address());
        assertThat(seen.dstMac()).isEqualTo(Lab.CLIENT_MAC);
        assertThat(seen.srcMac()).isEqualTo(Lab.WAN_MAC);
        assertThat(seen.checksumsRight()).isTrue();
        byte[] ip = Datagrams.ip(sent.getFirst());
        return ByteBuffer.wrap(ip, v6 ? 40 : 20, ip.length - (v6 ? 40 : 20)).slice();
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void shouldTellTheClientWhatFitsThroughTheTunnel(Tunnel tunnel, boolean v6) {
        lab.service(Protocol.TCP, v6, ForwardingMethod.TUNNEL, tunnel, 80, 1);
        throughTunnel(v6, Frames.SYN, 0);
        byte[] outer = throughTunnel(v6, Frames.ACK, 1360);
        int overhead = overhead(tunnel, v6);
        tooBig(v6, TOLD, outer, 200);
        ByteBuffer told = told(v6);
        assertThat(told.getShort(0)).isEqualTo((short) (v6 ? 0x0200 : 0x0304));
        assertThat(told.getInt(4)).isEqualTo(TOLD - overhead);
        byte[] quoted = new byte[200 - overhead];
        told.get(8, quoted);
        assertThat(quoted).isEqualTo(Arrays.copyOfRange(outer, overhead, 200));
        assertThat(told.limit()).isEqualTo(8 + quoted.length);
        assertThat(lab.verdict(Verdict.REPLIED)).isEqualTo(1);

        // From now on the director knows by itself, for ten minutes.
        int fits = TOLD - overhead - (v6 ? 60 : 40);
        assertThat(throughTunnel(v6, Frames.ACK, fits)).hasSize(TOLD);
        byte[] larger = lab.fromClient(v6, Frames.TCP, Frames.ACK, new byte[fits + 1]);
        lab.dataplane.inject(Lab.WAN, larger);
        assertThat(told(v6).getInt(4)).isEqualTo(TOLD - overhead);
        lab.dataplane.advance(599 * Lab.SECOND);
        lab.dataplane.inject(Lab.WAN, larger);
        assertThat(told(v6).getInt(4)).isEqualTo(TOLD - overhead);
        lab.dataplane.advance(2 * Lab.SECOND);
        assertThat(throughTunnel(v6, Frames.ACK, fits + 1)).hasSize(TOLD + 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLearnFromAnErrorThatQuotesNoMoreThanItMust(boolean v6) {
        lab.service(Protocol.TCP, v6, ForwardingMethod.TUNNEL, Tunnel.IPIP, 80, 1);
        byte[] outer = throughTunnel(v6, Frames.SYN, 1360);
        tooBig(v6, TOLD, outer, v6 ? 48 : 28);
        assertThat(lab.sent(Lab.WAN)).isEmpty();
        assertThat(lab.verdict(Verdict.CONSUMED)).isEqualTo(1);
        lab.dataplane.inject(Lab.WAN, lab.fromClient(v6, Frames.TCP, Frames.ACK, new byte[1360]));
        assertThat(told(v6).getInt(4)).isEqualTo(TOLD - (v6 ? 40 : 20));
    }

    @Test
    void shouldCutWhatMayBeCut() {
        lab.service(Protocol.UDP, false, ForwardingMethod.TUNNEL, Tunnel.IPIP, 80, 1);
        byte[] frame = lab.fromClient(false, Frames.UDP, 0, new byte[1360]);
        byte[] ip = Datagrams.ip(frame);
        byte[] mayBeCut = Datagrams.frame(frame, Datagrams.piece(ip, 1, 0, ip.length - 20));
        lab.dataplane.inject(Lab.WAN, mayBeCut);
        byte[] outer = Datagrams.ip(lab.sent(Lab.LAN).getFirst());
        tooBig(false, TOLD, outer, 100);
        assertThat(lab.sent(Lab.WAN)).isEmpty();
        lab.dataplane.inject(Lab.WAN, mayBeCut);
        List<byte[]> pieces = lab.sent(Lab.LAN);
        assertThat(pieces).hasSize(2);
        pieces.forEach(piece -> assertThat(piece.length).isLessThanOrEqualTo(14 + TOLD));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPassOnThatTheServerIsOutOfReach(boolean v6) {
        lab.service(Protocol.TCP, v6, ForwardingMethod.TUNNEL, Tunnel.IPIP, 80, 1);
        byte[] outer = throughTunnel(v6, Frames.SYN, 0);
        int[][] errors = v6 ? new int[][] {{1, 0}, {3, 0}} : new int[][] {{3, 1}, {11, 0}};
        for (int[] error : errors) {
            router(v6, error[0], error[1], 0, outer, outer.length);
            ByteBuffer told = told(v6);
            assertThat((int) told.get(0)).isEqualTo(error[0]);
            assertThat((int) told.get(1)).isEqualTo(error[1]);
        }
        lab.dataplane.inject(Lab.WAN, lab.fromClient(v6, Frames.TCP, Frames.ACK, new byte[1360]));
        assertThat(lab.sent(Lab.LAN)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotBelieveErrorsAboutWhatWasNeverSent(boolean v6) {
        lab.service(Protocol.TCP, v6, ForwardingMethod.TUNNEL, Tunnel.IPIP, 80, 1);
        byte[] outer = throughTunnel(v6, Frames.SYN, 0);
        int overhead = v6 ? 40 : 20;
        byte[] otherPorts = outer.clone();
        otherPorts[2 * overhead]++;
        tooBig(v6, TOLD, otherPorts, outer.length);
        assertThat(lab.verdict(Verdict.DROP_UNRELATED_ICMP)).isEqualTo(1);
        byte[] otherServer = outer.clone();
        otherServer[overhead - 1] = 77;
        tooBig(v6, TOLD, otherServer, v6 ? 48 : 28);
        byte[] otherSource = outer.clone();
        otherSource[overhead - (v6 ? 17 : 5)]++;
        tooBig(v6, TOLD, otherSource, v6 ? 48 : 28);
        assertThat(lab.verdict(Verdict.CONSUMED)).isZero();
        assertThat(lab.sent(Lab.WAN)).isEmpty();
        lab.dataplane.inject(Lab.WAN, lab.fromClient(v6, Frames.TCP, Frames.ACK, new byte[1360]));
        assertThat(lab.sent(Lab.LAN)).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void shouldSurviveQuotationsOfAnyLength(Tunnel tunnel, boolean v6) {
        lab.service(Protocol.TCP, v6, ForwardingMethod.TUNNEL, tunnel, 80, 1);
        byte[] outer = throughTunnel(v6, Frames.SYN, 40);
        int answered = 0;
        for (int quoted = 0; quoted <= outer.length; quoted++) {
            tooBig(v6, 9000, outer, quoted);
            answered += lab.sent(Lab.WAN).size();
            lab.dataplane.advance(Lab.SECOND / 10);
        }
        int first = overhead(tunnel, v6) + (v6 ? 48 : 28);
        assertThat(answered).isEqualTo(outer.length - first + 1);
        assertThat(lab.sent(Lab.LAN)).isEmpty();
    }
}
