package io.jvs.bench;

import io.jvs.connection.LocalAddressPool;
import io.jvs.packet.FlowSteering;
import io.jvs.packet.Toeplitz;
import io.jvs.service.Address;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a local port costs, by how full the pool is: one local address towards ten servers, ports
 * given back in random order. The clock is read once for sixteen ports, since a port costs less
 * than reading it.
 */
final class LocalPortBenchmark implements AutoCloseable {
    private static final int SERVERS = 10;
    private static final int BATCH = 16;
    private static final int BATCHES = 4000;
    private static final int ENTRIES = 128;
    private static final int TCP = 6;

    private final LocalAddressPool pool;
    private final SplittableRandom random = new SplittableRandom(23);
    private final int[][] held = new int[SERVERS][];
    private final int[] count = new int[SERVERS];
    private final int[] took = new int[BATCH];
    private final long[] times = new long[BATCHES];

    /**
     * A pool of one of {@code workers} workers.
     *
     * @param percent how full it is while it is measured
     */
    LocalPortBenchmark(int workers, int percent) {
        pool = new LocalAddressPool(SERVERS, 1, steering(workers), 0);
        Address local = Address.parse("10.0.0.9");
        for (int server = 0; server < SERVERS; server++) {
            int pair = pool.pair(local, TCP, Address.parse("10.1.0." + (server + 1)), 80);
            held[server] = new int[pool.capacity(pair)];
            while (count[server] < held[server].length) {
                held[server][count[server]++] = pool.acquire(pair);
            }
            int left = (int) ((long) held[server].length * percent / 100);
            while (count[server] > left) {
                giveBackAny(server);
            }
        }
    }

    private static FlowSteering steering(int workers) {
        if (workers == 1) {
            return FlowSteering.byPort(1);
        }
        int[] table = new int[ENTRIES];
        Arrays.setAll(table, entry -> entry % workers);
        Toeplitz toeplitz = Toeplitz.random(ENTRIES, new SplittableRandom(2));
        return FlowSteering.byRss(workers, toeplitz, table, FlowSteering.HASHED_TCP_UDP);
    }

    private void giveBackAny(int server) {
        int at = random.nextInt(count[server]);
        pool.release(server, held[server][at]);
        held[server][at] = held[server][--count[server]];
    }

    /** The time in ns for one port that {@code percentile} of 100 batches stay below. */
    double round(int percentile) {
        for (int batch = 0; batch < BATCHES; batch++) {
            int server = batch % SERVERS;
            long from = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                took[i] = pool.acquire(server);
            }
            times[batch] = System.nanoTime() - from;
            for (int port : took) {
                if (port < 0) {
                    throw new IllegalStateException("the pool is full: measure below 99 percent");
                }
                held[server][count[server]++] = port;
            }
            for (int i = 0; i < BATCH; i++) {
                giveBackAny(server);
            }
        }
        Arrays.sort(times);
        return (double) times[BATCHES * percentile / 100] / BATCH;
    }

    @Override
    public void close() {
        pool.close();
    }

    /** The median over {@code rounds} rounds of {@link #round}, after some to warm up. */
    static double[] measure(int workers, int[] percents, int percentile, int rounds) {
        LocalPortBenchmark[] benchmarks = new LocalPortBenchmark[percents.length];
        double[][] results = new double[percents.length][rounds];
        try {
            Arrays.setAll(benchmarks, i -> new LocalPortBenchmark(workers, percents[i]));
            for (int round = -rounds; round < rounds; round++) {
                for (int i = 0; i < percents.length; i++) {
                    double result = benchmarks[i].round(percentile);
                    if (round >= 0) {
                        results[i][round] = result;
                    }
                }
            }
        } finally {
            for (LocalPortBenchmark benchmark : benchmarks) {
                if (benchmark != null) {
                    benchmark.close();
                }
            }
        }
        double[] medians = new double[percents.length];
        for (int i = 0; i < percents.length; i++) {
            Arrays.sort(results[i]);
            medians[i] = results[i][rounds / 2];
        }
        return medians;
    }

    /** Prints a table. */
    static void run(Options options) {
        int[] percents = {5, 50, 90, 95, 98};
        int workers = options.number("workers", 1);
        int rounds = options.number("rounds", 25);
        double[] half = measure(workers, percents, 50, rounds);
        double[] most = measure(workers, percents, 99, rounds);
        System.out.println(
                "use %  p50 ns  p99 ns  (a local port, median of " + rounds + " rounds)");
        for (int i = 0; i < percents.length; i++) {
            System.out.printf("%5d  %6.1f  %6.1f%n", percents[i], half[i], most[i]);
        }
    }
}
