package io.jvs.forwarding;

import io.jvs.connection.ConnectionLayout;
import io.jvs.memory.Memory;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import java.util.Random;

/** The eight words of a connection, and the packets that belong to it on each side. */
record TestFlow(
        ForwardingMethod method,
        int protocol,
        Address client,
        int clientPort,
        Address virtual,
        int virtualPort,
        Address real,
        int realPort,
        Address local,
        int localPort) {

    static final int SERVER_INDEX = 5;
    private static final int FAMILY = 5;

    /** Draws one; for NAT the local endpoint is the client's. */
    static TestFlow random(Random random, ForwardingMethod method, int protocol, boolean ipv6) {
        Address client = address(random, ipv6);
        int clientPort = port(random);
        boolean full = method == ForwardingMethod.FULLNAT;
        return new TestFlow(
                method,
                protocol,
                client,
                clientPort,
                address(random, ipv6),
                port(random),
                address(random, ipv6),
                port(random),
                full ? address(random, ipv6) : client,
                full ? port(random) : clientPort);
    }

    /** Draws one of FULLNAT whose client and real server are of different families. */
    static TestFlow mixed(Random random, int protocol, boolean clientIpv6) {
        return new TestFlow(
                ForwardingMethod.FULLNAT,
                protocol,
                address(random, clientIpv6),
                port(random),
                address(random, clientIpv6),
                port(random),
                address(random, !clientIpv6),
                port(random),
                address(random, !clientIpv6),
                port(random));
    }

    private static Address address(Random random, boolean ipv6) {
        byte[] bytes = new byte[ipv6 ? 16 : 4];
        TestPacket.fill(random, bytes);
        bytes[0] = (byte) (ipv6 ? 0x20 : 10);
        return Address.ofBytes(bytes);
    }

    private static int port(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 1;
            case 1 -> 0xFFFF;
            default -> 1 + random.nextInt(0xFFFF);
        };
    }

    boolean ipv6() {
        return client.isIpv6();
    }

    TestPacket fromClient(TestPacket like) {
        return like(like).from(client, clientPort).to(virtual, virtualPort);
    }

    TestPacket toServer(TestPacket like) {
        return like(like).from(local, localPort).to(real, realPort);
    }

    TestPacket fromServer(TestPacket like) {
        return like(like).from(real, realPort).to(local, localPort);
    }

    TestPacket toClient(TestPacket like) {
        return like(like).from(virtual, virtualPort).to(client, clientPort);
    }

    private TestPacket like(TestPacket like) {
        TestPacket packet = like.copy();
        packet.protocol = protocol;
        return packet;
    }

    /** Writes it as a connection's record; real and local stay 0 across families. */
    long write(long record) {
        Memory.zero(record, 112);
        putPorts(record + ConnectionLayout.IN_PORTS, clientPort, virtualPort);
        putPorts(record + ConnectionLayout.OUT_PORTS, realPort, localPort);
        ConnectionLayout.setMethod(record, ConnectionLayout.methodCode(method));
        ConnectionLayout.setServerIndex(record, SERVER_INDEX);
        long at = put(record + ConnectionLayout.CLIENT, client);
        at = put(at, virtual);
        if (real.isIpv6() == client.isIpv6()) {
            at = put(at, real);
            put(at, local);
        } else if (method == ForwardingMethod.FULLNAT) {
            Memory.putByte(record + FAMILY, client.isIpv6() ? 0x16 : 0x14);
            put(put(record + ConnectionLayout.REAL6, real), local);
        }
        return record;
    }

    private static void putPorts(long at, int first, int second) {
        Memory.putShortBe(at, first);
        Memory.putShortBe(at + 2, second);
    }

    private static long put(long at, Address address) {
        byte[] bytes = address.bytes();
        Memory.copyIn(bytes, 0, at, bytes.length);
        return at + bytes.length;
    }
}
