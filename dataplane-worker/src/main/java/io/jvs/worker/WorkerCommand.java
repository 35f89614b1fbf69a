package io.jvs.worker;

/** Something that the control plane wants done on a worker's thread, between two bursts. */
interface WorkerCommand {

    /** Does it; runs on the worker's thread. */
    void onWorker(WorkerState state, int nowTicks);

    /** It threw; the worker goes on with its packets. Runs on the worker's thread. */
    void onFailed(RuntimeException failure);
}
