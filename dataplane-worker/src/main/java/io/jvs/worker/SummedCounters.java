package io.jvs.worker;

import java.util.List;

/** Counters of all workers, added up at each call. */
record SummedCounters(List<WorkerCounters> workers) implements CountersView {

    @Override
    public long server(int serverIndex, ServerCounter counter) {
        long sum = 0;
        for (WorkerCounters worker : workers) {
            sum += worker.server(serverIndex, counter);
        }
        return sum;
    }

    @Override
    public long service(int serviceIndex, ServiceCounter counter) {
        long sum = 0;
        for (WorkerCounters worker : workers) {
            sum += worker.service(serviceIndex, counter);
        }
        return sum;
    }

    @Override
    public long verdict(int code) {
        long sum = 0;
        for (WorkerCounters worker : workers) {
            sum += worker.verdict(code);
        }
        return sum;
    }

    @Override
    public long port(int port, PortCounter counter) {
        long sum = 0;
        for (WorkerCounters worker : workers) {
            sum += worker.port(port, counter);
        }
        return sum;
    }

    @Override
    public long localPorts(LocalPortCounter counter) {
        long sum = 0;
        for (WorkerCounters worker : workers) {
            sum += worker.localPorts(counter);
        }
        return sum;
    }

    @Override
    public long syn(SynCounter counter) {
        long sum = 0;
        for (WorkerCounters worker : workers) {
            sum += worker.syn(counter);
        }
        return sum;
    }

    @Override
    public long connections() {
        long sum = 0;
        for (WorkerCounters worker : workers) {
            sum += worker.connections();
        }
        return sum;
    }

    @Override
    public long droppedConnections() {
        long sum = 0;
        for (WorkerCounters worker : workers) {
            sum += worker.droppedConnections();
        }
        return sum;
    }

    @Override
    public long ftpExpected() {
        long sum = 0;
        for (WorkerCounters worker : workers) {
            sum += worker.ftpExpected();
        }
        return sum;
    }

    @Override
    public long ftpUntouched() {
        long sum = 0;
        for (WorkerCounters worker : workers) {
            sum += worker.ftpUntouched();
        }
        return sum;
    }

    @Override
    public long undisclosed() {
        long sum = 0;
        for (WorkerCounters worker : workers) {
            sum += worker.undisclosed();
        }
        return sum;
    }

    @Override
    public long resetConnections() {
        long sum = 0;
        for (WorkerCounters worker : workers) {
            sum += worker.resetConnections();
        }
        return sum;
    }

    @Override
    public long rescheduledConnections() {
        long sum = 0;
        for (WorkerCounters worker : workers) {
            sum += worker.rescheduledConnections();
        }
        return sum;
    }
}
