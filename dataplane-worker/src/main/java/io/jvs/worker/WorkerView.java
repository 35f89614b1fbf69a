package io.jvs.worker;

/**
 * A worker as seen from outside.
 *
 * @param number 0, 1, ...
 * @param cycles cycles ever
 * @param busyCycles cycles that found packets
 * @param generation the last generation that it applied
 * @param allocatedBytes bytes that its thread ever allocated on the Java heap
 */
public record WorkerView(
        int number, long cycles, long busyCycles, long generation, long allocatedBytes) {}
