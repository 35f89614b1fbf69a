package io.jvs.bench.run;

/**
 * How long a round is.
 *
 * @param warmup seconds before what is measured; of the measured thread's processor time in Java
 * @param seconds seconds that are measured; of processor time in JVS
 * @param cpu where the measured thread runs
 * @param nice of the measured processes (nice(1)); 0 leaves it as it is
 */
record Timing(double warmup, double seconds, int cpu, int nice) {}
