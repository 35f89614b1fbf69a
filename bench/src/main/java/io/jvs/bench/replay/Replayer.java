package io.jvs.bench.replay;

import io.jvs.bench.replay.DirectorState.Entry;
import io.jvs.director.RefusedException;
import io.jvs.service.Address;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plays one scenario against a director of its own. */
final class Replayer implements AutoCloseable {
    private static final long MILLIS_NS = 1_000_000L;

    /** What a step with packets took in the recordings. */
    private static final long TRAFFIC_NS = 4 * MILLIS_NS;

    /** What a command took. */
    private static final long COMMAND_NS = 5 * MILLIS_NS;

    /** A look at the clock: the simulated one is put right by what was recorded. */
    private static final String UPTIME = "cat /proc/uptime";

    private final SimulatedDirector director;
    private final SimulatedNetwork network;
    private final DirectorState state;
    private final Overdue overdue = new Overdue();
    private final Comparison comparison = new Comparison(overdue);
    private final StatisticsRows statistics;
    private final RecordingClock clock;
    private final TextComparison texts;
    private final Shell shell;
    private final RestoreComparison restores;
    private final @Nullable ChanceShares chance;

    private Replayer(Scenario scenario, long seed) throws RefusedException {
        chance = ChanceShares.isIn(scenario) ? new ChanceShares() : null;
        director = new SimulatedDirector(seed);
        network = director.network();
        state = new DirectorState(director);
        clock = new RecordingClock(network);
        statistics = new StatisticsRows(network.traffic());
        texts = new TextComparison(comparison, statistics, overdue);
        VirtualFiles files = new VirtualFiles(new ProcFiles(director, state));
        Programs programs = new Programs(director, files);
        shell = new Shell(programs, files);
        restores = new RestoreComparison(shell, programs);
    }

    /**
     * Plays a scenario.
     *
     * @return null when all was as recorded, else "step N: expected ... got ..."
     */
    static @Nullable String play(Scenario scenario, long seed) throws RefusedException {
        try (Replayer replayer = new Replayer(scenario, seed)) {
            int number = 0;
            for (Step step : scenario.steps()) {
                number++;
                String difference = replayer.play(step);
                if (difference != null) {
                    return "step " + number + " " + step.arguments() + ": " + difference;
                }
            }
            String shares = replayer.chance == null ? null : replayer.chance.shares();
            if (shares != null) {
                return "at the end: " + shares;
            }
            int held = replayer.director.buffersInUse();
            return held == 0 ? null : held + " packet buffers are still held at the end";
        }
    }

    private @Nullable String play(Step step) {
        statistics.onTime(network.nowNs());
        clock.onStep();
        String difference =
                switch (step.verb()) {
                    case "cmd" -> command(step, step.text(1));
                    case "mark" -> mark(step);
                    case "ns" -> surroundings(step);
                    case "sleep" -> sleep(step);
                    case "conns" ->
                            chance != null
                                    ? null
                                    : comparison.connections(
                                            step.seenArray("conns"), state.connections());
                    case "dests" -> comparison.servers(step, state.servers());
                    default -> traffic(step);
                };
        if (step.verb().equals("cmd")) {
            network.advance(COMMAND_NS);
        }
        return difference;
    }

    private @Nullable String command(Step step, String line) {
        if (line.equals(UPTIME)) {
            clock.onUptime(String.valueOf(step.seenText("out")));
            observe();
            return null;
        }
        if (RestoreComparison.isAbout(step, line)) {
            return restores.run(line);
        }
        Shell.Result result = shell.run(line);
        Integer code = step.seenNumber("rc");
        if (code != null && code != result.code()) {
            return "expected exit code "
                    + code
                    + ", got "
                    + result.code()
                    + " with "
                    + TextComparison.quote(result.err());
        }
        String out = step.seenText("out");
        String difference = out == null ? null : compare(line, out, result.out());
        String err = step.seenText("err");
        if (difference == null && err != null) {
            return texts.compare(line, err, result.err());
        }
        return difference;
    }

    private @Nullable String compare(String line, String expected, String got) {
        if (chance == null) {
            return texts.compare(line, expected, got);
        }
        chance.onCommand(line);
        if (ChanceShares.namesServers(expected)) {
            return null;
        }
        return texts.compare(
                line, ChanceShares.withoutCounts(expected), ChanceShares.withoutCounts(got));
    }

    private @Nullable String mark(Step step) {
        String line =
                "iptables -t mangle -A PREROUTING "
                        + step.text(1)
                        + " -j MARK --set-mark "
                        + Integer.toUnsignedString((int) step.arguments().get(2).getAsLong());
        return command(step, line);
    }

    private @Nullable String surroundings(Step step) {
        String line = step.text(2);
        if (step.text(1).equals("rs") && line.contains("blackhole 10.99.0.0/16")) {
            network.servers().dropVirtualAddresses();
            return null;
        }
        return "no such surroundings here: " + line;
    }

    private @Nullable String sleep(Step step) {
        double seconds = step.decimal(1);
        network.advance((long) (seconds * 1e9));
        clock.onSleep((long) (seconds * 1e9));
        observe();
        return null;
    }

    private @Nullable String traffic(Step step) {
        Address client = Address.parse(step.text(1));
        int port = step.number(2);
        statistics.onTraffic();
        boolean established =
                switch (step.verb()) {
                    case "hfin", "sfin", "fin", "rst", "send" -> onConnection(step, client, port);
                    default -> {
                        yield true;
                    }
                };
        if (!established || step.has("skipped")) {
            return established == step.has("skipped")
                    ? "expected " + step.seenText("skipped") + ", got it established"
                    : null;
        }
        String error = send(step, client, port);
        network.advance(TRAFFIC_NS);
        String difference = errors(step, error);
        return difference != null ? difference : seen(step, client, port);
    }

    /**
     * Compares the connection and the servers, with the clock put right if that is what it takes.
     */
    private @Nullable String seen(Step step, Address client, int port) {
        if (chance != null) {
            String difference = chance.connection(step, candidates(step, client, port));
            return difference != null ? difference : chance.servers(step, state.servers());
        }
        String difference = Comparison.connection(step, candidates(step, client, port));
        if (difference != null) {
            return difference;
        }
        observe();
        String first = comparison.servers(step, state.servers());
        difference = first;
        while (difference != null && clock.catchUp(state.connections())) {
            observe();
            difference = comparison.servers(step, state.servers());
        }
        return difference == null ? null : first;
    }

    private void observe() {
        overdue.observe(state.connections(), network.nowNs() / 1e9);
    }

    private static @Nullable String errors(Step step, @Nullable String error) {
        String expected = step.seenText("connect");
        return String.valueOf(expected).equals(String.valueOf(error))
                ? null
                : "expected connect to give " + expected + ", got " + error;
    }

    private List<Entry> candidates(Step step, Address client, int port) {
        String protocol = step.verb().equals("udp") ? "UDP" : "TCP";
        String endpoint = TrafficCount.endpoint(client, port);
        return state.connections().stream()
                .filter(e -> e.protocol().equals(protocol) && e.client().equals(endpoint))
                .toList();
    }

    /** Sends what a step without a connection of its own sends; gives an error of connect. */
    private @Nullable String send(Step step, Address client, int port) {
        switch (step.verb()) {
            case "udp" -> {
                int bytes = step.size() > 5 ? step.number(5) : ClientHost.DATAGRAM_BYTES;
                network.clients().sendUdp(target(step, client, port), bytes);
            }
            case "syn" -> network.clients().sendRaw(target(step, client, port), TcpSegment.SYN);
            case "seg" -> {
                int flags = TcpSegment.flags(step.text(5));
                network.clients().sendRaw(target(step, client, port), flags);
            }
            case "rseg" -> fromServer(step, client, port);
            case "tcp" -> {
                return connect(target(step, client, port));
            }
            default -> {
                // was sent on its connection
            }
        }
        return null;
    }

    private static Flow target(Step step, Address client, int port) {
        return new Flow(client, port, Address.parse(step.text(3)), step.number(4));
    }

    private @Nullable String connect(Flow flow) {
        network.clients().forget(flow.local(), flow.localPort());
        network.servers().forget(flow.local(), flow.localPort());
        return network.clients().connect(flow);
    }

    private void fromServer(Step step, Address client, int port) {
        for (Entry entry : candidates(step, client, port)) {
            if (entry.returns()) {
                int cut = entry.real().lastIndexOf(':');
                String address = entry.real().substring(0, cut).replaceAll("[\\[\\]]", "");
                int realPort = Integer.parseInt(entry.real().substring(cut + 1));
                Flow flow = new Flow(Address.parse(address), realPort, client, port);
                network.servers().sendRaw(flow, TcpSegment.flags(step.text(3)));
                return;
            }
        }
    }

    /** Does something on an established connection; false when there is none. */
    private boolean onConnection(Step step, Address client, int port) {
        TcpSocket near = network.clients().find(client, port);
        TcpSocket far = network.servers().find(client, port);
        if (near == null || far == null) {
            return false;
        }
        switch (step.verb()) {
            case "hfin" -> near.shutdown();
            case "sfin" -> far.shutdown();
            case "fin" -> {
                near.shutdown();
                network.advance(2 * MILLIS_NS);
                far.shutdown();
                network.advance(2 * MILLIS_NS);
            }
            case "rst" -> near.reset();
            default -> {
                if (step.number(3) > ClientHost.SEGMENT_BYTES) {
                    statistics.onBulk();
                }
                near.send(step.number(3));
            }
        }
        return true;
    }

    @Override
    public void close() {
        director.close();
    }
}
