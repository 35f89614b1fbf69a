package io.jvs.bench.scenario;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A random scenario of services, servers, traffic, edits, waits and listings. It keeps to what can
 * be foreseen: hosts answer as they did in the recordings, connections are only closed while they
 * are surely there.
 */
public final class RandomScenario {
    private static final List<String> LISTINGS =
            List.of(
                    "-Ln",
                    "-Lnc",
                    "-Sn",
                    "-Ln --thresholds",
                    "-Ln --persistent-conn",
                    "-Ln --nosort",
                    "-Ln --timeout",
                    "-Ln --tun-info");

    /** A look at the clock, so that a replay can keep pace. */
    private static final String UPTIME = "cat /proc/uptime";

    private static final int UPTIME_PERCENT = 6;

    private record Endpoint(
            ServiceDraft service, String client, int port, String address, int virtualPort) {}

    private final Draw draw;
    private final Theme theme;
    private final Steps steps = new Steps();
    private final ServicesDraft services;
    private final Clients clients;
    private final List<Endpoint> raw = new ArrayList<>();
    private final Sockets sockets;
    private final boolean mayHaveSockets;

    private RandomScenario(String scheduler, Theme theme, long seed, boolean mayHaveSockets) {
        this.draw = new Draw(seed);
        this.theme = theme;
        this.mayHaveSockets = mayHaveSockets;
        this.services = new ServicesDraft(draw, theme, scheduler, steps, mayHaveSockets);
        this.clients = new Clients(draw, theme == Theme.PERSISTENCE ? 4 : 8);
        this.sockets = new Sockets(draw, steps);
    }

    /**
     * Makes one up.
     *
     * @param length how many steps follow those that set it up
     */
    public static JsonObject of(String scheduler, Theme theme, long seed, int length) {
        return new RandomScenario(scheduler, theme, seed, true).make(scheduler, seed, length);
    }

    /** Makes one up in which no host's own TCP takes part: datagrams and single segments only. */
    public static JsonObject withoutSockets(String scheduler, Theme theme, long seed, int length) {
        return new RandomScenario(scheduler, theme, seed, false).make(scheduler, seed, length);
    }

    private JsonObject make(String scheduler, long seed, int length) {
        services.begin();
        int setUp = steps.size();
        while (steps.size() < setUp + length) {
            step();
            if (draw.chance(UPTIME_PERCENT)) {
                steps.command(UPTIME);
            }
        }
        steps.command(UPTIME);
        steps.ipvsadm("-Ln");
        if (!services.isChance()) {
            steps.step("conns");
        }
        String name = theme.name().toLowerCase(java.util.Locale.ROOT);
        return steps.toScenario("random/" + name + "/" + scheduler + "/" + seed);
    }

    private void step() {
        if (services.isChance()) {
            stepByChance();
            return;
        }
        int dice = draw.between(0, 99);
        if (dice < edits()) {
            sockets.onEdit(services.edit());
        } else if (dice < edits() + 4) {
            steps.command(UPTIME);
            steps.ipvsadm(draw.of(LISTINGS));
        } else if (dice < edits() + 6) {
            steps.command(UPTIME);
            steps.step("conns");
        } else if (dice < edits() + 6 + waits()) {
            sleep();
        } else {
            traffic(draw.of(services.all()));
        }
    }

    /** twos draws lots: what follows must not depend on which server a connection got. */
    private void stepByChance() {
        if (draw.chance(5)) {
            services.editWeight();
        } else {
            udp(services.all().getFirst());
        }
    }

    private int edits() {
        return switch (theme) {
            case EDITS -> 30;
            case SCHEDULING, SETTINGS -> 12;
            default -> 7;
        };
    }

    private int waits() {
        return switch (theme) {
            case EXPIRY -> 20;
            case PERSISTENCE, THRESHOLDS, SETTINGS -> 8;
            default -> 2;
        };
    }

    private void sleep() {
        int seconds = draw.of(2, 5, 9, 12, 28, 65, 118, 125, 330);
        steps.sleep(isQuick() ? 2 : seconds);
        if (seconds > 3) {
            sockets.forget();
        }
        steps.command(UPTIME);
    }

    private boolean isQuick() {
        return theme == Theme.SEGMENTS
                || theme == Theme.SCHEDULING
                || theme == Theme.PERSISTENCE && !mayHaveSockets;
    }

    private void traffic(ServiceDraft service) {
        boolean tcp = service.mark() != 0 ? draw.chance(50) : service.tcp();
        if (!tcp) {
            udp(service);
            return;
        }
        int dice = draw.between(0, 99);
        if (!services.hasSockets(service)) {
            segment(service);
        } else if (dice < 60 || !sockets.act()) {
            open(service);
        }
    }

    private void udp(ServiceDraft service) {
        Endpoint again = again(service, false);
        if (again != null && draw.chance(20)) {
            steps.step("udp", again.client(), again.port(), again.address(), again.virtualPort());
            return;
        }
        Endpoint endpoint = endpoint(service, clients.socketPort());
        steps.step(
                "udp",
                endpoint.client(),
                endpoint.port(),
                endpoint.address(),
                endpoint.virtualPort());
        raw.add(endpoint);
    }

    private void open(ServiceDraft service) {
        Endpoint endpoint = endpoint(service, clients.socketPort());
        steps.step(
                "tcp",
                endpoint.client(),
                endpoint.port(),
                endpoint.address(),
                endpoint.virtualPort());
        sockets.add(endpoint.client(), endpoint.port());
    }

    private void segment(ServiceDraft service) {
        Endpoint again = again(service, true);
        if (again == null || draw.chance(35)) {
            Endpoint endpoint = endpoint(service, clients.rawPort());
            String flags = draw.chance(85) ? "S" : draw.of("A", "F", "R", "PA", "SA", "FA", "RA");
            seg(endpoint, flags);
            raw.add(endpoint);
        } else if (draw.chance(45) && !services.crossesFamilies()) {
            steps.step("rseg", again.client(), again.port(), flags());
        } else {
            seg(again, flags());
        }
    }

    private String flags() {
        return draw.of("S", "SA", "A", "A", "PA", "F", "FA", "R", "RA");
    }

    private void seg(Endpoint to, String flags) {
        steps.step("seg", to.client(), to.port(), to.address(), to.virtualPort(), flags);
    }

    private Endpoint endpoint(ServiceDraft service, int port) {
        return new Endpoint(
                service,
                clients.address(service.ipv6()),
                port,
                service.mark() != 0 ? services.markedAddress(service) : service.address(),
                services.virtualPort(service));
    }

    /** A flow of that service from before, or null. */
    private @org.jspecify.annotations.Nullable Endpoint again(
            ServiceDraft service, boolean segments) {
        for (int i = 0; i < 6 && !raw.isEmpty(); i++) {
            Endpoint endpoint = raw.get(draw.between(Math.max(0, raw.size() - 6), raw.size() - 1));
            boolean isRaw = endpoint.port() >= 40_000;
            if (endpoint.service() == service && isRaw == segments) {
                return endpoint;
            }
        }
        return null;
    }
}
