package io.jvs.worker;

import io.jvs.service.Address;
import io.jvs.service.Protocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** What clients and servers of {@link ExpressNetwork} send, right and wrong. */
final class ExpressTraffic {
    private static final long DIRECTOR = 0x02_6A_76_73_00_01L;
    private static final long SENDER = 0x02_00_00_00_00_77L;
    private static final int ACK = Frames.ACK;
    private static final int CLIENTS = 40;
    private static final int MOST_ANSWERED = 300;
    private static final List<String> NETWORKS =
            List.of("172.16.0.", "20.0.0.", "20.1.0.", "200.0.0.", "30.0.0.", "192.168.78.");

    /** An endpoint that a server has been sent packets from, and its own. */
    private record Answer(
            int port, int vlan, Frames.Endpoint server, Frames.Endpoint client, int protocol) {}

    private final SplittableRandom random;
    private final ExpressNetwork network;
    private final int most;
    private final Set<Answer> answers = new LinkedHashSet<>();
    private final List<byte[]> asked = new ArrayList<>();
    private final List<List<byte[]>> due = List.of(new ArrayList<>(), new ArrayList<>());
    private final Map<Integer, Integer> macs = new LinkedHashMap<>();

    /** At most so many packets come together. */
    ExpressTraffic(SplittableRandom random, ExpressNetwork network, int most) {
        this.most = most;
        this.random = random;
        this.network = network;
    }

    /** Looks at what was sent: servers learn whom to answer, neighbours that they are asked. */
    void see(List<List<byte[]>> sent) {
        for (int port = 0; port < sent.size(); port++) {
            for (byte[] frame : sent.get(port)) {
                boolean tagged = frame[12] == (byte) 0x81;
                int at = tagged ? 18 : 14;
                if (frame[at - 2] == 8 && frame[at - 1] == 6 && frame[at + 7] == 1) {
                    asked.add(frame);
                } else if (frame[at - 2] == 8 && frame[at - 1] == 0 && frame.length >= at + 24) {
                    learn(port, tagged, Frames.read(frame, at));
                    shake(port, frame);
                }
            }
        }
    }

    private void learn(int port, boolean tagged, Frames.Seen seen) {
        boolean known = seen.protocol() == Frames.TCP || seen.protocol() == Frames.UDP;
        if ((known || seen.protocol() == Frames.SCTP) && seen.toPort() < 10_000) {
            Answer answer =
                    new Answer(
                            port,
                            tagged ? ExpressNetwork.VLAN : 0,
                            new Frames.Endpoint(seen.to(), seen.toPort()),
                            new Frames.Endpoint(seen.from(), seen.fromPort()),
                            seen.protocol());
            answers.remove(answer);
            answers.add(answer);
            if (answers.size() > MOST_ANSWERED) {
                answers.remove(answers.iterator().next());
            }
        }
    }

    /** Both ends of the SYN proxy go on with their handshakes. */
    private void shake(int port, byte[] frame) {
        if (port < due.size() && frame[12] == 8 && frame[23] == Frames.TCP && frame.length >= 54) {
            ByteBuffer in = ByteBuffer.wrap(frame);
            int flags = frame[47] & (Frames.SYN | ACK | Frames.RST);
            Frames.Seen seen = Frames.read(frame);
            boolean cookie = flags == (Frames.SYN | ACK) && seen.fromPort() == 22;
            if (cookie || flags == Frames.SYN && (seen.fromPort() < 10_000)) {
                Frames.Endpoint from = new Frames.Endpoint(seen.to(), seen.toPort());
                Frames.Endpoint to = new Frames.Endpoint(seen.from(), seen.fromPort());
                int answer = cookie ? ACK : Frames.SYN | ACK;
                byte[] bytes = packet(DIRECTOR + port, from, to, Frames.TCP, answer, new byte[0]);
                ByteBuffer.wrap(bytes).putInt(38, cookie ? in.getInt(42) : 5);
                ByteBuffer.wrap(bytes).putInt(42, in.getInt(38) + 1);
                due.get(port).add(bytes);
            }
        }
    }

    /** What neighbours say to those who have asked: by no means always, nor always the same. */
    List<byte[]> say(int port) {
        List<byte[]> replies = new ArrayList<>();
        for (byte[] request : asked) {
            int at = request[12] == (byte) 0x81 ? 18 : 14;
            ByteBuffer in = ByteBuffer.wrap(request);
            int target = in.getInt(at + 24);
            if (request[11] == port + 1 && at == 14 && random.nextInt(3) > 0 && isThere(target)) {
                int mac = macs.merge(target, target & 0xFFFF, (old, now) -> old);
                replies.add(
                        Frames.arp(
                                DIRECTOR + port,
                                0x02_00_00_00_00_00L + mac,
                                2,
                                Address.ofIpv4(target).toString(),
                                DIRECTOR + port,
                                Address.ofIpv4(in.getInt(at + 14)).toString()));
            }
        }
        asked.removeIf(request -> request[11] == port + 1);
        return replies;
    }

    /** One client is never there, a server sometimes changes its card. */
    private boolean isThere(int address) {
        if (random.nextInt(20) == 0) {
            macs.put(address, random.nextInt(1 << 16));
        }
        return (address & 0xFF) != 13;
    }

    /** Packets that one port receives together. */
    List<byte[]> burst(int port) {
        List<Answer> ready = answers.stream().filter(answer -> answer.port == port).toList();
        int count = 1 + random.nextInt(most);
        int range = random.nextInt(4) == 0 ? 1 : 12;
        int first = random.nextInt(CLIENTS);
        List<byte[]> frames = new ArrayList<>();
        if (port < due.size()) {
            List<byte[]> next = due.get(port);
            List<byte[]> some = next.subList(0, Math.min(Math.min(8, most), next.size()));
            frames.addAll(some);
            some.clear();
        }
        while (frames.size() < count) {
            boolean fromServer =
                    !ready.isEmpty() && random.nextInt(5) < (port == ExpressNetwork.WAN ? 1 : 4);
            byte[] frame =
                    fromServer
                            ? fromServer(port, ready.get(random.nextInt(ready.size())))
                            : fromClient(port, (first + random.nextInt(range)) % CLIENTS);
            frames.add(random.nextInt(6) == 0 ? spoil(frame) : frame);
        }
        return frames;
    }

    private byte[] fromClient(int port, int client) {
        ExpressNetwork.Service service =
                network.services.get(random.nextInt(3) > 0 ? random.nextInt(6) : anyService());
        boolean v6 = service.virtual.isIpv6();
        String address =
                v6
                        ? "2001:db8:c::9"
                        : NETWORKS.get(client % NETWORKS.size()) + (9 + client / NETWORKS.size());
        int fromPort = 30_000 + random.nextInt(6);
        Frames.Endpoint from = Frames.Endpoint.of(address, fromPort);
        Frames.Endpoint to = new Frames.Endpoint(service.virtual, service.port);
        byte[] payload =
                service.port == 21 && random.nextInt(3) == 0
                        ? "PORT 172,16,0,9,10,10\r\n".getBytes(StandardCharsets.US_ASCII)
                        : payload(random.nextBoolean() ? 1500 : ExpressNetwork.LAN_MTU);
        int flags = flags(random.nextInt(6) == 0 ? Frames.SYN | ACK : Frames.SYN);
        return packet(DIRECTOR + port, from, to, service.protocol.number(), flags, payload);
    }

    private int anyService() {
        return random.nextInt(network.services.size());
    }

    private byte[] fromServer(int port, Answer answer) {
        byte[] payload = payload(1500);
        int flags = flags(Frames.SYN | ACK);
        byte[] frame =
                packet(
                        DIRECTOR + port,
                        answer.server,
                        answer.client,
                        answer.protocol,
                        flags,
                        payload);
        return answer.vlan == 0 ? frame : tagged(frame, answer.vlan);
    }

    private byte[] packet(
            long mac, Frames.Endpoint from, Frames.Endpoint to, int protocol, int flags, byte[] p) {
        if (protocol != Protocol.SCTP.number()) {
            return Frames.frame(mac, SENDER, from, to, protocol, flags, p);
        }
        byte[] chunk = new byte[16 + (p.length & ~3)];
        int[] chunks = {0, 1, 2, 10, 11, 7, 8, 14, 6};
        ByteBuffer.wrap(chunk)
                .putShort((short) from.port())
                .putShort((short) to.port())
                .putLong(7)
                .put((byte) chunks[random.nextInt(chunks.length)])
                .put((byte) 0)
                .putShort((short) 4);
        return Frames.withIp(mac, SENDER, from.address(), to.address(), protocol, chunk);
    }

    private int flags(int first) {
        int dice = random.nextInt(40);
        if (dice < 26) {
            return ACK | (dice & 8);
        }
        if (dice < 34) {
            return first;
        }
        return dice < 37 ? Frames.FIN | ACK : dice == 37 ? Frames.RST : random.nextInt(256);
    }

    /** Mostly small, at times at the edge of an MTU. */
    private byte[] payload(int mtu) {
        boolean edge = random.nextInt(25) == 0;
        byte[] payload = new byte[edge ? mtu - 44 + random.nextInt(20) : random.nextInt(60)];
        for (int i = 0; i < Math.min(8, payload.length); i++) {
            payload[i] = (byte) random.nextInt();
        }
        return payload;
    }

    static byte[] tagged(byte[] frame, int vlan) {
        byte[] tagged = new byte[frame.length + 4];
        System.arraycopy(frame, 0, tagged, 0, 12);
        ByteBuffer.wrap(tagged).putInt(12, 0x8100_0000 | vlan);
        System.arraycopy(frame, 12, tagged, 16, frame.length - 12);
        return tagged;
    }

    /** A packet that is another in one point. */
    private byte[] spoil(byte[] frame) {
        byte[] bytes = frame.clone();
        switch (random.nextInt(12)) {
            case 0 -> {
                return Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
            }
            case 1 -> {
                return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(40));
            }
            case 2 -> {
                int[] vlans = {0, 0, 0, 0, 7, 9, 99};
                return tagged(bytes, vlans[random.nextInt(vlans.length)]);
            }
            case 3 -> spoilLink(bytes);
            case 4 -> bytes[14 + random.nextInt(Math.min(40, bytes.length - 14))]++;
            default -> {
                if (bytes[12] == 8 && bytes[13] == 0) {
                    return spoilIpv4(bytes);
                }
            }
        }
        return bytes;
    }

    private void spoilLink(byte[] bytes) {
        switch (random.nextInt(6)) {
            case 0 -> bytes[0] = 1;
            case 1 -> Arrays.fill(bytes, 0, 6, (byte) 0xFF);
            case 2 -> bytes[5] ^= 0x40;
            case 3 -> bytes[6] |= 1;
            case 4 -> System.arraycopy(bytes, 0, bytes, 6, 6);
            default -> bytes[12 + random.nextInt(2)]++;
        }
    }

    private byte[] spoilIpv4(byte[] bytes) {
        ByteBuffer ip = ByteBuffer.wrap(bytes);
        switch (random.nextInt(10)) {
            case 0 -> ip.put(22, (byte) random.nextInt(3));
            case 1 -> ip.putShort(20, (short) random.nextInt(1 << 16));
            case 2 -> ip.putShort(20, (short) (ip.getShort(20) ^ 1 << 13 + random.nextInt(3)));
            case 3 -> ip.putShort(16, (short) (ip.getShort(16) + random.nextInt(9) - 4));
            case 4 -> ip.putShort(16, (short) random.nextInt(60));
            case 5 -> ip.put(14, (byte) random.nextInt(256));
            case 6 -> ip.put(26, (byte) new int[] {0, 127, 224, 255}[random.nextInt(4)]);
            case 7 -> spoilTransport(ip);
            case 8 -> ip.put(23, (byte) new int[] {1, 6, 17, 47, 132}[random.nextInt(5)]);
            default -> {
                return rightChecksum(withOptions(bytes));
            }
        }
        return random.nextInt(8) == 0 ? bytes : rightChecksum(bytes);
    }

    private void spoilTransport(ByteBuffer ip) {
        if (ip.get(23) == Frames.TCP) {
            ip.put(46, (byte) random.nextInt(256));
        } else if (random.nextBoolean()) {
            ip.putShort(38, (short) (ip.getShort(38) + random.nextInt(5) - 2));
        } else {
            ip.putShort(38, (short) random.nextInt(20));
        }
        if (ip.get(23) == Frames.UDP && random.nextBoolean()) {
            ip.putShort(40, (short) 0);
        }
    }

    private static byte[] withOptions(byte[] frame) {
        byte[] longer = new byte[frame.length + 4];
        System.arraycopy(frame, 0, longer, 0, 34);
        Arrays.fill(longer, 34, 38, (byte) 1);
        System.arraycopy(frame, 34, longer, 38, frame.length - 34);
        longer[14] = 0x46;
        ByteBuffer.wrap(longer).putShort(16, (short) (longer.length - 14));
        return longer;
    }

    static byte[] rightChecksum(byte[] frame) {
        int end = Math.min(frame.length, 14 + Math.max(20, (frame[14] & 0xF) << 2));
        ByteBuffer.wrap(frame).putShort(24, (short) 0);
        int sum = Frames.checksum(frame, 14, end, 0);
        ByteBuffer.wrap(frame).putShort(24, (short) sum);
        return frame;
    }
}
