package io.jvs.worker;

/**
 * A worker as seen from outside.
 *
 * @param number 0, 1, ...
 * @param cycles cycles ever
 * @param busyCycles cycles that found packets
 * @param generation the last generation that it applied
 * @param allocatedBytes bytes that its thread ever allocated on the Java heap
 * @param receivedPackets packets that it received from its queues
 * @param handedOver packets that it handed over to other workers
 * @param takenOver packets that other workers handed over to it
 * @param misdirected packets to a local address that came in at another worker than their owner
 * @param handoverMissed what other workers did not hear from it of neighbours and paths
 */
public record WorkerView(
        int number,
        long cycles,
        long busyCycles,
        long generation,
        long allocatedBytes,
        long receivedPackets,
        long handedOver,
        long takenOver,
        long misdirected,
        long handoverMissed) {

    static WorkerView of(int number, WorkerCounters counters, long allocatedBytes) {
        return new WorkerView(
                number,
                counters.cycles(),
                counters.busyCycles(),
                counters.generation(),
                allocatedBytes,
                counters.receivedPackets(),
                counters.handedOver(),
                counters.takenOver(),
                counters.misdirected(),
                counters.handoverMissed());
    }
}
