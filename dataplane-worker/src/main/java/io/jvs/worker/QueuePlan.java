package io.jvs.worker;

/**
 * Which worker has which queue of a port. A port with a queue for each worker gives queue {@code w}
 * to worker {@code w}; the queues of a port with fewer begin at the worker of the port's number, so
 * that several such ports are not all one worker's.
 */
final class QueuePlan {
    /** No queue. */
    static final int NONE = -1;

    private QueuePlan() {}

    /** The queue that a worker has of a port with that many, or NONE. */
    static int queueOf(int worker, int port, int queues, int workers) {
        if (queues >= workers) {
            return worker;
        }
        int queue = Math.floorMod(worker - port, workers);
        return queue < queues ? queue : NONE;
    }

    /** The worker that has a queue of a port with that many. */
    static int workerOf(int queue, int port, int queues, int workers) {
        return queues >= workers ? queue : (queue + port) % workers;
    }

    /**
     * The worker to which a worker without a queue of its own gives what is to be sent by a port.
     */
    static int senderFor(int worker, int port, int queues, int workers) {
        return workerOf(Math.floorMod(worker - port, workers) % queues, port, queues, workers);
    }
}
