package io.jvs.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.EthernetHeader;
import io.jvs.packet.Frames;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NeighborTableTest {
    private static final byte[] PACKET =
            Frames.udp("10.9.9.9", 1, LinkFixture.PEER, 2, new byte[] {1, 2, 3});
    private static final byte[] PACKET6 =
            Frames.udp("2001:db8:9::9", 1, LinkFixture.PEER6, 2, new byte[] {1, 2, 3});

    private final LinkFixture link = new LinkFixture(false);

    @AfterEach
    void close() {
        assertThat(link.rows.inUse()).as("buffers that leaked").isZero();
        link.close();
    }

    private int send(int hop, byte[] ip) {
        return link.send(hop, ip, Verdict.FORWARDED);
    }

    private void answerArp(long mac) {
        byte[] reply = Frames.arp(2, mac, LinkFixture.PEER, Frames.DIRECTOR, LinkFixture.OWN);
        assertThat(link.arrive(Frames.ethernet(Frames.DIRECTOR, mac, 0x0806, reply)))
                .isEqualTo(Verdict.CONSUMED);
        link.rows.clear();
    }

    private static byte[] arpRequest(long destination) {
        byte[] arp = Frames.arp(1, Frames.DIRECTOR, LinkFixture.OWN, 0, LinkFixture.PEER);
        byte[] frame = Frames.ethernet(destination, Frames.DIRECTOR, 0x0806, arp);
        return Arrays.copyOf(frame, 60);
    }

    @Test
    void shouldAskThenSendWhatWaitedInOrder() {
        int hop = link.neighbor(LinkFixture.UNTAGGED, LinkFixture.PEER);
        byte[] second = Frames.udp("10.9.9.9", 1, LinkFixture.PEER, 2, new byte[40]);
        assertThat(send(hop, PACKET)).isEqualTo(Verdict.PARKED);
        assertThat(send(hop, second)).isEqualTo(Verdict.PARKED);
        assertThat(link.onlySent(0)).isEqualTo(arpRequest(EthernetHeader.BROADCAST));
        assertThat(link.neighbors.parkedNow()).isEqualTo(2);
        answerArp(Frames.PEER);
        List<byte[]> sent = link.sent(0);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(0))
                .isEqualTo(Frames.ethernet(Frames.PEER, Frames.DIRECTOR, 0x0800, PACKET));
        assertThat(sent.get(1))
                .isEqualTo(Frames.ethernet(Frames.PEER, Frames.DIRECTOR, 0x0800, second));
        assertThat(send(hop, PACKET)).isEqualTo(Verdict.FORWARDED);
        assertThat(link.sent(0)).hasSize(1);
        assertThat(link.neighbors.parkedSent()).isEqualTo(2);
        assertThat(link.neighbors.parkedNow()).isZero();
    }

    /** From the link-local address: the interface's first one may be of a network unknown there. */
    @Test
    void shouldSolicitOverIpv6() {
        int hop = link.neighbor(LinkFixture.UNTAGGED, LinkFixture.PEER6);
        assertThat(send(hop, PACKET6)).isEqualTo(Verdict.PARKED);
        byte[] option = Frames.linkOption(1, Frames.DIRECTOR);
        byte[] expected =
                Frames.discovery(
                        LinkFixture.LINK_LOCAL,
                        "ff02::1:ff00:9",
                        135,
                        0,
                        LinkFixture.PEER6,
                        option);
        assertThat(link.onlySent(0))
                .isEqualTo(Frames.ethernet(0x3333_FF00_0009L, Frames.DIRECTOR, 0x86DD, expected));
        byte[] target = Frames.linkOption(2, Frames.PEER);
        byte[] answer =
                Frames.discovery(
                        LinkFixture.PEER6,
                        LinkFixture.LINK_LOCAL,
                        136,
                        0x6000_0000,
                        LinkFixture.PEER6,
                        target);
        assertThat(link.arriveIp(answer)).isEqualTo(Verdict.CONSUMED);
        link.rows.clear();
        assertThat(link.onlySent(0))
                .isEqualTo(Frames.ethernet(Frames.PEER, Frames.DIRECTOR, 0x86DD, PACKET6));
    }

    @Test
    void shouldAskEachSecondAndGiveUpAfterThreeTries() {
        int hop = link.neighbor(LinkFixture.UNTAGGED, LinkFixture.PEER);
        assertThat(send(hop, PACKET)).isEqualTo(Verdict.PARKED);
        assertThat(link.sent(0)).hasSize(1);
        link.pass(99);
        assertThat(link.sent(0)).isEmpty();
        link.pass(1);
        assertThat(link.sent(0)).hasSize(1);
        link.pass(100);
        assertThat(link.sent(0)).hasSize(1);
        assertThat(link.neighbors.parkedNow()).isEqualTo(1);
        link.pass(100);
        assertThat(link.sent(0)).isEmpty();
        assertThat(link.neighbors.parkedNow()).isZero();
        assertThat(link.neighbors.parkedDropped()).isEqualTo(1);
        assertThat(send(hop, PACKET)).isEqualTo(Verdict.DROP_NEIGHBOR_UNREACHABLE);
        link.rows.free(link.burst.handle[0]);
        link.pass(100);
        assertThat(send(hop, PACKET)).isEqualTo(Verdict.PARKED);
        assertThat(link.sent(0)).hasSize(1);
        answerArp(Frames.PEER);
        assertThat(link.sent(0)).hasSize(1);
    }

    @Test
    void shouldBoundWhatWaitsForOneNeighborAndInAll() {
        int hop = link.neighbor(LinkFixture.UNTAGGED, LinkFixture.PEER);
        for (int i = 0; i < ParkingLot.PER_NEIGHBOR; i++) {
            assertThat(send(hop, PACKET)).isEqualTo(Verdict.PARKED);
        }
        assertThat(send(hop, PACKET)).isEqualTo(Verdict.DROP_PARKING_FULL);
        link.rows.free(link.burst.handle[0]);
        int parked = ParkingLot.PER_NEIGHBOR;
        for (int i = 0; i < 2000; i++) {
            int other = link.neighbor(LinkFixture.UNTAGGED, "192.0.2." + i % 50);
            int verdict = send(other, PACKET);
            if (verdict == Verdict.PARKED) {
                parked++;
            } else {
                assertThat(verdict).isEqualTo(Verdict.DROP_PARKING_FULL);
                link.rows.free(link.burst.handle[0]);
            }
            link.sent(0);
        }
        assertThat(parked).isEqualTo(1024);
        link.sent(0);
        link.pass(400);
        link.sent(0);
        assertThat(link.neighbors.parkedDropped()).isEqualTo(1024);
    }

    @Test
    void shouldReleaseMoreThanTheBatchHolds() {
        int hop = link.neighbor(LinkFixture.UNTAGGED, LinkFixture.PEER);
        for (int i = 0; i < 60; i++) {
            send(hop, PACKET);
        }
        link.sent(0);
        for (int i = 0; i < TransmitBatch.CAPACITY - 10; i++) {
            int row = link.rows.allocate(link.burst);
            link.batch.add(0, link.burst.handle[row], link.burst.data[row], 60);
            link.burst.clear();
        }
        answerArp(Frames.PEER);
        assertThat(link.neighbors.parkedNow()).isEqualTo(50);
        assertThat(link.sent(0)).hasSize(TransmitBatch.CAPACITY);
        link.pass(1);
        assertThat(link.sent(0)).hasSize(50);
        assertThat(link.neighbors.parkedSent()).isEqualTo(60);
    }

    @Test
    void shouldConfirmWhileInUseDirectlyFirst() {
        int hop = link.neighbor(LinkFixture.UNTAGGED, LinkFixture.PEER);
        send(hop, PACKET);
        answerArp(Frames.PEER);
        link.sent(0);
        link.pass(NeighborTable.REACHABLE_TICKS + 1);
        assertThat(link.sent(0)).as("nothing is asked while it is not used").isEmpty();
        assertThat(send(hop, PACKET)).isEqualTo(Verdict.FORWARDED);
        List<byte[]> sent = link.sent(0);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(0)).isEqualTo(arpRequest(Frames.PEER));
        answerArp(Frames.PEER);
        assertThat(send(hop, PACKET)).isEqualTo(Verdict.FORWARDED);
        assertThat(link.sent(0)).hasSize(1);
    }

    @Test
    void shouldKeepSendingWhileItConfirmsThenGiveUp() {
        int hop = link.neighbor(LinkFixture.UNTAGGED, LinkFixture.PEER);
        send(hop, PACKET);
        answerArp(Frames.PEER);
        link.sent(0);
        link.pass(NeighborTable.REACHABLE_TICKS + 1);
        for (int second = 0; second < 6; second++) {
            assertThat(send(hop, PACKET)).isEqualTo(Verdict.FORWARDED);
            byte[] asked = arpRequest(second < 3 ? Frames.PEER : EthernetHeader.BROADCAST);
            assertThat(link.sent(0)).as("second " + second).contains(asked).hasSize(2);
            link.pass(100);
            if (second < 5) {
                assertThat(link.batch.count(0)).isEqualTo(1);
            }
        }
        assertThat(link.neighbors.isResolved(hop)).isFalse();
        assertThat(send(hop, PACKET)).isEqualTo(Verdict.DROP_NEIGHBOR_UNREACHABLE);
        link.rows.free(link.burst.handle[0]);
    }

    @Test
    void shouldFollowANewMacAtOnce() {
        int hop = link.neighbor(LinkFixture.UNTAGGED, LinkFixture.PEER);
        send(hop, PACKET);
        answerArp(Frames.PEER);
        link.sent(0);
        byte[] gratuitous =
                Frames.arp(1, LinkFixture.OTHER_MAC, LinkFixture.PEER, 0, LinkFixture.PEER);
        byte[] frame =
                Frames.ethernet(
                        EthernetHeader.BROADCAST, LinkFixture.OTHER_MAC, 0x0806, gratuitous);
        assertThat(link.arrive(frame)).isEqualTo(Verdict.CONSUMED);
        link.rows.clear();
        send(hop, PACKET);
        assertThat(link.onlySent(0))
                .isEqualTo(Frames.ethernet(LinkFixture.OTHER_MAC, Frames.DIRECTOR, 0x0800, PACKET));
    }

    @Test
    void shouldPutTheTagOnAndTakeItOff() {
        int hop = link.neighbor(LinkFixture.TAGGED, LinkFixture.PEER);
        link.neighbors.setPermanent(hop, LinkFixture.OTHER_MAC);
        assertThat(send(hop, PACKET)).isEqualTo(Verdict.FORWARDED);
        byte[] expected =
                Frames.join(
                        Frames.mac(LinkFixture.OTHER_MAC),
                        Frames.mac(Frames.DIRECTOR),
                        Frames.hex("8100 0064 0800"),
                        PACKET);
        assertThat(link.onlySent(1)).isEqualTo(expected);
        int plain = link.neighbor(LinkFixture.UNTAGGED, LinkFixture.PEER);
        link.neighbors.setPermanent(plain, Frames.PEER);
        int row = link.rows.add(1, expected);
        link.burst.layer3[row] = 18;
        link.burst.verdict[row] = Verdict.FORWARDED;
        link.burst.nextHop[row] = plain;
        link.neighbors.resolve(link.burst, link.now);
        link.burst.clear();
        assertThat(link.onlySent(0))
                .isEqualTo(Frames.ethernet(Frames.PEER, Frames.DIRECTOR, 0x0800, PACKET));
    }

    @Test
    void shouldNeverAskOrUnlearnAPermanentNeighbor() {
        int hop = link.neighbor(LinkFixture.UNTAGGED, LinkFixture.PEER);
        link.neighbors.setPermanent(hop, LinkFixture.OTHER_MAC);
        answerArp(Frames.PEER);
        link.pass(NeighborTable.REACHABLE_TICKS * 3);
        send(hop, PACKET);
        assertThat(link.onlySent(0))
                .isEqualTo(Frames.ethernet(LinkFixture.OTHER_MAC, Frames.DIRECTOR, 0x0800, PACKET));
    }

    @Test
    void shouldSendAnswersAsTheyAreAndDropWhatHasNoWay() {
        assertThat(link.send(PacketBurst.NEXT_HOP_DONE, PACKET, Verdict.REPLIED))
                .isEqualTo(Verdict.REPLIED);
        assertThat(link.onlySent(0)).isEqualTo(Frames.frame(PACKET));
        assertThat(send(PacketBurst.NEXT_HOP_NONE, PACKET)).isEqualTo(Verdict.DROP_NO_ROUTE);
        link.rows.free(link.burst.handle[0]);
        assertThat(link.send(PacketBurst.NEXT_HOP_DONE, PACKET, Verdict.CONSUMED))
                .isEqualTo(Verdict.CONSUMED);
        link.rows.free(link.burst.handle[0]);
        assertThat(link.batch.count(0)).isZero();
    }

    @Test
    void shouldTellFamiliesAndInterfacesApart() {
        int v4 = link.neighbor(LinkFixture.UNTAGGED, "192.0.2.1");
        int v6 = link.neighbors.index6(LinkFixture.UNTAGGED, 0, LinkFixture.raw4("192.0.2.1"));
        int other = link.neighbor(LinkFixture.TAGGED, "192.0.2.1");
        assertThat(new int[] {v4, v6, other}).doesNotHaveDuplicates();
        assertThat(link.neighbor(LinkFixture.UNTAGGED, "192.0.2.1")).isEqualTo(v4);
    }

    @Test
    void shouldLearnAskersButLetThemGoFirstWhenFull() {
        int gateway = link.neighbor(LinkFixture.UNTAGGED, "192.0.2.1");
        link.neighbors.pin(gateway);
        for (int i = 0; i < NeighborTable.CAPACITY * 2; i++) {
            int address = Integer.reverseBytes(0x0B00_0000 + i);
            link.neighbors.learnAsker4(LinkFixture.UNTAGGED, address, Frames.PEER, link.now);
        }
        for (int i = 0; i < 1000; i++) {
            int address = Integer.reverseBytes(0x0C00_0000 + i);
            assertThat(link.neighbors.index4(LinkFixture.UNTAGGED, address)).isNotNegative();
        }
        assertThat(link.neighbor(LinkFixture.UNTAGGED, "192.0.2.1")).isEqualTo(gateway);
        for (int i = 0; i < 1000; i++) {
            int address = Integer.reverseBytes(0x0C00_0000 + i);
            assertThat(link.neighbors.known4(LinkFixture.UNTAGGED, address)).isNotNegative();
        }
    }

    @Test
    void shouldRefuseANewNeighborWhenAllAreInUse() {
        for (int i = 0; i < NeighborTable.CAPACITY; i++) {
            int address = Integer.reverseBytes(0x0C00_0000 + i);
            assertThat(link.neighbors.index4(LinkFixture.UNTAGGED, address)).isNotNegative();
        }
        assertThat(link.neighbor(LinkFixture.UNTAGGED, LinkFixture.PEER)).isEqualTo(-1);
        link.pass(1);
        link.now += 70_000;
        link.pass(1);
        assertThat(link.neighbor(LinkFixture.UNTAGGED, LinkFixture.PEER)).isNotNegative();
    }
}
