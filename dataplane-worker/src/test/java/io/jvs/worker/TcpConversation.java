package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Two slow TCP ends that talk through a director, over networks that may lose, double and reorder
 * what either of them sends.
 */
final class TcpConversation {
    private static final int MOST_ROUNDS = 3000;

    private final Lab lab;
    private final Random random;
    private final double badness;
    private final long roundNs;

    /** The window that the client was last told. */
    private int clientWindow;

    /**
     * Prepares one.
     *
     * @param badness share of the frames that are lost, and of those that come late or twice
     * @param roundNs how much time passes with each exchange
     */
    TcpConversation(Lab lab, Random random, double badness, long roundNs) {
        this.lab = lab;
        this.random = random;
        this.badness = badness;
        this.roundNs = roundNs;
    }

    /** Goes on until both ends are done. */
    void finish(TcpPeer client, TcpPeer server) {
        for (int round = 0; round < MOST_ROUNDS && !isDone(client, server); round++) {
            exchange(client, server);
        }
        assertThat(client.isDone()).as("the client's data arrived").isTrue();
        assertThat(server.isDone()).as("the server's data arrived").isTrue();
    }

    private static boolean isDone(TcpPeer client, TcpPeer server) {
        return client.isDone() && server.isDone();
    }

    private void exchange(TcpPeer client, TcpPeer server) {
        toServer(client, server);
        toClient(server, client);
        if (roundNs > 0) {
            lab.dataplane.advance(roundNs);
        }
    }

    /** What the client has to say now. */
    void toServer(TcpPeer client, TcpPeer server) {
        deliver(waiting(client.send(Lab.WAN_MAC, Lab.CLIENT_MAC)), Lab.WAN);
        mistreat(lab.sent(Lab.LAN)).forEach(server::receive);
    }

    /** What the server has to say now. */
    void toClient(TcpPeer server, TcpPeer client) {
        deliver(server.send(Lab.LAN_MAC, Lab.SERVER_MAC), Lab.LAN);
        for (byte[] frame : mistreat(lab.sent(Lab.WAN))) {
            int tcp = 14 + (frame[14] >>> 4 == 6 ? 40 : 20);
            clientWindow = ByteBuffer.wrap(frame).getShort(tcp + 14) & 0xFFFF;
            assertThat(frame[tcp + 13] & Frames.RST).as("reset").isZero();
            client.receive(frame);
        }
    }

    /** Behind a closed window a client only probes. */
    private List<byte[]> waiting(List<byte[]> frames) {
        return clientWindow == 0 && frames.size() > 1 ? frames.subList(0, 1) : frames;
    }

    private void deliver(List<byte[]> frames, int port) {
        for (byte[] frame : mistreat(frames)) {
            lab.dataplane.inject(port, frame);
        }
    }

    private List<byte[]> mistreat(List<byte[]> frames) {
        List<byte[]> result = new ArrayList<>();
        for (byte[] frame : frames) {
            double dice = random.nextDouble();
            if (dice < badness) {
                continue;
            }
            int at = dice < 2 * badness ? random.nextInt(result.size() + 1) : result.size();
            result.add(at, frame);
            if (dice > 1 - badness) {
                result.add(frame);
            }
        }
        return result;
    }
}
