package io.jvs.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.EthernetHeader;
import io.jvs.packet.Frames;
import io.jvs.packet.Verdict;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalResponderTest {
    private static final byte[] DATA = {1, 2, 3, 4, 5};
    private final LinkFixture plain = new LinkFixture(false);
    private final LinkFixture withHost = new LinkFixture(true);

    @AfterEach
    void close() {
        plain.close();
        withHost.close();
    }

    private static byte[] arpRequest(String sender, String target) {
        byte[] arp = Frames.arp(1, Frames.PEER, sender, 0, target);
        byte[] frame = Frames.ethernet(EthernetHeader.BROADCAST, Frames.PEER, 0x0806, arp);
        return Arrays.copyOf(frame, 60);
    }

    private static byte[] solicitation(String from, String to, String target, byte[] options) {
        byte[] ip = Frames.discovery(from, to, 135, 0, target, options);
        return Frames.ethernet(0x3333_FF00_0100L, Frames.PEER, 0x86DD, ip);
    }

    @Test
    void shouldAnswerArpForEachOfOurAddresses() {
        for (String ours : new String[] {LinkFixture.VIP, LinkFixture.LIP, LinkFixture.OWN}) {
            assertThat(plain.arrive(arpRequest(LinkFixture.PEER, ours))).isEqualTo(Verdict.REPLIED);
            byte[] arp = Frames.arp(2, Frames.DIRECTOR, ours, Frames.PEER, LinkFixture.PEER);
            byte[] frame = Frames.ethernet(Frames.PEER, Frames.DIRECTOR, 0x0806, arp);
            assertThat(plain.reply()).isEqualTo(Arrays.copyOf(frame, 60));
        }
        assertThat(plain.arrive(arpRequest(LinkFixture.PEER, "192.0.2.77")))
                .isEqualTo(Verdict.DROP_NOT_OURS);
    }

    @Test
    void shouldAnswerAnArpProbeAndLearnNothing() {
        assertThat(plain.arrive(arpRequest("0.0.0.0", LinkFixture.VIP))).isEqualTo(Verdict.REPLIED);
        assertThat(plain.neighbors.known4(0, 0)).isEqualTo(-1);
        plain.arrive(arpRequest("255.255.255.255", LinkFixture.VIP));
        assertThat(plain.neighbors.known4(0, -1)).isEqualTo(-1);
    }

    @Test
    void shouldLearnWhoAsks() {
        plain.arrive(arpRequest(LinkFixture.PEER, LinkFixture.VIP));
        int hop = plain.neighbors.known4(0, LinkFixture.raw4(LinkFixture.PEER));
        assertThat(plain.neighbors.isResolved(hop)).isTrue();
        assertThat(plain.neighbors.mac(hop)).isEqualTo(Frames.PEER);
        plain.arrive(arpRequest("192.0.2.55", "192.0.2.56"));
        assertThat(plain.neighbors.known4(0, LinkFixture.raw4("192.0.2.55"))).isEqualTo(-1);
    }

    @Test
    void shouldRefuseArpThatClaimsAGroupsMacAndUnknownOperations() {
        byte[] arp = Frames.arp(1, 0x0300_0000_0001L, LinkFixture.PEER, 0, LinkFixture.VIP);
        plain.arrive(Frames.ethernet(0x0806, arp));
        assertThat(plain.neighbors.known4(0, LinkFixture.raw4(LinkFixture.PEER))).isEqualTo(-1);
        byte[] odd = Frames.arp(9, Frames.PEER, LinkFixture.PEER, 0, LinkFixture.VIP);
        assertThat(plain.arrive(Frames.ethernet(0x0806, odd)))
                .isEqualTo(Verdict.DROP_MALFORMED_ARP);
    }

    @Test
    void shouldTellTheHostOfArpRepliesAndGratuitousArp() {
        byte[] reply =
                Frames.arp(2, Frames.PEER, LinkFixture.PEER, Frames.DIRECTOR, LinkFixture.OWN);
        assertThat(withHost.arrive(Frames.ethernet(0x0806, reply))).isEqualTo(Verdict.EXCEPTION);
        assertThat(withHost.arrive(arpRequest(LinkFixture.PEER, LinkFixture.PEER)))
                .isEqualTo(Verdict.EXCEPTION);
    }

    @Test
    void shouldAnswerASolicitation() {
        byte[] option = Frames.linkOption(1, Frames.PEER);
        byte[] frame =
                solicitation(LinkFixture.PEER6, "ff02::1:ff00:100", LinkFixture.VIP6, option);
        assertThat(plain.arrive(frame)).isEqualTo(Verdict.REPLIED);
        byte[] expected =
                Frames.discovery(
                        LinkFixture.VIP6,
                        LinkFixture.PEER6,
                        136,
                        0x6000_0000,
                        LinkFixture.VIP6,
                        Frames.linkOption(2, Frames.DIRECTOR));
        assertThat(plain.reply())
                .isEqualTo(Frames.ethernet(Frames.PEER, Frames.DIRECTOR, 0x86DD, expected));
        int hop =
                plain.neighbors.known6(
                        0,
                        LinkFixture.rawHigh(LinkFixture.PEER6),
                        LinkFixture.rawLow(LinkFixture.PEER6));
        assertThat(plain.neighbors.mac(hop)).isEqualTo(Frames.PEER);
    }

    @Test
    void shouldAnswerASolicitationWithoutOption() {
        byte[] ip =
                Frames.discovery(
                        LinkFixture.PEER6, LinkFixture.VIP6, 135, 0, LinkFixture.VIP6, new byte[0]);
        assertThat(plain.arriveIp(ip)).isEqualTo(Verdict.REPLIED);
        byte[] expected =
                Frames.discovery(
                        LinkFixture.VIP6,
                        LinkFixture.PEER6,
                        136,
                        0x6000_0000,
                        LinkFixture.VIP6,
                        Frames.linkOption(2, Frames.DIRECTOR));
        assertThat(plain.reply())
                .isEqualTo(Frames.ethernet(Frames.PEER, Frames.DIRECTOR, 0x86DD, expected));
    }

    @Test
    void shouldDefendItsAddressAgainstDuplicates() {
        byte[] frame = solicitation("::", "ff02::1:ff00:100", LinkFixture.VIP6, new byte[0]);
        assertThat(plain.arrive(frame)).isEqualTo(Verdict.REPLIED);
        byte[] expected =
                Frames.discovery(
                        LinkFixture.VIP6,
                        "ff02::1",
                        136,
                        0x2000_0000,
                        LinkFixture.VIP6,
                        Frames.linkOption(2, Frames.DIRECTOR));
        assertThat(plain.reply())
                .isEqualTo(Frames.ethernet(0x3333_0000_0001L, Frames.DIRECTOR, 0x86DD, expected));
        byte[] toVip = solicitation("::", LinkFixture.VIP6, LinkFixture.VIP6, new byte[0]);
        System.arraycopy(Frames.mac(Frames.DIRECTOR), 0, toVip, 0, 6);
        assertThat(plain.arrive(toVip)).isEqualTo(Verdict.DROP_MALFORMED_ND);
        byte[] withOption =
                solicitation(
                        "::",
                        "ff02::1:ff00:100",
                        LinkFixture.VIP6,
                        Frames.linkOption(1, Frames.PEER));
        assertThat(plain.arrive(withOption)).isEqualTo(Verdict.DROP_MALFORMED_ND);
    }

    @Test
    void shouldRefuseMalformedDiscovery() {
        byte[] broken = Frames.hex("0100 020000000099");
        assertThat(
                        plain.arrive(
                                solicitation(
                                        LinkFixture.PEER6,
                                        "ff02::1:ff00:100",
                                        LinkFixture.VIP6,
                                        broken)))
                .isEqualTo(Verdict.DROP_MALFORMED_ND);
        assertThat(
                        plain.arrive(
                                solicitation(
                                        LinkFixture.PEER6,
                                        "ff02::1:ff00:100",
                                        "ff02::9",
                                        new byte[0])))
                .isEqualTo(Verdict.DROP_MALFORMED_ND);
        byte[] ip =
                Frames.discovery(
                        LinkFixture.PEER6,
                        "ff02::1",
                        136,
                        0x6000_0000,
                        LinkFixture.PEER6,
                        Frames.linkOption(2, Frames.PEER));
        assertThat(plain.arrive(Frames.ethernet(0x3333_0000_0001L, Frames.PEER, 0x86DD, ip)))
                .isEqualTo(Verdict.DROP_MALFORMED_ND);
    }

    @Test
    void shouldBelieveAnotherMacOnlyWithOverride() {
        byte[] first = Frames.linkOption(1, Frames.PEER);
        plain.arrive(solicitation(LinkFixture.PEER6, "ff02::1:ff00:100", LinkFixture.VIP6, first));
        int hop =
                plain.neighbors.known6(
                        0,
                        LinkFixture.rawHigh(LinkFixture.PEER6),
                        LinkFixture.rawLow(LinkFixture.PEER6));
        byte[] other = Frames.linkOption(2, LinkFixture.OTHER_MAC);
        plain.arriveIp(
                Frames.discovery(
                        LinkFixture.PEER6,
                        LinkFixture.OWN6,
                        136,
                        0x4000_0000,
                        LinkFixture.PEER6,
                        other));
        assertThat(plain.neighbors.mac(hop)).isEqualTo(Frames.PEER);
        plain.arriveIp(
                Frames.discovery(
                        LinkFixture.PEER6,
                        LinkFixture.OWN6,
                        136,
                        0x2000_0000,
                        LinkFixture.PEER6,
                        other));
        assertThat(plain.neighbors.mac(hop)).isEqualTo(LinkFixture.OTHER_MAC);
    }

    @Test
    void shouldLeaveTheHostItsLinkLocalAddresses() {
        byte[] frame =
                solicitation(
                        "fe80::9", "ff02::1:ff00:5", "fe80::5", Frames.linkOption(1, Frames.PEER));
        assertThat(withHost.arrive(frame)).isEqualTo(Verdict.EXCEPTION);
        assertThat(plain.arrive(frame)).isEqualTo(Verdict.DROP_NOT_OURS);
    }

    @Test
    void shouldAnswerPings() {
        byte[] ping = Frames.icmp(LinkFixture.PEER, LinkFixture.VIP, 8, 0, 0x1234_0001, DATA);
        assertThat(plain.arrive(Frames.join(Frames.frame(ping), new byte[9])))
                .isEqualTo(Verdict.REPLIED);
        byte[] pong = Frames.icmp(LinkFixture.VIP, LinkFixture.PEER, 0, 0, 0x1234_0001, DATA);
        assertThat(plain.reply())
                .isEqualTo(Frames.ethernet(Frames.PEER, Frames.DIRECTOR, 0x0800, pong));
        byte[] ping6 = Frames.icmp6(LinkFixture.PEER6, LinkFixture.VIP6, 128, 0, 0x1234_0001, DATA);
        ping6[7] = 3;
        assertThat(plain.arriveIp(ping6)).isEqualTo(Verdict.REPLIED);
        byte[] pong6 = Frames.icmp6(LinkFixture.VIP6, LinkFixture.PEER6, 129, 0, 0x1234_0001, DATA);
        assertThat(plain.reply())
                .isEqualTo(Frames.ethernet(Frames.PEER, Frames.DIRECTOR, 0x86DD, pong6));
    }

    @Test
    void shouldAnswerPingsWhateverTheirChecksum() {
        for (int id = 0; id < 70_000; id += 7) {
            byte[] ping = Frames.icmp(LinkFixture.PEER, LinkFixture.LIP, 8, 0, id, DATA);
            plain.now++;
            plain.arriveIp(ping);
            byte[] frame = plain.reply();
            byte[] pong = Frames.slice(frame, 14, frame.length - 14);
            assertThat(Frames.isLayer4Right(pong)).as("id " + id).isTrue();
        }
    }

    @Test
    void shouldAnswerPingsUpToARate() {
        byte[] ping = Frames.icmp(LinkFixture.PEER, LinkFixture.VIP, 8, 0, 1, DATA);
        byte[] ping6 = Frames.icmp6(LinkFixture.PEER6, LinkFixture.VIP6, 128, 0, 1, DATA);
        for (int i = 0; i < 1000; i++) {
            assertThat(plain.arriveIp(ping)).isEqualTo(Verdict.REPLIED);
        }
        assertThat(plain.arriveIp(ping)).isEqualTo(Verdict.DROP_ECHO_RATE);
        assertThat(plain.arriveIp(ping6)).isEqualTo(Verdict.DROP_ECHO_RATE);
        plain.now++;
        for (int i = 0; i < 100; i++) {
            assertThat(plain.arriveIp(ping6)).isEqualTo(Verdict.REPLIED);
        }
        assertThat(plain.arriveIp(ping6)).isEqualTo(Verdict.DROP_ECHO_RATE);
    }

    @Test
    void shouldLeavePingsOfItsOwnAddressToTheHost() {
        byte[] ping = Frames.icmp(LinkFixture.PEER, LinkFixture.OWN, 8, 0, 1, DATA);
        assertThat(plain.arriveIp(ping)).isEqualTo(Verdict.REPLIED);
        assertThat(withHost.arriveIp(ping)).isEqualTo(Verdict.NONE);
        withHost.responder.leftOver(withHost.burst, withHost.now);
        assertThat((int) withHost.burst.verdict[0]).isEqualTo(Verdict.EXCEPTION);
        byte[] vip = Frames.icmp(LinkFixture.PEER, LinkFixture.VIP, 8, 0, 1, DATA);
        assertThat(withHost.arriveIp(vip)).isEqualTo(Verdict.REPLIED);
    }

    @Test
    void shouldDropWhatIsNotOurs() {
        plain.arriveIp(Frames.udp(LinkFixture.PEER, 1, "203.0.113.1", 2, DATA));
        plain.responder.leftOver(plain.burst, plain.now);
        assertThat((int) plain.burst.verdict[0]).isEqualTo(Verdict.DROP_NOT_OURS);
        plain.arriveIp(Frames.udp(LinkFixture.PEER6, 1, "2001:db8:f::1", 2, DATA));
        plain.responder.leftOver(plain.burst, plain.now);
        assertThat((int) plain.burst.verdict[0]).isEqualTo(Verdict.DROP_NOT_OURS);
        plain.arriveIp(Frames.udp(LinkFixture.PEER, 1, LinkFixture.OWN, 22, DATA));
        plain.responder.leftOver(plain.burst, plain.now);
        assertThat((int) plain.burst.verdict[0]).isEqualTo(Verdict.DROP_NO_EXCEPTION_PATH);
        withHost.arriveIp(Frames.udp(LinkFixture.PEER, 1, LinkFixture.OWN, 22, DATA));
        withHost.responder.leftOver(withHost.burst, withHost.now);
        assertThat((int) withHost.burst.verdict[0]).isEqualTo(Verdict.EXCEPTION);
        withHost.arriveIp(Frames.udp(LinkFixture.PEER, 1, "203.0.113.1", 22, DATA));
        withHost.responder.leftOver(withHost.burst, withHost.now);
        assertThat((int) withHost.burst.verdict[0]).isEqualTo(Verdict.DROP_NOT_OURS);
    }

    /** Whatever arrives: a verdict that makes sense, the row's frame within its buffer. */
    @Test
    void shouldSurviveMutatedFrames() {
        java.util.Random random = new java.util.Random(11);
        byte[][] seeds = {
            arpRequest(LinkFixture.PEER, LinkFixture.VIP),
            solicitation(
                    LinkFixture.PEER6,
                    "ff02::1:ff00:100",
                    LinkFixture.VIP6,
                    Frames.linkOption(1, Frames.PEER)),
            Frames.frame(Frames.icmp(LinkFixture.PEER, LinkFixture.VIP, 8, 0, 1, DATA)),
            Frames.frame(Frames.icmp6(LinkFixture.PEER6, LinkFixture.VIP6, 128, 0, 1, DATA)),
        };
        int replied = 0;
        for (int round = 0; round < 200_000; round++) {
            byte[] seed = seeds[random.nextInt(seeds.length)];
            int verdict = plain.arrive(io.jvs.packet.FuzzSeeds.mutate(seed, random));
            plain.responder.leftOver(plain.burst, plain.now);
            replied += verdict == Verdict.REPLIED ? 1 : 0;
            assertThat(plain.burst.verdict[0]).isPositive();
            assertThat(plain.burst.length[0]).isBetween(0, 200);
            long start = plain.burst.handle[0] + io.jvs.packet.TestBurst.HEADROOM;
            // An ICMP error puts up to 48 bytes in front.
            assertThat(plain.burst.data[0]).isBetween(start - 48, start);
            plain.sent(0);
        }
        assertThat(replied).isGreaterThan(10_000);
    }
}
