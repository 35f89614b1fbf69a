package io.jvs.bench;

import io.jvs.scheduler.Destination;
import io.jvs.scheduler.DestinationList;
import io.jvs.scheduler.Flow;
import io.jvs.scheduler.Scheduler;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.RealServer;
import io.jvs.service.Tunnel;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What a scheduler costs for one connection, by the number of real servers: the pick, and all that
 * keeps its order up to date while the connection is counted inactive, active, inactive again and
 * gone. Three connections a server are open at any time; they end in random order. Weights are 1 to
 * 10.
 */
final class SchedulerBenchmark {
    private static final int BATCH = 2000;
    private static final int OPEN_PER_SERVER = 3;

    private final DestinationList list = new DestinationList();
    private final Scheduler scheduler;
    private final Flow flow = new Flow();
    private final Destination[] open;
    private final SplittableRandom random = new SplittableRandom(17);
    private int refused;

    SchedulerBenchmark(String name, int servers) {
        scheduler = Scheduler.create(name, Set.of(), list, 5, 1);
        for (int i = 0; i < servers; i++) {
            Destination added = new Destination(i, server(i));
            list.addFirst(added);
            scheduler.onAdded(added);
        }
        scheduler.settle();
        flow.virtualLow = 0x0A63_0001L;
        flow.virtualPort = 80;
        open = new Destination[servers * OPEN_PER_SERVER];
        for (int i = 0; i < open.length; i++) {
            open[i] = begin();
        }
    }

    private static RealServer server(int number) {
        return new RealServer(
                Address.ofIpv4(0x0A01_0000 + number),
                80,
                ForwardingMethod.NAT,
                1 + number * 7 % 10,
                0,
                0,
                Tunnel.IPIP);
    }

    private Destination begin() {
        flow.clientLow = random.nextInt() & 0xFFFF_FFFFL;
        flow.clientPort = flow.clientPort + 1 & 0xFFFF;
        Destination picked = Scheduler.pick(scheduler, flow);
        if (picked == null) {
            refused++;
            return list.get(0);
        }
        picked.addConnection();
        picked.moveConnection(true);
        return picked;
    }

    /** The time in ns for a connection, from pick to end. */
    double round() {
        refused = 0;
        long from = System.nanoTime();
        for (int i = 0; i < BATCH; i++) {
            int at = random.nextInt(open.length);
            open[at].moveConnection(false);
            open[at].removeConnection(false);
            open[at] = begin();
        }
        long passed = System.nanoTime() - from;
        if (refused > 0) {
            throw new IllegalStateException(scheduler.name() + " refused " + refused);
        }
        return (double) passed / BATCH;
    }

    /** The medians over {@code rounds} rounds of {@link #round} that take turns, warmed up. */
    static double[] measure(String name, int[] servers, int rounds) {
        SchedulerBenchmark[] benchmarks = new SchedulerBenchmark[servers.length];
        Arrays.setAll(benchmarks, i -> new SchedulerBenchmark(name, servers[i]));
        double[][] results = new double[servers.length][rounds];
        for (int round = -rounds * 2; round < rounds; round++) {
            for (int i = 0; i < servers.length; i++) {
                double result = benchmarks[i].round();
                if (round >= 0) {
                    results[i][round] = result;
                }
            }
        }
        double[] medians = new double[servers.length];
        for (int i = 0; i < servers.length; i++) {
            Arrays.sort(results[i]);
            medians[i] = results[i][rounds / 2];
        }
        return medians;
    }

    /** Prints a table. */
    static void run(Options options) {
        int[] servers = {10, 100, 1000, 10_000};
        int rounds = options.number("rounds", 101);
        System.out.println("ns for a connection from pick to end, median of " + rounds + " rounds");
        System.out.println("servers       10     100    1000   10000   10000/10");
        for (String name : Scheduler.names()) {
            double[] nanos = measure(name, servers, rounds);
            System.out.printf("%-8s", name);
            for (double each : nanos) {
                System.out.printf("%8.1f", each);
            }
            System.out.printf("   %8.2f%n", nanos[servers.length - 1] / nanos[0]);
        }
    }
}
