package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.port.HandoverRing;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.Tunnel;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A worker that is given more than it takes: the ring to it fills up, and what has no room is
 * dropped by name. {@link Lab#close} sees to it that every packet has its verdict and that every
 * buffer is back.
 */
class HandoverFullTest {
    /** More than a ring holds: a worker takes 32 in a turn, the other one gives 64. */
    private static final int EACH = 1600;

    private static final int OWNER = 1;
    private static final int OTHER = 0;

    private static byte[] answer(Frames.Seen request) {
        return Frames.frame(
                Lab.LAN_MAC,
                Lab.SERVER_MAC,
                new Frames.Endpoint(request.to(), request.toPort()),
                new Frames.Endpoint(request.from(), request.fromPort()),
                Frames.TCP,
                Frames.ACK);
    }

    /** The same frame at the other port. */
    private static byte[] atLan(byte[] frame) {
        byte[] copy = frame.clone();
        copy[5] = (byte) Lab.LAN_MAC;
        return copy;
    }

    @ParameterizedTest
    @CsvSource({"NAT,false", "NAT,true", "FULLNAT,false", "FULLNAT,true", "TUNNEL,false"})
    void shouldDropByNameWhatHasNoRoom(ForwardingMethod method, boolean v6) {
        try (Lab lab = new Lab(2, "memory")) {
            lab.service(Protocol.TCP, v6, method, Tunnel.IPIP, 80, 1);
            byte[] syn = lab.fromClient(v6, Frames.TCP, Frames.SYN, new byte[0]);
            lab.dataplane.inject(Lab.WAN, OWNER, syn);
            Frames.Seen request = Frames.read(lab.sent(Lab.LAN).getFirst());
            byte[] ack = lab.fromClient(v6, Frames.TCP, Frames.ACK, new byte[40]);
            boolean answered = method != ForwardingMethod.TUNNEL;
            for (int i = 0; i < EACH; i++) {
                lab.dataplane.enqueue(Lab.WAN, OTHER, ack);
                lab.dataplane.enqueue(Lab.LAN, OTHER, answered ? answer(request) : atLan(ack));
            }
            lab.dataplane.settle();
            long dropped = lab.verdict(Verdict.DROP_HANDOVER_FULL);
            assertThat(dropped).isBetween(1L, 2L * EACH - HandoverRing.CAPACITY);
            List<WorkerView> workers = lab.dataplane.workers();
            assertThat(workers.get(OTHER).handedOver()).isEqualTo(2 * EACH - dropped);
            assertThat(workers.get(OWNER).takenOver()).isEqualTo(2 * EACH - dropped);
            assertThat(lab.sent(Lab.LAN).size() + lab.sent(Lab.WAN).size())
                    .isEqualTo((int) (2 * EACH - dropped));
            assertThat(lab.verdict(Verdict.FORWARDED)).isEqualTo(2 * EACH - dropped + 1);
            assertThat(lab.dataplane.buffersInUse()).isZero();
            lab.dataplane.inject(Lab.WAN, OTHER, ack);
            assertThat(lab.sent(Lab.LAN)).as("room again").hasSize(1);
        }
    }

    /** What neighbours say is not told to a worker whose ring is full; that is counted, too. */
    @ParameterizedTest
    @CsvSource({"1", "4"})
    void shouldCountWhatNeighboursSaidInVain(int every) {
        try (Lab lab = new Lab(2, "memory")) {
            lab.service(Protocol.TCP, false, ForwardingMethod.NAT, Tunnel.IPIP, 80, 1);
            byte[] syn = lab.fromClient(false, Frames.TCP, Frames.SYN, new byte[0]);
            lab.dataplane.inject(Lab.WAN, OWNER, syn);
            lab.sent(Lab.LAN);
            byte[] ack = lab.fromClient(false, Frames.TCP, Frames.ACK, new byte[40]);
            byte[] told =
                    Frames.arp(
                            Lab.LAN_MAC,
                            Lab.SERVER_MAC,
                            2,
                            "192.168.77.1",
                            Lab.LAN_MAC,
                            "192.168.77.254");
            int replies = 0;
            for (int i = 0; i < EACH; i++) {
                lab.dataplane.enqueue(Lab.WAN, OTHER, ack);
                boolean reply = i % every == 0;
                lab.dataplane.enqueue(Lab.LAN, OTHER, reply ? told : atLan(ack));
                replies += reply ? 1 : 0;
            }
            lab.dataplane.settle();
            long missed = lab.dataplane.workers().get(OTHER).handoverMissed();
            assertThat(missed).isBetween(1L, (long) replies);
            assertThat(lab.verdict(Verdict.CONSUMED)).isEqualTo(replies);
        }
    }

    /** Fragments of a datagram whose first one found no room go the same way. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void shouldLoseWholeDatagrams(boolean v6) {
        try (Lab lab = new Lab(2, "memory")) {
            lab.service(Protocol.UDP, v6, ForwardingMethod.NAT, Tunnel.IPIP, 80, 1);
            byte[] whole = lab.fromClient(v6, Frames.UDP, 0, new byte[600]);
            lab.dataplane.inject(Lab.WAN, OWNER, whole);
            Random random = new Random(3);
            for (int i = 0; i < EACH / 2; i++) {
                for (byte[] piece : Datagrams.split(whole, i + 1, 400, random)) {
                    lab.dataplane.enqueue(Lab.WAN, OTHER, piece);
                }
                lab.dataplane.enqueue(Lab.LAN, OTHER, atLan(whole));
                lab.dataplane.enqueue(Lab.LAN, OTHER, atLan(whole));
            }
            lab.dataplane.settle();
            lab.dataplane.advance(70 * Lab.SECOND);
            assertThat(lab.verdict(Verdict.DROP_HANDOVER_FULL)).isPositive();
            assertThat(lab.verdict(Verdict.FORWARDED)).isGreaterThan(EACH / 2);
        }
    }
}
