package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One end of a TCP connection, the slow, obvious way: no window, go-back-N, what comes out of order
 * is thrown away, everything unacknowledged is sent again when asked for. With time stamps (RFC
 * 7323), where both ends have them, it refuses segments that are too old, and fails when one echoes
 * what it never said.
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
    private boolean hasStamps;
    private boolean stamped;
    private int clock;
    private int firstStamp;
    private int recentStamp;
    private int bareSegments;

    /** The frames' ends as this peer sees them. */
    Frames.Endpoint self;

    Frames.Endpoint other;

    /** TCP options of the last segment. */
    byte[] options = new byte[0];

    /** The kinds of all options that it got. */
    final Set<Integer> kinds = new HashSet<>();

    TcpPeer(boolean opens, int first, byte[] toSend, Frames.Endpoint self, Frames.Endpoint other) {
        this.self = self;
        this.other = other;
        this.opens = opens;
        this.first = first;
        this.toSend = toSend;
        this.acknowledged = first;
    }

    /** Puts time stamps into its segments, from {@code stamp} on, if the other does. */
    TcpPeer withStamps(int stamp) {
        hasStamps = true;
        stamped = opens;
        clock = stamp;
        firstStamp = stamp;
        return this;
    }

    /** Whether both ends use time stamps. */
    boolean isStamped() {
        return stamped && synSeen;
    }

    /** Segments without a time stamp on a connection that uses them. */
    int bareSegments() {
        return bareSegments;
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
        clock += 3;
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
            long toMac, long fromMac, int sequence, int flags, byte[] more, byte[] data) {
        byte[] extra = stamped ? withStamps(more) : more;
        ByteBuffer layer4 = ByteBuffer.allocate(20 + extra.length + data.length);
        layer4.putShort((short) self.port()).putShort((short) other.port());
        layer4.putInt(sequence).putInt(synSeen ? expected : 0);
        layer4.putShort((short) (5 + extra.length / 4 << 12 | flags)).putShort((short) 8192);
        layer4.putInt(0).put(extra).put(data);
        Address from = self.address();
        return Frames.withIp(toMac, fromMac, from, other.address(), Frames.TCP, layer4.array());
    }

    private byte[] withStamps(byte[] more) {
        ByteBuffer all = ByteBuffer.allocate(more.length + 12).put(more).putInt(0x0101_080A);
        return all.putInt(clock).putInt(synSeen ? recentStamp : 0).array();
    }

    /** Reads the options; false when the segment is too old. */
    private boolean isFresh(int flags) {
        ByteBuffer b = ByteBuffer.wrap(options);
        boolean found = false;
        int stamp = 0;
        int echo = 0;
        while (b.remaining() > 1) {
            int kind = b.get() & 0xFF;
            if (kind > 1) {
                int bytes = b.get() & 0xFF;
                kinds.add(kind);
                if (kind == 8) {
                    found = true;
                    stamp = b.getInt(b.position());
                    echo = b.getInt(b.position() + 4);
                }
                b.position(b.position() + bytes - 2);
            }
        }
        if ((flags & Frames.SYN) != 0 && !synSeen) {
            stamped = hasStamps && found;
            recentStamp = stamp;
        }
        if (!stamped || !found) {
            bareSegments += stamped ? 1 : 0;
            return true;
        }
        if ((flags & Frames.ACK) != 0) {
            assertThat(echo - firstStamp).as("echo").isBetween(0, clock - firstStamp);
        }
        boolean fresh = stamp - recentStamp >= 0;
        recentStamp = fresh ? stamp : recentStamp;
        return fresh;
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
        answerDue = true;
        if (!isFresh(flags)) {
            return;
        }
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
