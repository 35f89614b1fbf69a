package io.jvs.worker;

import io.jvs.service.Address;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One end of a TCP connection, the slow, obvious way: no window, go-back-N, what comes out of order
 * is thrown away, everything unacknowledged is sent again when asked for.
 */
final class TcpPeer {
    private static final int SEGMENT = 100;

    private final boolean opens;
    private final int first;
    private final byte[] toSend;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private int acknowledged;
    private int expected;
    private boolean synSeen;
    private boolean answerDue;

    /** The frames' ends as this peer sees them. */
    Frames.Endpoint self;

    Frames.Endpoint other;

    /** TCP options of the last segment. */
    byte[] options = new byte[0];

    TcpPeer(boolean opens, int first, byte[] toSend, Frames.Endpoint self, Frames.Endpoint other) {
        this.self = self;
        this.other = other;
        this.opens = opens;
        this.first = first;
        this.toSend = toSend;
        this.acknowledged = first;
    }

    byte[] received() {
        return received.toByteArray();
    }

    /** Whether the other has all of this one's data. */
    boolean isDone() {
        return acknowledged - first == toSend.length + 1;
    }

    /** Everything that has not been acknowledged, and an acknowledgement when one is due. */
    List<byte[]> send(long toMac, long fromMac) {
        List<byte[]> frames = new ArrayList<>();
        if (acknowledged == first) {
            if (opens || synSeen) {
                byte[] mss = {2, 4, 5, (byte) 0xB4};
                int flags = Frames.SYN | (synSeen ? Frames.ACK : 0);
                frames.add(frame(toMac, fromMac, first, flags, mss, new byte[0]));
            }
            return frames;
        }
        if (answerDue) {
            int next = acknowledged;
            frames.add(frame(toMac, fromMac, next, Frames.ACK, new byte[0], new byte[0]));
            answerDue = false;
        }
        int from = acknowledged - first - 1;
        for (int at = from; at < Math.min(toSend.length, from + 3 * SEGMENT); at += SEGMENT) {
            byte[] data = Arrays.copyOfRange(toSend, at, Math.min(toSend.length, at + SEGMENT));
            frames.add(frame(toMac, fromMac, first + 1 + at, Frames.ACK, new byte[0], data));
        }
        return frames;
    }

    private byte[] frame(
            long toMac, long fromMac, int sequence, int flags, byte[] extra, byte[] data) {
        ByteBuffer layer4 = ByteBuffer.allocate(20 + extra.length + data.length);
        layer4.putShort((short) self.port()).putShort((short) other.port());
        layer4.putInt(sequence).putInt(synSeen ? expected : 0);
        layer4.putShort((short) (5 + extra.length / 4 << 12 | flags)).putShort((short) 8192);
        layer4.putInt(0).put(extra).put(data);
        Address from = self.address();
        return Frames.withIp(toMac, fromMac, from, other.address(), Frames.TCP, layer4.array());
    }

    /** Takes a frame from the other end. */
    void receive(byte[] frame) {
        FrameCheck.check(frame);
        ByteBuffer b = ByteBuffer.wrap(frame);
        int tcp = 14 + (frame[14] >>> 4 == 6 ? 40 : 20);
        int sequence = b.getInt(tcp + 4);
        int acknowledgement = b.getInt(tcp + 8);
        int flags = frame[tcp + 13];
        int data = tcp + (frame[tcp + 12] >>> 2 & 0x3C);
        options = Arrays.copyOfRange(frame, tcp + 20, data);
        if ((flags & Frames.SYN) != 0) {
            synSeen = true;
            expected = sequence + 1;
            Frames.Seen seen = Frames.read(frame);
            self = new Frames.Endpoint(seen.to(), seen.toPort());
            other = new Frames.Endpoint(seen.from(), seen.fromPort());
        } else if (synSeen) {
            take(frame, data, sequence);
        }
        boolean news = acknowledgement - acknowledged > 0;
        boolean sane = acknowledgement - first <= toSend.length + 1;
        if ((flags & Frames.ACK) != 0 && news && sane) {
            acknowledged = acknowledgement;
        }
        answerDue = true;
    }

    /** What begins where it should, or earlier and goes on behind. */
    private void take(byte[] frame, int data, int sequence) {
        int old = expected - sequence;
        int bytes = frame.length - data;
        if (old >= 0 && old < bytes) {
            received.write(frame, data + old, bytes - old);
            expected += bytes - old;
        }
    }
}
