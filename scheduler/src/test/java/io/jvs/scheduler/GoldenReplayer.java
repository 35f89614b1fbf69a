package io.jvs.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.RealServer;
import io.jvs.service.SchedulerFlag;
import io.jvs.service.Tunnel;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plays the scheduling part of a {@link GoldenScenario}: one service, commands on its real servers,
 * and new connections. Counts follow from the picks: UDP is inactive, TCP active until a step
 * closes it; states are recorded and only read for that.
 */
final class GoldenReplayer {
    /** Of ipvsadm -Lnc: the states that count as active (tcp_state_active_table). */
    private static final Set<String> ACTIVE_STATES =
            Set.of("ESTABLISHED", "SYN_SENT", "SYN_RECV", "SYNACK");

    private static final class Connection {
        final Destination server;
        boolean active;

        Connection(Destination server, boolean active) {
            this.server = server;
            this.active = active;
        }
    }

    private final GoldenScenario scenario;
    private final long seed;

    /** False for twos, which draws lots. */
    private final boolean comparing;

    private final DestinationList list = new DestinationList();
    private final Map<String, Destination> known = new HashMap<>();
    private final Map<String, Connection> connections = new HashMap<>();
    private final Flow flow = new Flow();
    private @Nullable Scheduler scheduler;
    private int servicePort;
    private int picks;

    GoldenReplayer(GoldenScenario scenario, long seed, boolean comparing) {
        this.scenario = scenario;
        this.seed = seed;
        this.comparing = comparing;
    }

    /** Plays all steps; the number of new connections that were compared. */
    int play() {
        for (int i = 0; i < scenario.steps().size(); i++) {
            JsonObject step = scenario.steps().get(i);
            JsonArray call = step.getAsJsonArray("step");
            String where = scenario.name() + " step " + i + " " + call;
            switch (call.get(0).getAsString()) {
                case "cmd" -> command(GoldenScenario.words(step));
                case "udp", "syn", "tcp" -> connect(step, call, where);
                case "hfin", "sfin", "fin", "rst" -> close(step, call);
                case "mark" -> {}
                default -> throw new IllegalStateException(where + ": unknown step");
            }
            if (comparing && step.has("dests")) {
                assertThat(counts()).as(where).isEqualTo(recordedCounts(step));
            }
        }
        return picks;
    }

    /** Address:port to connections, active and inactive, at the end. */
    Map<String, Integer> connectionsByServer() {
        Map<String, Integer> all = new HashMap<>();
        known.forEach((endpoint, d) -> all.put(endpoint, d.active() + d.inactive()));
        return all;
    }

    private void command(List<String> words) {
        if (!words.getFirst().equals("ipvsadm")) {
            return;
        }
        switch (words.get(1)) {
            case "-A", "-E" -> {
                Set<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
                String flagWords = option(words, "-b", "");
                if (flagWords.contains("-fallback")) {
                    flags.add(SchedulerFlag.FLAG_1);
                }
                if (flagWords.contains("-port")) {
                    flags.add(SchedulerFlag.FLAG_2);
                }
                scheduler = Scheduler.create(option(words, "-s", "wlc"), flags, list, seed);
            }
            case "-a" -> add(words);
            case "-e" -> {
                Destination d = server(words);
                d.edit(spec(words));
                scheduler().onEdited(d);
            }
            case "-d" -> {
                Destination d = server(words);
                list.remove(d);
                scheduler().onRemoved(d);
            }
            default -> {} // a listing
        }
    }

    private void add(List<String> words) {
        RealServer spec = spec(words);
        Destination d = known.get(option(words, "-r", ""));
        if (d == null) {
            d = new Destination(known.size(), spec);
            known.put(option(words, "-r", ""), d);
        } else {
            d.revive(spec);
        }
        list.addFirst(d);
        scheduler().onAdded(d);
    }

    private Scheduler scheduler() {
        if (scheduler == null) {
            throw new IllegalStateException(scenario.name() + ": no service yet");
        }
        return scheduler;
    }

    private Destination server(List<String> words) {
        Destination d = known.get(option(words, "-r", ""));
        if (d == null) {
            throw new IllegalStateException("no such server: " + words);
        }
        return d;
    }

    private static RealServer spec(List<String> words) {
        String endpoint = option(words, "-r", "");
        return new RealServer(
                Address.parse(host(endpoint)),
                port(endpoint),
                ForwardingMethod.NAT,
                Integer.parseInt(option(words, "-w", "1")),
                Integer.parseInt(option(words, "-x", "0")),
                Integer.parseInt(option(words, "-y", "0")),
                Tunnel.IPIP);
    }

    private static String option(List<String> words, String name, String other) {
        int index = words.indexOf(name);
        return index < 0 ? other : words.get(index + 1);
    }

    private static String host(String endpoint) {
        if (endpoint.startsWith("[")) {
            return endpoint.substring(1, endpoint.indexOf(']'));
        }
        int colon = endpoint.indexOf(':');
        return colon < 0 ? endpoint : endpoint.substring(0, colon);
    }

    private static int port(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        boolean hasPort = colon > endpoint.lastIndexOf(']') && colon >= 0;
        return hasPort ? Integer.parseInt(endpoint.substring(colon + 1)) : 0;
    }

    private void connect(JsonObject step, JsonArray call, String where) {
        String key = key(call);
        if (connections.containsKey(key)) {
            throw new IllegalStateException(where + ": the same client endpoint twice");
        }
        Address client = Address.parse(call.get(1).getAsString());
        Address virtual = Address.parse(call.get(3).getAsString());
        servicePort = call.get(4).getAsInt();
        flow.clientHigh = client.high();
        flow.clientLow = client.low();
        flow.clientPort = call.get(2).getAsInt();
        flow.virtualHigh = virtual.high();
        flow.virtualLow = virtual.low();
        flow.virtualPort = servicePort;
        scheduler().settle();
        Destination picked = Scheduler.pick(scheduler(), flow);
        if (comparing) {
            assertThat(picked == null ? null : text(picked)).as(where).isEqualTo(recorded(step));
        }
        picks++;
        if (picked != null) {
            boolean active = !call.get(0).getAsString().equals("udp");
            picked.addConnection();
            if (active) {
                picked.moveConnection(true);
            }
            connections.put(key, new Connection(picked, active));
        }
    }

    private void close(JsonObject step, JsonArray call) {
        Connection connection = connections.get(key(call));
        JsonElement state = step.get("state");
        boolean stays = state == null || state.isJsonNull();
        if (connection == null || stays || !connection.active) {
            return;
        }
        if (!ACTIVE_STATES.contains(state.getAsString())) {
            connection.active = false;
            connection.server.moveConnection(false);
        }
    }

    private static String key(JsonArray call) {
        return call.get(1).getAsString() + " " + call.get(2).getAsInt();
    }

    private static @Nullable String recorded(JsonObject step) {
        JsonElement server = step.get("rs");
        return server.isJsonNull() ? null : server.getAsString();
    }

    /** As ipvsadm -n prints it; a server of port 0 has the port of the packet. */
    private String text(Destination d) {
        Address address = d.spec.address();
        String host = address.isIpv6() ? "[" + address + "]" : address.toString();
        return host + ":" + (d.port == 0 ? servicePort : d.port);
    }

    private List<String> counts() {
        List<String> counts = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Destination d = list.get(i);
            Address address = d.spec.address();
            String host = address.isIpv6() ? "[" + address + "]" : address.toString();
            counts.add(
                    host + ":" + d.port + " " + d.weight() + " " + d.active() + " " + d.inactive());
        }
        return counts;
    }

    private static List<String> recordedCounts(JsonObject step) {
        List<String> counts = new ArrayList<>();
        for (JsonElement element : step.getAsJsonArray("dests")) {
            JsonArray server = element.getAsJsonArray();
            counts.add(
                    server.get(0).getAsString()
                            + " "
                            + server.get(1).getAsInt()
                            + " "
                            + server.get(2).getAsInt()
                            + " "
                            + server.get(3).getAsInt());
        }
        return counts;
    }
}
