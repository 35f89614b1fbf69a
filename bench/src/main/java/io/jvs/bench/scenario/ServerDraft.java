package io.jvs.bench.scenario;

/** A real server of a service that is being made up. */
final class ServerDraft {
    private final ServiceDraft service;
    private final int number;
    private final boolean ipv6;
    private final int port;
    private final String method;
    private final String tunnel;
    private int weight = -1;
    private int upper;
    private int lower;

    ServerDraft(ServiceDraft service, int number, ServiceDraft.Ways ways, Draw draw) {
        this.service = service;
        this.number = number;
        String way = draw.of(ways.methods());
        this.method = way.substring(0, 2);
        this.tunnel = way.substring(2);
        boolean other = method.equals("-i") && ways.otherFamilies() && draw.chance(30);
        this.ipv6 = service.ipv6() != other;
        this.port = method.equals("-m") ? draw.of(ways.ports()) : service.port();
        drawWeight(draw);
        if (draw.chance(ways.thresholds())) {
            upper = draw.between(1, 8);
            lower = draw.chance(50) ? 0 : draw.between(1, upper);
        }
    }

    /** Another weight: an edit that changes nothing does nothing in JVS. */
    final void drawWeight(Draw draw) {
        int before = weight;
        while (weight == before) {
            weight = draw.chance(12) ? 0 : draw.of(1, 1, 1, 2, 3, 4, 5, 7, 10, 100);
        }
    }

    /** How much is left of a deleted server's last weight depends on when the kernel cleans up. */
    void drawPositiveWeight(Draw draw) {
        weight = draw.between(1, 6);
    }

    void drawThresholds(Draw draw) {
        upper = draw.between(0, 9);
        lower = upper == 0 || draw.chance(40) ? 0 : draw.between(1, upper);
    }

    int number() {
        return number;
    }

    /** Whether answers pass the director. */
    boolean isNat() {
        return method.equals("-m");
    }

    private String endpoint() {
        String address = (ipv6 ? "[2001:db8:77::" : "192.168.77.") + number + (ipv6 ? "]" : "");
        return address + ":" + port;
    }

    /** Service and server, as {@code -d} needs them. */
    String reference() {
        return service.reference() + " -r " + endpoint();
    }

    /** Everything, as {@code -a} and {@code -e} take it. */
    String options() {
        StringBuilder text = new StringBuilder(reference()).append(' ').append(method);
        text.append(tunnel).append(" -w ").append(weight);
        if (upper > 0) {
            text.append(" -x ").append(upper);
        }
        if (lower > 0) {
            text.append(" -y ").append(lower);
        }
        return text.toString();
    }
}
