package io.jvs.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Frames;
import io.jvs.packet.IcmpErrors;
import io.jvs.packet.InterfaceTable;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.PacketParser;
import io.jvs.packet.TcpResets;
import io.jvs.packet.TestBurst;
import io.jvs.packet.TokenBucket;
import io.jvs.service.Address;
import java.util.ArrayList;
import java.util.List;

/** The link package on two interfaces: port 0 untagged, port 1 with VLAN 100. */
final class LinkFixture implements AutoCloseable {
    static final int UNTAGGED = 0;
    static final int TAGGED = 1;
    static final String OWN = "192.0.2.254";
    static final String OWN6 = "2001:db8::fe";
    static final String LINK_LOCAL = "fe80::ff:fe00:1";
    static final String VIP = "192.0.2.100";
    static final String VIP6 = "2001:db8::100";
    static final String LIP = "192.0.2.200";
    static final String PEER = "192.0.2.9";
    static final String PEER6 = "2001:db8::9";
    static final long OTHER_MAC = 0x02_00_00_00_00_77L;
    static final int SECOND = 100;

    final InterfaceTable interfaces = new InterfaceTable();
    final OwnAddresses own = new OwnAddresses();
    final TransmitBatch batch = new TransmitBatch(3);
    final TestBurst rows = new TestBurst();
    final PacketBurst burst = rows.burst;
    final PacketParser parser = new PacketParser(interfaces);
    final NeighborTable neighbors = new NeighborTable(interfaces, rows, batch);
    final LocalResponder responder;
    int now = 1000;

    LinkFixture(boolean host) {
        interfaces.add(0, 0, Frames.DIRECTOR, 1500);
        interfaces.add(1, 100, Frames.DIRECTOR, 1500);
        for (int i = 0; i < 2; i++) {
            interfaces.setIpv4(i, (int) Address.parse(OWN).low());
            interfaces.setIpv6(i, Address.parse(OWN6).high(), Address.parse(OWN6).low());
        }
        own.addOwn(Address.parse(OWN));
        own.addOwn(Address.parse(OWN6));
        own.addVirtual(Address.parse(VIP));
        own.addVirtual(Address.parse(VIP6));
        own.addLocal(Address.parse(LIP));
        responder =
                new LocalResponder(
                        interfaces,
                        own,
                        neighbors,
                        new boolean[] {host, host, false},
                        new IcmpErrors(interfaces, new TokenBucket(1000, 50)),
                        new TcpResets(interfaces, new TokenBucket(1000, 50)));
        neighbors.tick(now);
    }

    static int raw4(String address) {
        return Integer.reverseBytes((int) Address.parse(address).low());
    }

    static long rawHigh(String address) {
        return Long.reverseBytes(Address.parse(address).high());
    }

    static long rawLow(String address) {
        return Long.reverseBytes(Address.parse(address).low());
    }

    int neighbor(int onInterface, String address) {
        return address.indexOf(':') < 0
                ? neighbors.index4(onInterface, raw4(address))
                : neighbors.index6(onInterface, rawHigh(address), rawLow(address));
    }

    /** One frame on port 0 through parser and responder; gives the verdict. */
    int arrive(byte[] frame) {
        rows.clear();
        int row = rows.add(0, frame);
        parser.parse(burst);
        responder.take(burst, now);
        return burst.verdict[row];
    }

    int arriveIp(byte[] ip) {
        return arrive(Frames.frame(ip));
    }

    /** Sends an IP packet to a neighbour; gives the verdict. The buffer is the table's then. */
    int send(int hop, byte[] ip, byte verdict) {
        burst.clear();
        int row = rows.add(0, Frames.frame(ip));
        burst.layer3[row] = 14;
        burst.end[row] = burst.length[row];
        burst.verdict[row] = verdict;
        burst.nextHop[row] = hop;
        neighbors.resolve(burst, now);
        int result = burst.verdict[row];
        burst.clear();
        return result;
    }

    void pass(int ticks) {
        for (int i = 0; i < ticks; i++) {
            now++;
            neighbors.tick(now);
        }
    }

    /** What was sent by a port since the last call; the buffers come back. */
    List<byte[]> sent(int port) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < batch.count(port); i++) {
            int at = batch.first(port) + i;
            frames.add(TestBurst.bytes(batch.data()[at], batch.lengths()[at]));
            rows.free(batch.handles()[at]);
        }
        batch.clear(port);
        return frames;
    }

    byte[] onlySent(int port) {
        List<byte[]> frames = sent(port);
        assertThat(frames).hasSize(1);
        return frames.getFirst();
    }

    /** The reply that a row has become, up to its length. */
    byte[] reply() {
        assertThat(burst.nextHop[0]).isEqualTo(PacketBurst.NEXT_HOP_DONE);
        return rows.bytes(0);
    }

    @Override
    public void close() {
        rows.close();
    }
}
