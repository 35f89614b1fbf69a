package io.jvs.bench.scenario;

import java.util.ArrayList;
import java.util.List;

/** The services and servers of a scenario, and edits of them. */
final class ServicesDraft {
    private static final List<Integer> LISTENING = List.of(80, 443, 8080, 8081);

    /** Ports of servers where nobody listens and whose resets are filtered. */
    private static final List<Integer> QUIET = List.of(9000, 9001, 9002);

    private static final String[] SCHEDULERS = {
        "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh"
    };

    private final Draw draw;
    private final Theme theme;
    private final String scheduler;
    private final Steps steps;
    private final List<ServiceDraft> services = new ArrayList<>();
    private final List<ServerDraft> gone = new ArrayList<>();

    /** Whether the real servers' sockets take part: then all methods lead to them. */
    private final boolean sockets;

    /** Without sockets all moments are foreseen: templates live on, for their ends are coarse. */
    private final boolean mayHaveSockets;

    private final boolean crossing;

    ServicesDraft(Draw draw, Theme theme, String scheduler, Steps steps, boolean mayHaveSockets) {
        this.draw = draw;
        this.theme = theme;
        this.scheduler = scheduler;
        this.steps = steps;
        this.mayHaveSockets = mayHaveSockets;
        this.sockets = mayHaveSockets && theme != Theme.SEGMENTS && draw.chance(70);
        this.crossing = !sockets && draw.chance(30);
    }

    List<ServiceDraft> all() {
        return services;
    }

    /** A port that a client of a service asks for. */
    int virtualPort(ServiceDraft service) {
        if (service.port() != 0) {
            return service.port();
        }
        return draw.of(sockets ? LISTENING : QUIET);
    }

    boolean hasSockets(ServiceDraft service) {
        return sockets && !(service.ipv6() && hasTunnels(service));
    }

    /** Whether tunnels may lead to the other family, whose servers cannot send segments back. */
    boolean crossesFamilies() {
        return crossing;
    }

    private static boolean hasTunnels(ServiceDraft service) {
        return service.servers().stream().anyMatch(s -> s.options().contains(" -i "));
    }

    /** A destination address of a service with a mark. */
    String markedAddress(ServiceDraft service) {
        return draw.chance(50)
                ? service.address()
                : (service.ipv6() ? "2001:db8:99::1:" : "10.99.1.") + draw.between(1, 9);
    }

    /** Writes the steps that set everything up. */
    void begin() {
        if (isChance()) {
            addByChance();
            return;
        }
        settings();
        int count = draw.of(1, 1, 1, 2);
        for (int i = 0; i < count; i++) {
            add(i + 1);
        }
        steps.command("cat /proc/uptime");
    }

    private void settings() {
        if (theme == Theme.SETTINGS || theme == Theme.SEGMENTS || draw.chance(10)) {
            setting();
            setting();
            setting();
            steps.sleep(2);
        }
    }

    private void setting() {
        switch (draw.between(0, 7)) {
            case 0 -> steps.sysctl("secure_tcp", sockets ? 0 : draw.of(0, 3, 3));
            case 1 -> steps.sysctl("sloppy_tcp", draw.of(0, 1, 1));
            case 2 -> steps.sysctl("conn_reuse_mode", draw.of(0, 1, 2, 3));
            case 3 -> steps.sysctl("expire_nodest_conn", draw.of(0, 1, 1));
            case 4 -> steps.sysctl("expire_quiescent_template", draw.of(0, 1, 1));
            case 5 -> steps.sysctl("drop_packet", sockets ? 0 : draw.of(0, 0, 3));
            case 6 -> timeouts();
            default -> steps.sysctl("conn_reuse_mode", draw.of(0, 2));
        }
    }

    private void timeouts() {
        steps.ipvsadm("--set " + timeout() + " " + timeout() + " " + timeout());
    }

    private int timeout() {
        return draw.of(0, 0, 5, 20, 60, 100, 301);
    }

    private void add(int number) {
        boolean tcp = theme == Theme.SEGMENTS || draw.chance(55);
        boolean ipv6 = draw.chance(30);
        int mark = draw.chance(theme == Theme.PERSISTENCE ? 20 : 10) ? number + 10 : 0;
        boolean anyPort = theme == Theme.PERSISTENCE && mark == 0 && draw.chance(15);
        int port = sockets ? draw.of(LISTENING) : draw.of(QUIET);
        ServiceDraft service = new ServiceDraft(tcp, ipv6, number, anyPort ? 0 : port, mark);
        options(service, anyPort);
        services.add(service);
        mark(service);
        steps.ipvsadm("-A " + service.reference() + service.options());
        ServiceDraft.Ways ways = ways(ipv6);
        int servers = draw.between(1, 6);
        for (int i = 1; i <= servers; i++) {
            ServerDraft server = new ServerDraft(service, i, ways, draw);
            service.servers().add(server);
            steps.ipvsadm("-a " + server.options());
        }
    }

    private void mark(ServiceDraft service) {
        if (service.mark() != 0) {
            if (service.ipv6()) {
                steps.command(
                        "ip6tables -t mangle -A PREROUTING -d 2001:db8:99::/48 -j MARK --set-mark "
                                + service.mark());
            } else {
                steps.step("mark", "-d 10.99.0.0/16", service.mark());
            }
        }
    }

    private ServiceDraft.Ways ways(boolean ipv6) {
        int thresholds = theme == Theme.THRESHOLDS ? 70 : 6;
        if (sockets) {
            List<String> methods =
                    draw.chance(60) ? List.of("-m") : List.of("-m", "-g", ipv6 ? "-g" : "-i");
            return new ServiceDraft.Ways(methods, LISTENING, false, thresholds);
        }
        List<String> methods =
                List.of(
                        "-m",
                        "-m",
                        "-m",
                        "-g",
                        "-g",
                        "-i",
                        "-i --tun-type gre",
                        "-i --tun-type gue --tun-port 6080",
                        "-i --tun-type gre --tun-csum");
        return new ServiceDraft.Ways(methods, QUIET, crossing, thresholds);
    }

    private void options(ServiceDraft service, boolean anyPort) {
        String name = draw.chance(85) ? scheduler : draw.of(SCHEDULERS);
        StringBuilder text = new StringBuilder(" -s ").append(name);
        text.append(ServiceDraft.flags(name, draw));
        int some = mayHaveSockets ? 6 : 0;
        boolean persistent = anyPort || draw.chance(theme == Theme.PERSISTENCE ? 90 : some);
        if (persistent) {
            int seconds = draw.of(5, 20, 50, 100, 300, 360);
            text.append(" -p ").append(mayHaveSockets ? seconds : seconds + 300);
            if (draw.chance(40)) {
                text.append(" -M ");
                text.append(
                        service.ipv6()
                                ? draw.of("64", "48", "127", "112")
                                : draw.of("255.255.255.0", "255.255.0.0", "255.0.0.0", "0.0.0.0"));
            }
        }
        if (!service.tcp() && service.mark() == 0 && draw.chance(8)) {
            text.append(" -o");
        }
        service.setOptions(text.toString());
    }

    /** Whether the scheduler draws lots. */
    boolean isChance() {
        return scheduler.equals("twos");
    }

    private void addByChance() {
        ServiceDraft service = new ServiceDraft(false, draw.chance(30), 1, draw.of(LISTENING), 0);
        service.setOptions(" -s twos");
        services.add(service);
        steps.ipvsadm("-A " + service.reference() + service.options());
        ServiceDraft.Ways ways = new ServiceDraft.Ways(List.of("-m"), LISTENING, false, 0);
        int servers = draw.between(1, 6);
        for (int i = 1; i <= servers; i++) {
            ServerDraft server = new ServerDraft(service, i, ways, draw);
            service.servers().add(server);
            steps.ipvsadm("-a " + server.options());
        }
    }

    /** Writes an edit of a weight. */
    void editWeight() {
        ServerDraft server = draw.of(draw.of(services).servers());
        server.drawWeight(draw);
        steps.ipvsadm("-e " + server.options());
    }

    /** Writes an edit; true when something was taken away. */
    boolean edit() {
        ServiceDraft service = draw.of(services);
        int dice = draw.between(0, 99);
        if (dice < 35 && !service.servers().isEmpty()) {
            ServerDraft server = draw.of(service.servers());
            if (theme == Theme.THRESHOLDS || draw.chance(20)) {
                server.drawThresholds(draw);
            }
            server.drawWeight(draw);
            steps.ipvsadm("-e " + server.options());
            return false;
        }
        if (dice < 50) {
            return remove(service);
        }
        if (dice < 75) {
            return bringBack(service);
        }
        if (dice < 85) {
            options(service, service.port() == 0);
            steps.ipvsadm("-E " + service.reference() + service.options());
            return false;
        }
        if (theme == Theme.SETTINGS || theme == Theme.SEGMENTS || theme == Theme.EXPIRY) {
            setting();
            steps.sleep(2);
            return true;
        }
        return dice > 96 && startAgain();
    }

    private boolean remove(ServiceDraft service) {
        if (service.servers().isEmpty()) {
            return false;
        }
        ServerDraft server = draw.of(service.servers());
        service.servers().remove(server);
        gone.add(server);
        steps.ipvsadm("-d " + server.reference());
        return true;
    }

    private boolean bringBack(ServiceDraft service) {
        for (ServerDraft server : gone) {
            if (server.reference().startsWith(service.reference() + " ")) {
                gone.remove(server);
                server.drawPositiveWeight(draw);
                service.servers().add(server);
                steps.ipvsadm("-a " + server.options());
                return true;
            }
        }
        int number = draw.between(1, 8);
        if (service.servers().stream().anyMatch(s -> s.number() == number)) {
            return false;
        }
        ServerDraft server = new ServerDraft(service, number, ways(service.ipv6()), draw);
        service.servers().add(server);
        steps.ipvsadm("-a " + server.options());
        return false;
    }

    /** Takes all away and sets it up again as it was. */
    private boolean startAgain() {
        steps.ipvsadm(draw.chance(50) ? "-C" : "-D " + services.getFirst().reference());
        steps.ipvsadm("-C");
        for (ServiceDraft service : services) {
            steps.ipvsadm("-A " + service.reference() + service.options());
            for (ServerDraft server : service.servers()) {
                steps.ipvsadm("-a " + server.options());
            }
        }
        return true;
    }
}
