package io.jvs.worker;

import io.jvs.service.Address;
import io.jvs.service.RealServer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** ARP and neighbour discovery, both ways: who asks, who answers, who moves and who is silent. */
final class GoldenNeighbors {
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final long MOVED_MAC = 0x02_00_00_00_00_33L;
    private static final int NA_SOLICITED_OVERRIDE = 0x6000_0000;
    private static final int NA_OVERRIDE = 0x2000_0000;

    private final GoldenNetwork network;
    private final GoldenMode mode;
    private final GoldenTraffic traffic;

    GoldenNeighbors(GoldenNetwork network, GoldenMode mode) {
        this.network = network;
        this.mode = mode;
        this.traffic = new GoldenTraffic(network);
    }

    /** The mode's services, but the name server's real server is one that never answers. */
    static List<Change> changes(GoldenMode mode) {
        List<Change> changes = new ArrayList<>(mode.changes());
        Change.AddServer last = (Change.AddServer) changes.removeLast();
        RealServer spec = last.spec();
        Address silent = Address.parse(mode.ipv6 ? "2001:db8:77::5" : "192.168.77.5");
        changes.add(
                new Change.AddServer(
                        last.serviceIndex(),
                        last.serverIndex(),
                        new RealServer(
                                silent, spec.port(), spec.method(), 1, 0, 0, spec.tunnel())));
        return changes;
    }

    GoldenTraffic traffic() {
        Address stranger = Address.parse(mode.ipv6 ? "2001:db8:c::77" : "172.16.0.77");
        traffic.client(ask(mode.virtual()))
                .client(ask(stranger))
                .client(segment(Frames.SYN))
                .client(segment(Frames.SYN))
                .server(tell(GoldenNetwork.SERVER_MAC, NA_SOLICITED_OVERRIDE))
                .client(segment(Frames.ACK))
                .server(answer())
                .server(tell(MOVED_MAC, NA_OVERRIDE))
                .client(segment(Frames.ACK))
                .client(datagram())
                .pause(5000)
                .client(datagram())
                .pause(40_000)
                .client(segment(Frames.ACK));
        return traffic;
    }

    private byte[] ask(Address target) {
        if (!mode.ipv6) {
            return Frames.arp(
                    BROADCAST,
                    GoldenNetwork.CLIENT_MAC,
                    1,
                    mode.client().toString(),
                    0,
                    target.toString());
        }
        byte[] low = target.bytes();
        long group = 0x3333_FF00_0000L | ByteBuffer.wrap(low).getInt(12) & 0xFF_FFFFL;
        byte[] solicited = Address.parse("ff02::1:ff00:0").bytes();
        System.arraycopy(low, 13, solicited, 13, 3);
        byte[] message = discovery(135, 0, target, 1, GoldenNetwork.CLIENT_MAC);
        return hopLimit255(
                Frames.withIp(
                        group,
                        GoldenNetwork.CLIENT_MAC,
                        mode.client(),
                        Address.ofBytes(solicited),
                        GoldenFrames.ICMPV6,
                        message));
    }

    /** The real server's answer, or what it says of itself when it has moved. */
    private byte[] tell(long mac, int flags) {
        Address asker = Address.parse(mode.ipv6 ? "2001:db8:c::1" : "192.168.77.254");
        if (!mode.ipv6) {
            return Frames.arp(
                    network.serverSideMac(),
                    mac,
                    2,
                    mode.real().toString(),
                    network.serverSideMac(),
                    asker.toString());
        }
        byte[] message = discovery(136, flags, mode.real(), 2, mac);
        return hopLimit255(
                Frames.withIp(
                        network.serverSideMac(),
                        mac,
                        mode.real(),
                        asker,
                        GoldenFrames.ICMPV6,
                        message));
    }

    private static byte[] discovery(int type, int flags, Address target, int option, long mac) {
        ByteBuffer message = ByteBuffer.allocate(32);
        message.put((byte) type).put((byte) 0).putShort((short) 0).putInt(flags);
        message.put(target.bytes()).put((byte) option).put((byte) 1);
        return message.putShort((short) (mac >>> 32)).putInt((int) mac).array();
    }

    private static byte[] hopLimit255(byte[] frame) {
        return GoldenFrames.withHops(frame, 255);
    }

    private byte[] segment(int flags) {
        return Frames.frame(
                network.clientSideMac(),
                GoldenNetwork.CLIENT_MAC,
                new Frames.Endpoint(mode.client(), GoldenMode.CLIENT_PORT),
                new Frames.Endpoint(mode.virtual(), GoldenMode.WEB),
                Frames.TCP,
                flags);
    }

    private byte[] datagram() {
        return Frames.frame(
                network.clientSideMac(),
                GoldenNetwork.CLIENT_MAC,
                new Frames.Endpoint(mode.client(), GoldenMode.CLIENT_PORT),
                new Frames.Endpoint(mode.virtual(), GoldenMode.DNS),
                Frames.UDP,
                0);
    }

    private byte[] answer() {
        return Frames.frame(
                network.serverSideMac(),
                GoldenNetwork.SERVER_MAC,
                new Frames.Endpoint(mode.real(), mode.realPort(GoldenMode.WEB)),
                new Frames.Endpoint(mode.client(), GoldenMode.CLIENT_PORT),
                Frames.TCP,
                Frames.SYN | Frames.ACK);
    }
}
