package io.jvs.bench.scenario;

import java.util.ArrayList;
import java.util.List;

/** Connections of real sockets that may still be used. */
final class Sockets {
    private static final class Socket {
        final String client;
        final int port;
        boolean clientClosed;
        boolean serverClosed;

        Socket(String client, int port) {
            this.client = client;
            this.port = port;
        }
    }

    private final Draw draw;
    private final Steps steps;
    private final List<Socket> open = new ArrayList<>();

    Sockets(Draw draw, Steps steps) {
        this.draw = draw;
        this.steps = steps;
    }

    void add(String client, int port) {
        open.add(new Socket(client, port));
    }

    /**
     * Time has passed or a server has gone: they may be cut off, and would send again and again.
     */
    void forget() {
        open.clear();
    }

    /** After an edit: forgets when something was taken away. */
    void onEdit(boolean removed) {
        if (removed) {
            forget();
        }
    }

    /** Does something with one of them; false when there is none. */
    boolean act() {
        if (open.isEmpty()) {
            return false;
        }
        Socket socket = draw.of(open);
        String verb =
                socket.clientClosed
                        ? "sfin"
                        : socket.serverClosed
                                ? "hfin"
                                : draw.of("hfin", "sfin", "fin", "rst", "send");
        if (verb.equals("send")) {
            steps.step(verb, socket.client, socket.port, draw.between(1, 1000));
            return true;
        }
        steps.step(verb, socket.client, socket.port);
        socket.clientClosed |= !verb.equals("sfin");
        socket.serverClosed |= !verb.equals("hfin");
        if (socket.clientClosed && socket.serverClosed || verb.equals("rst")) {
            open.remove(socket);
        }
        return true;
    }
}
