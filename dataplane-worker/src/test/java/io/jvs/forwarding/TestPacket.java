package io.jvs.forwarding;

import io.jvs.service.Address;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;

/** An IP packet described by its fields; {@link #bytes} builds it whole, checksums by the book. */
final class TestPacket {
    static final int TCP = 6;
    static final int UDP = 17;
    static final int SCTP = 132;
    static final int ICMP = 1;
    static final int ICMP6 = 58;

    Address source = Address.parse("192.0.2.1");
    Address destination = Address.parse("192.0.2.2");
    int protocol = TCP;
    int ttl = 64;
    int trafficClass;
    int flowLabel;
    int identification = 0x1234;
    boolean dontFragment;
    byte[] options = new byte[0];
    int sourcePort;
    int destinationPort;
    byte[] payload = new byte[0];
    boolean udpChecksum = true;
    int sequence = 0x01020304;
    int acknowledgement = 0x05060708;
    int tcpFlags = 0x18;

    /** TCP options, a multiple of 4 bytes. */
    byte[] tcpOptions = new byte[0];

    /** For ICMP: type, code and the four bytes after the checksum. */
    int icmpTypeAndCode = 0x0301;

    int icmpRest;

    TestPacket copy() {
        TestPacket copy = new TestPacket();
        copy.source = source;
        copy.destination = destination;
        copy.protocol = protocol;
        copy.ttl = ttl;
        copy.trafficClass = trafficClass;
        copy.flowLabel = flowLabel;
        copy.identification = identification;
        copy.dontFragment = dontFragment;
        copy.options = options;
        copy.sourcePort = sourcePort;
        copy.destinationPort = destinationPort;
        copy.payload = payload;
        copy.udpChecksum = udpChecksum;
        copy.sequence = sequence;
        copy.acknowledgement = acknowledgement;
        copy.tcpFlags = tcpFlags;
        copy.tcpOptions = tcpOptions;
        copy.icmpTypeAndCode = icmpTypeAndCode;
        copy.icmpRest = icmpRest;
        return copy;
    }

    TestPacket from(Address address, int port) {
        source = address;
        sourcePort = port;
        return this;
    }

    TestPacket to(Address address, int port) {
        destination = address;
        destinationPort = port;
        return this;
    }

    /** Everything that does not name an endpoint, drawn. */
    TestPacket randomize(Random random) {
        ttl = 2 + random.nextInt(254);
        trafficClass = random.nextInt(256);
        flowLabel = random.nextInt(1 << 20);
        identification = random.nextInt(1 << 16);
        dontFragment = random.nextBoolean();
        payload = new byte[random.nextInt(64)];
        fill(random, payload);
        udpChecksum = random.nextInt(4) != 0;
        return this;
    }

    /** Bytes that are often all zeros or all ones, so that checksums hit their corners. */
    static void fill(Random random, byte[] bytes) {
        int style = random.nextInt(4);
        if (style == 0) {
            Arrays.fill(bytes, (byte) 0xFF);
        } else if (style != 1) {
            random.nextBytes(bytes);
        }
    }

    boolean ipv6() {
        return source.isIpv6();
    }

    int headerBytes() {
        return ipv6() ? 40 : 20 + options.length;
    }

    byte[] bytes() {
        byte[] transport = transport();
        ByteBuffer packet = ByteBuffer.allocate(headerBytes() + transport.length);
        if (ipv6()) {
            packet.putInt(6 << 28 | trafficClass << 20 | flowLabel);
            packet.putShort((short) transport.length).put((byte) protocol).put((byte) ttl);
            packet.put(source.bytes()).put(destination.bytes());
        } else {
            packet.put((byte) (0x40 | headerBytes() / 4)).put((byte) trafficClass);
            packet.putShort((short) (headerBytes() + transport.length));
            packet.putShort((short) identification);
            packet.putShort((short) (dontFragment ? 0x4000 : 0));
            packet.put((byte) ttl).put((byte) protocol).putShort((short) 0);
            packet.put(source.bytes()).put(destination.bytes()).put(options);
            packet.putShort(10, (short) SlowChecksum.of(packet.array(), 0, headerBytes()));
        }
        return packet.put(transport).array();
    }

    private byte[] transport() {
        return switch (protocol) {
            case TCP -> tcp();
            case UDP -> udp();
            case SCTP -> sctp();
            case ICMP, ICMP6 -> icmp();
            default -> payload;
        };
    }

    private ByteBuffer ports(byte[] bytes) {
        System.arraycopy(payload, 0, bytes, bytes.length - payload.length, payload.length);
        return ByteBuffer.wrap(bytes)
                .putShort((short) sourcePort)
                .putShort((short) destinationPort);
    }

    private int checksum(byte[] transport, boolean pseudo) {
        int start =
                pseudo
                        ? SlowChecksum.pseudoHeader(
                                source.bytes(), destination.bytes(), protocol, transport.length)
                        : 0;
        return ~SlowChecksum.sum(start, transport, 0, transport.length) & 0xFFFF;
    }

    private byte[] tcp() {
        byte[] bytes = new byte[20 + tcpOptions.length + payload.length];
        ByteBuffer buffer = ports(bytes);
        buffer.putInt(sequence).putInt(acknowledgement);
        buffer.putShort((short) (0x5000 + (tcpOptions.length << 10) | tcpFlags));
        buffer.putShort((short) 0x7210).putInt(0).put(tcpOptions);
        buffer.putShort(16, (short) checksum(bytes, true));
        return bytes;
    }

    private byte[] udp() {
        byte[] bytes = new byte[8 + payload.length];
        ByteBuffer buffer = ports(bytes).putShort(4, (short) bytes.length);
        int checksum = checksum(bytes, true);
        if (udpChecksum) {
            buffer.putShort(6, (short) (checksum == 0 ? 0xFFFF : checksum));
        }
        return bytes;
    }

    private byte[] sctp() {
        byte[] bytes = new byte[12 + payload.length];
        ByteBuffer buffer = ports(bytes).putInt(4, 0xCAFEBABE);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        buffer.putInt(8, Integer.reverseBytes((int) crc.getValue()));
        return bytes;
    }

    private byte[] icmp() {
        ByteBuffer buffer = ByteBuffer.allocate(8 + payload.length);
        buffer.putShort((short) icmpTypeAndCode).putShort((short) 0).putInt(icmpRest).put(payload);
        return buffer.putShort(2, (short) checksum(buffer.array(), protocol == ICMP6)).array();
    }
}
