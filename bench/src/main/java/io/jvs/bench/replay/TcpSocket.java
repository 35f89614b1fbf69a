package io.jvs.bench.replay;

import java.util.function.Consumer;

/**
 * One end of a TCP connection over a network that neither loses nor reorders: as much of RFC 9293
 * as the segments that a director sees depend on, with the sizes that Linux gives them.
 */
final class TcpSocket {
    /** Where the connection stands. */
    enum State {
        SYN_SENT,
        SYN_RECEIVED,
        ESTABLISHED,
        /** Reset, refused or given up. */
        DEAD
    }

    /** MSS, SACK permitted, timestamps, window scale. */
    private static final int SYN_OPTION_BYTES = 20;

    /** Only the MSS, for a peer that sent no options. */
    private static final int SHORT_SYN_OPTION_BYTES = 4;

    /** Timestamps. */
    private static final int OPTION_BYTES = 12;

    private static final int MTU = 1500;
    private static final int INITIAL_SEQUENCE = 100_000;

    private final Flow flow;
    private final Consumer<IpPacket> out;
    private final boolean options;
    private State state;
    private int sendNext;
    private int receiveNext;
    private int unacknowledgedSegments;
    private boolean finSent;
    private boolean finReceived;

    private TcpSocket(Flow flow, State state, boolean options, Consumer<IpPacket> out) {
        this.flow = flow;
        this.state = state;
        this.options = options;
        this.out = out;
        this.sendNext = INITIAL_SEQUENCE;
    }

    /** A client's socket; its SYN goes with {@link #sendHandshake}. */
    static TcpSocket client(Flow flow, Consumer<IpPacket> out) {
        TcpSocket socket = new TcpSocket(flow, State.SYN_SENT, true, out);
        socket.sendNext++;
        return socket;
    }

    /** A listener's answer to a SYN; its SYN-ACK goes with {@link #sendHandshake}. */
    static TcpSocket accept(Flow flow, TcpSegment syn, Consumer<IpPacket> out) {
        TcpSocket socket = new TcpSocket(flow, State.SYN_RECEIVED, syn.optionBytes() > 0, out);
        socket.receiveNext = syn.sequence() + 1;
        socket.sendNext++;
        return socket;
    }

    State state() {
        return state;
    }

    /** Whether both sides have closed. */
    boolean isFinished() {
        return finSent && finReceived || state == State.DEAD;
    }

    /** Sends the SYN or SYN-ACK, again if need be. */
    void sendHandshake() {
        boolean client = state == State.SYN_SENT;
        int flags = client ? TcpSegment.SYN : TcpSegment.SYN | TcpSegment.ACK;
        int optionBytes = options ? SYN_OPTION_BYTES : SHORT_SYN_OPTION_BYTES;
        emit(flags, sendNext - 1, optionBytes, 0);
    }

    /** Closes this side for writing. */
    void shutdown() {
        if (!finSent && state == State.ESTABLISHED) {
            finSent = true;
            sendNext++;
            emit(TcpSegment.FIN | TcpSegment.ACK, sendNext - 1, established(), 0);
        }
    }

    /** Resets the connection (SO_LINGER 0). */
    void reset() {
        if (state == State.ESTABLISHED) {
            emit(TcpSegment.RST | TcpSegment.ACK, sendNext, established(), 0);
        }
        state = State.DEAD;
    }

    /** Gives up without a word. */
    void abandon() {
        state = State.DEAD;
    }

    /** Sends data in segments that fill the path's packets. */
    void send(int bytes) {
        int header = (flow.local().isIpv6() ? 40 : 20) + 20 + established();
        for (int sent = 0; sent < bytes && state == State.ESTABLISHED; ) {
            int size = Math.min(bytes - sent, MTU - header);
            sent += size;
            sendNext += size;
            int push = sent == bytes ? TcpSegment.PSH : 0;
            emit(push | TcpSegment.ACK, sendNext - size, established(), size);
        }
    }

    /** Takes a segment of this connection. */
    void receive(TcpSegment segment) {
        switch (state) {
            case SYN_SENT -> onAnswer(segment);
            case SYN_RECEIVED -> onHandshake(segment);
            case ESTABLISHED -> onEstablished(segment);
            case DEAD -> {}
        }
    }

    private void onAnswer(TcpSegment segment) {
        if (!segment.has(TcpSegment.ACK)) {
            return;
        }
        if (segment.acknowledgment() != sendNext) {
            if (!segment.has(TcpSegment.RST)) {
                emit(TcpSegment.RST, segment.acknowledgment(), 0, 0);
            }
        } else if (segment.has(TcpSegment.RST)) {
            state = State.DEAD;
        } else if (segment.has(TcpSegment.SYN)) {
            receiveNext = segment.sequence() + 1;
            state = State.ESTABLISHED;
            acknowledge();
        }
    }

    private void onHandshake(TcpSegment segment) {
        if (segment.has(TcpSegment.RST)) {
            if (segment.sequence() == receiveNext) {
                state = State.DEAD;
            }
        } else if (segment.has(TcpSegment.SYN)) {
            sendHandshake();
        } else if (segment.has(TcpSegment.ACK)) {
            if (segment.acknowledgment() == sendNext) {
                state = State.ESTABLISHED;
                onEstablished(segment);
            } else {
                emit(TcpSegment.RST, segment.acknowledgment(), 0, 0);
            }
        }
    }

    private void onEstablished(TcpSegment segment) {
        boolean inOrder = segment.sequence() == receiveNext;
        if (segment.has(TcpSegment.RST)) {
            if (inOrder) {
                state = State.DEAD;
            }
        } else if (segment.has(TcpSegment.SYN)) {
            acknowledge();
        } else if (segment.has(TcpSegment.ACK)) {
            if (!inOrder) {
                acknowledge();
            } else if (segment.span() > 0) {
                onData(segment);
            }
        }
    }

    private void onData(TcpSegment segment) {
        receiveNext += segment.span();
        finReceived |= segment.has(TcpSegment.FIN);
        unacknowledgedSegments++;
        if (unacknowledgedSegments > 1 || segment.has(TcpSegment.FIN | TcpSegment.PSH)) {
            acknowledge();
        }
    }

    private void acknowledge() {
        unacknowledgedSegments = 0;
        emit(TcpSegment.ACK, sendNext, established(), 0);
    }

    private int established() {
        return options ? OPTION_BYTES : 0;
    }

    private void emit(int flags, int sequence, int optionBytes, int dataBytes) {
        int acknowledgment = (flags & TcpSegment.ACK) == 0 ? 0 : receiveNext;
        TcpSegment segment =
                new TcpSegment(
                        flow.localPort(),
                        flow.remotePort(),
                        sequence,
                        acknowledgment,
                        flags,
                        optionBytes,
                        dataBytes);
        out.accept(segment.from(flow.local(), flow.remote()));
    }
}
