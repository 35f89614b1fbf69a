package io.jvs.bench.scenario;

import java.util.ArrayList;
import java.util.List;

/** Client endpoints: few addresses, so that some come back; every port once. */
final class Clients {
    private static final int FIRST_SOCKET_PORT = 20_000;
    private static final int FIRST_RAW_PORT = 40_000;

    private final Draw draw;
    private final List<String> ipv4 = new ArrayList<>();
    private final List<String> ipv6 = new ArrayList<>();
    private int sockets;
    private int raw;

    Clients(Draw draw, int count) {
        this.draw = draw;
        for (int i = 0; i < count; i++) {
            ipv4.add(
                    "172."
                            + draw.between(16, 31)
                            + "."
                            + draw.between(0, 3)
                            + "."
                            + draw.between(1, 254));
            ipv6.add("2001:db8:c:" + draw.between(1, 3) + "::" + Integer.toHexString(i + 1));
            if (draw.chance(40)) {
                String last = ipv4.getLast();
                ipv4.add(last.substring(0, last.lastIndexOf('.') + 1) + draw.between(1, 254));
            }
        }
    }

    String address(boolean six) {
        return draw.of(six ? ipv6 : ipv4);
    }

    /** A port whose socket belongs to the client's kernel. */
    int socketPort() {
        return FIRST_SOCKET_PORT + sockets++;
    }

    /** A port for raw segments, to which the client's kernel does not reply. */
    int rawPort() {
        return FIRST_RAW_PORT + raw++;
    }
}
