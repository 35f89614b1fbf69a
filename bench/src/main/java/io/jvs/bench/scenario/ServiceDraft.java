package io.jvs.bench.scenario;

import java.util.ArrayList;
import java.util.List;

/** A virtual service that is being made up. */
final class ServiceDraft {
    /**
     * How packets get to servers.
     *
     * @param methods -g, -i or -m, a tunnel's options behind them
     * @param ports of servers behind -m
     * @param otherFamilies whether tunnels may lead to servers of the other family
     * @param thresholds in how many of a hundred cases a server has thresholds
     */
    record Ways(List<String> methods, List<Integer> ports, boolean otherFamilies, int thresholds) {}

    private final String key;
    private final boolean ipv6;
    private final boolean tcp;
    private final int mark;
    private final int host;
    private final int port;
    private final List<ServerDraft> servers = new ArrayList<>();
    private String options = "";

    /**
     * A service.
     *
     * @param host the last number of its address
     * @param mark 0: none
     */
    ServiceDraft(boolean tcp, boolean ipv6, int host, int port, int mark) {
        this.tcp = tcp;
        this.ipv6 = ipv6;
        this.host = host;
        this.port = port;
        this.mark = mark;
        String address = address();
        this.key =
                mark != 0
                        ? "-f " + mark + (ipv6 ? " -6" : "")
                        : (tcp ? "-t " : "-u ")
                                + (ipv6 ? "[" + address + "]" : address)
                                + ":"
                                + port;
    }

    String reference() {
        return key;
    }

    boolean ipv6() {
        return ipv6;
    }

    boolean tcp() {
        return tcp;
    }

    int mark() {
        return mark;
    }

    int port() {
        return port;
    }

    /** The virtual address. */
    final String address() {
        return (ipv6 ? "2001:db8:99::" : "10.99.0.") + host;
    }

    List<ServerDraft> servers() {
        return servers;
    }

    /** What follows the address in {@code -A} and {@code -E}. */
    String options() {
        return options;
    }

    void setOptions(String text) {
        options = text;
    }

    /** Flags that fit a scheduler, or "". */
    static String flags(String scheduler, Draw draw) {
        if (!scheduler.equals("sh") && !scheduler.equals("mh") || draw.chance(30)) {
            return "";
        }
        String port = scheduler + "-port";
        String fallback = scheduler + "-fallback";
        return " -b " + draw.of(port, fallback, port + "," + fallback);
    }
}
