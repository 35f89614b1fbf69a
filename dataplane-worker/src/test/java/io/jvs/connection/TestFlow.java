package io.jvs.connection;

import io.jvs.packet.PacketBurst;
import java.util.SplittableRandom;

/**
 * A made-up connection: both keys as raw words. Records compare by value, so sets and maps of them
 * are the slow model of the table.
 */
record TestFlow(boolean ipv6, boolean both, int protocol, Key in, Key out) {

    /** One direction's key. */
    record Key(boolean ipv6, long key0, long key1, long key2, long key3, int ports, int protocol) {

        /** Adds it to a burst as a parsed packet. */
        int addTo(PacketBurst burst) {
            int row = burst.add();
            burst.kind[row] = ipv6 ? PacketBurst.KIND_IPV6 : PacketBurst.KIND_IPV4;
            burst.key0[row] = key0;
            burst.key1[row] = key1;
            burst.key2[row] = key2;
            burst.key3[row] = key3;
            burst.ports[row] = ports;
            burst.protocol[row] = protocol;
            return row;
        }

        FlowKey toFlowKey(boolean template) {
            FlowKey key = new FlowKey();
            key.ipv6 = ipv6;
            key.key0 = key0;
            key.key1 = key1;
            key.key2 = key2;
            key.key3 = key3;
            key.ports = ports;
            key.protocol = protocol;
            key.template = template;
            return key;
        }
    }

    /** A random one out of about {@code variety} clients. */
    static TestFlow random(SplittableRandom random, int variety) {
        boolean ipv6 = random.nextInt(4) == 0;
        boolean both = random.nextInt(3) != 0;
        int protocol = random.nextInt(4) == 0 ? 17 : 6;
        int number = random.nextInt(variety);
        return both && random.nextInt(4) == 0
                ? mixed(ipv6, protocol, number)
                : of(ipv6, both, protocol, number);
    }

    /** One of a client's number whose server is of the other family. */
    static TestFlow mixed(boolean clientIpv6, int protocol, int number) {
        Key in = of(clientIpv6, true, protocol, number).in;
        Key like = of(!clientIpv6, true, protocol, number).out;
        int ports = like.ports + 1;
        Key out = new Key(!clientIpv6, like.key0, like.key1, like.key2, like.key3, ports, protocol);
        return new TestFlow(clientIpv6, true, protocol, in, out);
    }

    /** The one of a client's number. */
    static TestFlow of(boolean ipv6, boolean both, int protocol, int number) {
        long client = 0x0A00_0000L + (number >>> 4);
        int clientPort = 1024 + (number & 15);
        int in = clientPort | 80 << 16;
        int out = 8080 | clientPort << 16;
        if (!ipv6) {
            Key inKey = new Key(false, client | 0x630A_0001L << 32, 0, 0, 0, in, protocol);
            Key outKey = new Key(false, 0x4D0A_0001L | client << 32, 0, 0, 0, out, protocol);
            return new TestFlow(false, both, protocol, inKey, outKey);
        }
        Key inKey = new Key(true, 0xB80D_0120L, client << 32, 0x99B8L, 1, in, protocol);
        Key outKey = new Key(true, 0x77B8L, 5, 0xB80D_0120L, client << 32, out, protocol);
        return new TestFlow(true, both, protocol, inKey, outKey);
    }

    /** Fills an allocated record in. */
    void fill(long record, int timeoutTicks) {
        ConnectionLayout.setProtocol(record, protocol);
        ConnectionLayout.setInPorts(record, in.ports());
        ConnectionLayout.setOutPorts(record, out.ports());
        ConnectionLayout.setTimeoutTicks(record, timeoutTicks);
        if (both) {
            ConnectionLayout.set(record, ConnectionLayout.OUT_INDEXED);
        }
        if (ipv6) {
            ConnectionLayout.setAddress6(record, ConnectionLayout.CLIENT, in.key0, in.key1);
            ConnectionLayout.setAddress6(record, ConnectionLayout.VIRTUAL6, in.key2, in.key3);
        } else {
            ConnectionLayout.setInKey4(record, in.key0);
        }
        if (out.ipv6) {
            ConnectionLayout.setAddress6(record, ConnectionLayout.REAL6, out.key0, out.key1);
            ConnectionLayout.setAddress6(record, ConnectionLayout.LOCAL6, out.key2, out.key3);
        } else {
            ConnectionLayout.setOutKey4(record, out.key0);
        }
    }

    /** Allocates, fills in and publishes; the id. */
    int insert(ConnectionTable table, int timeoutTicks, int nowTicks) {
        int id = in.ipv6 == out.ipv6 ? table.allocate(ipv6) : table.allocateMixed(ipv6);
        fill(table.address(id), timeoutTicks);
        if (!table.publish(id, nowTicks)) {
            throw new IllegalStateException("the index is full");
        }
        return id;
    }
}
