package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Must show 2, through the whole packet path: one local address, one real server and ten. */
class LocalPortExhaustionTest {
    private static final int ALL = 64_511;
    private static final int TOO_MANY = 20;
    private static final int SERVERS = 10;
    private static final int CLIENTS = 16;
    private static final int FIRST_CLIENT = 100;
    private static final Address FIRST = Address.parse("192.168.77.200");
    private static final Address SECOND = Address.parse("192.168.77.201");

    @Test
    void shouldCarryAConnectionByEachPortAndThenSayThatThereIsNone() {
        try (OneArm director = new OneArm(70_000)) {
            director.service(Protocol.TCP, ForwardingMethod.FULLNAT, 1);
            director.apply(List.of(new Change.SetLocalAddresses(0, List.of(FIRST))));
            for (int i = 0; i < ALL + TOO_MANY; i++) {
                director.fromClient(FIRST_CLIENT + i, Frames.TCP, Frames.SYN);
                if (i % 500 == 0) {
                    director.drain();
                }
            }
            CountersView counters = director.counters();
            assertThat(counters.connections()).isEqualTo(ALL);
            assertThat(counters.verdict(Verdict.FORWARDED)).isEqualTo(ALL);
            assertThat(counters.verdict(Verdict.DROP_NO_LOCAL_PORT)).isEqualTo(TOO_MANY);
            assertThat(counters.localPorts(LocalPortCounter.PORTS_USED)).isEqualTo(ALL);
            assertThat(counters.localPorts(LocalPortCounter.PORTS_WAITING)).isZero();
            assertThat(counters.localPorts(LocalPortCounter.PORTS_EXHAUSTED)).isEqualTo(TOO_MANY);
            assertThat(director.localPorts())
                    .containsExactly(
                            new LocalPortView(FIRST, 6, OneArm.real(1), 80, ALL, 0, ALL, TOO_MANY));

            director.apply(List.of(new Change.SetLocalAddresses(0, List.of(FIRST, SECOND))));
            director.drain();
            for (int i = 0; i < TOO_MANY; i++) {
                director.fromClient(FIRST_CLIENT + ALL + i, Frames.TCP, Frames.SYN);
            }
            assertThat(counters.verdict(Verdict.FORWARDED)).isEqualTo(ALL + TOO_MANY);
            assertThat(counters.verdict(Verdict.DROP_NO_LOCAL_PORT)).isEqualTo(TOO_MANY);
            assertThat(director.localPorts())
                    .extracting(LocalPortView::local, LocalPortView::used)
                    .containsExactly(tuple(FIRST, ALL), tuple(SECOND, TOO_MANY));
        }
    }

    /** 645,110 connections from one local address, each with a port of its own at its server. */
    @Test
    void shouldUseEachPortTowardsEachOfTenServers() {
        int all = SERVERS * ALL;
        try (OneArm director = new OneArm(all + 1000)) {
            director.service(Protocol.TCP, ForwardingMethod.FULLNAT, SERVERS);
            director.apply(List.of(new Change.SetLocalAddresses(0, List.of(FIRST))));
            BitSet[] given = new BitSet[SERVERS];
            Arrays.setAll(given, server -> new BitSet(1 << 16));
            for (int i = 0; i < all; i++) {
                director.fromClient(client(i), Frames.TCP, Frames.SYN);
                note(director.sent(), given);
            }
            CountersView counters = director.counters();
            assertThat(given).allSatisfy(ports -> assertThat(ports.cardinality()).isEqualTo(ALL));
            assertThat(counters.connections()).isEqualTo(all);
            assertThat(counters.verdict(Verdict.FORWARDED)).isEqualTo(all);
            assertThat(counters.verdict(Verdict.DROP_NO_LOCAL_PORT)).isZero();
            assertThat(counters.localPorts(LocalPortCounter.PORTS_USED)).isEqualTo(all);
            for (int i = all; i < all + TOO_MANY; i++) {
                director.fromClient(client(i), Frames.TCP, Frames.SYN);
            }
            assertThat(director.sent()).isEmpty();
            assertThat(counters.connections()).isEqualTo(all);
            assertThat(counters.verdict(Verdict.DROP_NO_LOCAL_PORT)).isEqualTo(TOO_MANY);
            assertThat(counters.localPorts(LocalPortCounter.PORTS_EXHAUSTED))
                    .isGreaterThanOrEqualTo(TOO_MANY);
            assertThat(director.localPorts())
                    .hasSize(SERVERS)
                    .allSatisfy(pair -> {
                        assertThat(pair.local()).isEqualTo(FIRST);
                        assertThat(pair.used()).isEqualTo(ALL).isEqualTo(pair.capacity());
                    });
        }
    }

    /** The clients take turns, each from port 1024 on. */
    private static Frames.Endpoint client(int number) {
        Address address = Address.parse("172.16.0." + (100 + number % CLIENTS));
        return new Frames.Endpoint(address, 1024 + number / CLIENTS);
    }

    /** Checks where a frame goes and where it comes from, and that nobody has its port yet. */
    private static void note(byte[] frame, BitSet[] given) {
        ByteBuffer ip = ByteBuffer.wrap(frame, 14, 24).slice();
        assertThat(ip.getInt(12)).isEqualTo(ByteBuffer.wrap(FIRST.bytes()).getInt());
        int server = (ip.get(19) & 0xFF) - 1;
        int port = Short.toUnsignedInt(ip.getShort(20));
        if (given[server].get(port)) {
            throw new AssertionError("port " + port + " was given out twice towards " + server);
        }
        given[server].set(port);
    }
}
