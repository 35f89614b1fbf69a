package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What clients do in a laboratory that is prepared as a mix, each with what must come of it. */
final class Traffic {
    private static final int EXCHANGES = 8;
    private static final long LATE_SECONDS = 60;

    private final Laboratory laboratory;
    private final Path directory;

    /** Traffic whose files are in that directory. */
    Traffic(Laboratory laboratory, Path directory) {
        this.laboratory = laboratory;
        this.directory = directory;
    }

    static String url(String vip, String path) {
        return "http://" + (vip.contains(":") ? "[" + vip + "]" : vip) + path;
    }

    /** An address of the client in the family of the virtual address, whatever the route says. */
    private static String source(String vip) {
        return vip.contains(":") ? "2001:db8:c::1:1" : "172.16.1.1";
    }

    /** Eight datagrams of 8 KiB at once, and their answers; see datagrams.py for the orders. */
    void exchangeDatagrams(TrafficMode mode, String vip, String order) throws Exception {
        Laboratory.Result result =
                laboratory.client(
                        Laboratory.program(
                                "datagrams.py",
                                "--count",
                                Integer.toString(EXCHANGES),
                                "--order",
                                order,
                                "--from",
                                source(vip),
                                vip,
                                Integer.toString(TrafficMode.ECHO)));
        assertThat(result.status()).as("%s %s: %s", vip, order, result.output()).isZero();
        assertThat(result.output().lines())
                .hasSize(EXCHANGES)
                .allMatch(line -> line.startsWith("ok " + mode.server + " "));
    }

    /** A file goes up and arrives whole at one server. */
    void upload(String server, String vip, String name) throws Exception {
        Path file = laboratory.state().resolve("files/1MiB");
        String url = url(vip, "/upload/" + name);
        Laboratory.Result answer =
                laboratory.client("curl", "-gsS", "-f", "-m", "30", "-T", file.toString(), url);
        assertThat(answer.status()).as("%s: %s", vip, answer.output()).isZero();
        Path stored = laboratory.state().resolve(server + "/upload/" + name);
        assertThat(Files.mismatch(stored, file)).as(vip).isEqualTo(-1);
    }

    /** A file comes down whole. */
    void download(String vip) throws Exception {
        Path file = directory.resolve("down");
        Laboratory.Result answer =
                laboratory.client(
                        "curl",
                        "-gsS",
                        "-f",
                        "-m",
                        "30",
                        "-o",
                        file.toString(),
                        url(vip, "/files/1MiB"));
        assertThat(answer.status()).as("%s: %s", vip, answer.output()).isZero();
        assertThat(Files.mismatch(file, laboratory.state().resolve("files/1MiB"))).isEqualTo(-1);
    }

    /** Pings whose question and answer take six fragments each. */
    void ping(String vip) throws Exception {
        Laboratory.Result ping =
                laboratory.client("ping", "-q", "-c3", "-i0.2", "-W10", "-s8000", vip);
        assertThat(ping.status()).as("%s: %s", vip, ping.output()).isZero();
    }

    /** The client's socket hears that the server has nothing on the port. */
    void beRefused(String vip) throws Exception {
        Laboratory.Result result =
                laboratory.client(
                        Laboratory.program(
                                "udp-client.py",
                                "--timeout",
                                "20",
                                vip,
                                Integer.toString(TrafficMode.CLOSED),
                                "anybody"));
        assertThat(result.output()).as(vip).contains("Connection refused");
    }

    /** The server's socket hears that the client has gone. */
    void refuse(TrafficMode mode, String network) throws Exception {
        String port = Integer.toString(TrafficMode.LATE);
        String vip = mode.vip(network);
        Path log = directory.resolve("late");
        String[] late = Laboratory.program("udp-late.py", mode.serverSide(network), port);
        Process server = laboratory.start(mode.server, log, late);
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LATE_SECONDS);
            while (!Files.readString(log).contains("ready")) {
                assertThat(System.nanoTime() - end).isNegative();
                Thread.sleep(20);
            }
            Laboratory.Result client =
                    laboratory.client(Laboratory.program("udp-client.py", vip, port, "hello"));
            assertThat(client.output()).as(vip).isEqualTo("go");
            assertThat(server.waitFor(LATE_SECONDS, TimeUnit.SECONDS)).as(vip).isTrue();
            assertThat(Files.readString(log)).as(vip).contains("refused");
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    /**
     * The addresses that traceroute shows, hop by hop. A machine that is too slow for a probe makes
     * a hop empty; then it is tried again.
     */
    List<String> trace(String vip, String... options) throws Exception {
        List<String> hops = List.of();
        for (int tries = 0; tries < 3 && (hops.isEmpty() || hops.contains("*")); tries++) {
            List<String> words = new ArrayList<>(List.of("traceroute", "-n", "-q1", "-w5", "-m6"));
            words.addAll(List.of(options));
            words.add(vip);
            Laboratory.Result result = laboratory.client(words.toArray(String[]::new));
            assertThat(result.status()).as(result.output()).isZero();
            hops = result.output().lines().skip(1).map(Traffic::hop).toList();
        }
        return hops;
    }

    private static String hop(String line) {
        return line.strip().split("\\s+", -1)[1];
    }

    /** What the client's kernel knows about the largest packet to an address. */
    String route(String vip) throws Exception {
        return laboratory.client("ip", "route", "get", vip).output();
    }
}
