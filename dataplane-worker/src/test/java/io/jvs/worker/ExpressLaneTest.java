package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.Tunnel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The express lane does to packets what the stages do, and sends each flow in order. */
class ExpressLaneTest {
    private static final int BURSTS = 1500;
    private static final int QUIET = 30;
    private static final long LEAST_FORWARDED = 5000;
    private static final int SINGLES = 6000;
    private static final long LEAST_SINGLES = 500;
    private static final int LONG = 30;

    /** The lane notes the use of a neighbour each 320 ms: it asks for it that much later. */
    private static final long NOTED = 330;

    private static final long MILLISECOND = 1_000_000L;

    @ParameterizedTest
    @CsvSource({"1,memory,1", "1,memory,2", "1,memory,3", "4,memory:scatter,4", "4,memory:rss,5"})
    void shouldDoWhatTheStagesDo(int workers, String device, long seed) {
        compare(workers, device, seed, 32);
    }

    /**
     * Who is the first beyond a limit is a matter of order: packets come one by one. With these
     * seeds no neighbour is due to be confirmed when a packet is dropped, which the lane does too.
     */
    @ParameterizedTest
    @CsvSource({"1,memory,11", "1,memory,16", "4,memory:scatter,13", "4,memory:rss,14"})
    void shouldKeepLimitsAsTheStagesDo(int workers, String device, long seed) {
        compare(workers, device, seed, 1);
    }

    private static void compare(int workers, String device, long seed, int most) {
        SplittableRandom random = new SplittableRandom(seed);
        ExpressNetwork network = new ExpressNetwork(random.split(), most == 1);
        ExpressTraffic traffic = new ExpressTraffic(random.split(), network, most);
        try (ExpressTwins twins = new ExpressTwins(ExpressNetwork.spec(workers, device))) {
            twins.apply(network.begin);
            int bursts = most == 1 ? SINGLES : BURSTS;
            for (int i = 0; i < bursts; i++) {
                step(twins, network, traffic, random, i);
            }
            twins.advance(1000 * Lab.SECOND);
            twins.compareFrames();
            twins.compareState();
            assertThat(twins.verdict(Verdict.FORWARDED))
                    .isGreaterThan(most == 1 ? LEAST_SINGLES : LEAST_FORWARDED);
            assertThat(twins.reordered > 0)
                    .as("a burst that the lane has split")
                    .isEqualTo(most > 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "6,FULLNAT,false", "6,FULLNAT,true", "6,NAT,false", "6,NAT,true", "6,DIRECT_ROUTE,false",
        "17,FULLNAT,false", "17,FULLNAT,true", "17,NAT,false", "17,NAT,true",
                "17,DIRECT_ROUTE,false"
    })
    void shouldSendSteadyPacketsAheadOfOthers(
            int number, ForwardingMethod method, boolean fromServer) {
        Protocol protocol = number == Frames.TCP ? Protocol.TCP : Protocol.UDP;
        try (Lab lab = new Lab()) {
            lab.service(protocol, false, method, Tunnel.IPIP, 80, 2);
            Frames.Seen opened = open(lab, number, 40_000);
            Frames.Seen begun = open(lab, number, 40_001);
            if (number == Frames.TCP) {
                lab.dataplane.inject(Lab.WAN, client(number, 40_000, Frames.ACK, 0));
                ExpressTwins.sent(lab.dataplane, Lab.LAN);
            }
            int port = fromServer ? Lab.LAN : Lab.WAN;
            lab.dataplane.enqueue(
                    port,
                    fromServer ? odd(server(begun, 0)) : client(number, 40_002, Frames.SYN, 0));
            lab.dataplane.enqueue(
                    port, fromServer ? server(opened, 9) : client(number, 40_000, Frames.ACK, 9));
            lab.dataplane.settle();
            List<byte[]> sent = ExpressTwins.sent(lab.dataplane, Lab.WAN + Lab.LAN - port);
            assertThat(sent).hasSize(2);
            assertThat(sent.get(0)).hasSizeGreaterThan(sent.get(1).length);
        }
    }

    /** The first packet of a flow, as the server sees it. */
    private static Frames.Seen open(Lab lab, int protocol, int port) {
        lab.dataplane.inject(Lab.WAN, client(protocol, port, Frames.SYN, 0));
        return Frames.read(ExpressTwins.sent(lab.dataplane, Lab.LAN).get(0));
    }

    private static byte[] client(int protocol, int port, int flags, int payload) {
        Frames.Endpoint from = Frames.Endpoint.of("172.16.0.9", port);
        return Frames.frame(
                Lab.WAN_MAC,
                Lab.CLIENT_MAC,
                from,
                Lab.virtual(false),
                protocol,
                flags,
                new byte[LONG + payload]);
    }

    private static byte[] server(Frames.Seen seen, int payload) {
        return Frames.frame(
                Lab.LAN_MAC,
                Lab.SERVER_MAC,
                new Frames.Endpoint(seen.to(), seen.toPort()),
                new Frames.Endpoint(seen.from(), seen.fromPort()),
                seen.protocol(),
                Frames.ACK,
                new byte[LONG + payload]);
    }

    /** With a priority tag: right, but not plain. */
    private static byte[] odd(byte[] frame) {
        return ExpressTraffic.tagged(frame, 0);
    }

    @Test
    void shouldSendAllOnesForChecksumsOfDatagramsThatAreZero() {
        for (boolean fromServer : new boolean[] {false, true}) {
            try (Lab lab = new Lab()) {
                lab.service(Protocol.UDP, false, ForwardingMethod.FULLNAT, Tunnel.IPIP, 8080, 1);
                Frames.Seen opened = open(lab, Frames.UDP, 40_000);
                byte[] frame = fromServer ? server(opened, 0) : client(Frames.UDP, 40_000, 0, 0);
                int difference = checksum(frame) - through(lab, fromServer, frame);
                assertThat(through(lab, fromServer, with(frame, 0))).isZero();
                int zero = Math.floorMod(difference, 0xFFFF);
                assertThat(through(lab, fromServer, with(frame, zero))).isEqualTo(0xFFFF);
                assertThat(through(lab, fromServer, with(frame, zero + 1))).isEqualTo(1);
            }
        }
    }

    private static int checksum(byte[] frame) {
        return ByteBuffer.wrap(frame).getShort(40) & 0xFFFF;
    }

    private static byte[] with(byte[] frame, int checksum) {
        byte[] changed = frame.clone();
        ByteBuffer.wrap(changed).putShort(40, (short) checksum);
        return changed;
    }

    private static int through(Lab lab, boolean fromServer, byte[] frame) {
        lab.dataplane.inject(fromServer ? Lab.LAN : Lab.WAN, frame);
        return checksum(ExpressTwins.sent(lab.dataplane, fromServer ? Lab.WAN : Lab.LAN).get(0));
    }

    private static void step(
            ExpressTwins twins,
            ExpressNetwork network,
            ExpressTraffic traffic,
            SplittableRandom random,
            int i) {
        int port = random.nextInt(20) == 0 ? ExpressNetwork.TAGGED : random.nextInt(2);
        traffic.see(twins.burst(port, traffic.burst(port)));
        for (int side = 0; side < 2; side++) {
            traffic.see(twins.burst(side, traffic.say(side)));
        }
        if (i % QUIET == QUIET - 1) {
            List<Change> changes = new ArrayList<>(network.edit());
            twins.apply(changes);
            twins.setVerified(random.nextInt(2), random.nextInt(3) == 0);
        }
        int dice = random.nextInt(network.scarce ? 1500 : 100);
        if (dice < 40) {
            twins.advance((dice < 35 ? NOTED : dice < 39 ? 3_000 : 35_000) * MILLISECOND);
        }
        traffic.see(twins.compareFrames());
        twins.compareState();
    }
}
