package io.jvs.worker;

import io.jvs.port.PacketPort;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/** The pinned platform thread of one worker. */
final class WorkerThread {
    /** How long a pcap run goes on after its last packet, so that what is parked finds its end. */
    private static final long REPLAY_TAIL_NS = 10_000_000_000L;

    private static final long REPLAY_STEP_NS = 100_000_000L;

    private final int number;
    private final DataplaneSpec spec;
    private final HostPorts hostPorts;
    private final WorkerGroup group;
    private final PortOverlays overlays;
    private final MpscVarHandleArrayQueue<WorkerCommand> commands =
            new MpscVarHandleArrayQueue<>(WorkerProxy.QUEUE);
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread;

    WorkerThread(
            int number,
            DataplaneSpec spec,
            HostPorts hostPorts,
            WorkerGroup group,
            PortOverlays overlays) {
        this.number = number;
        this.spec = spec;
        this.hostPorts = hostPorts;
        this.group = group;
        this.overlays = overlays;
        this.thread = Thread.ofPlatform().name("jvs-worker-" + number).unstarted(this::run);
    }

    /** Starts the thread; returns when its queues and tables are there. */
    void open() {
        thread.start();
        ready.join();
    }

    WorkerProxy proxy() {
        return new WorkerProxy(commands, group.counters(number));
    }

    long threadId() {
        return thread.threadId();
    }

    /** Lets it poll. */
    void start() {
        started.countDown();
    }

    /** Completes when its loop has ended, exceptionally when it failed. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Ends its loop and waits for the thread. */
    void stop() {
        stopped.setRelease(true);
        started.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            HostPorts.WorkerPorts ports = hostPorts.enter(number, group);
            try (WorkerState state =
                    WorkerState.open(spec, number, group, hostPorts, ports, firstTick())) {
                Worker worker = new Worker(state, overlaid(ports.ports()), commands);
                ready.complete(null);
                started.await();
                loop(worker);
            } finally {
                ports.leave().run();
            }
            ended.complete(null);
        } catch (Throwable e) {
            ready.completeExceptionally(e);
            ended.completeExceptionally(e);
        }
    }

    private List<PacketPort> overlaid(List<PacketPort> ports) {
        return ports.stream().map(port -> overlays.over(number, port)).toList();
    }

    private int firstTick() {
        long now = hostPorts instanceof PcapPorts pcap ? firstStamp(pcap) : System.nanoTime();
        return (int) (now / Worker.TICK_NS);
    }

    private static long firstStamp(PcapPorts pcap) {
        long first = pcap.nextTimestampNs();
        return first == Long.MAX_VALUE ? 0 : first;
    }

    private void loop(Worker worker) {
        if (hostPorts instanceof PcapPorts pcap) {
            replay(worker, pcap);
        } else {
            poll(worker);
        }
    }

    private void poll(Worker worker) {
        IdleStrategy idle = new IdleStrategy(spec.busyPoll());
        while (!stopped.getAcquire()) {
            idle.idle(worker.doWork(System.nanoTime()));
        }
    }

    /** Time is the files': it goes on to the next packet, in steps of a tenth of a second. */
    private void replay(Worker worker, PcapPorts pcap) {
        long now = firstStamp(pcap);
        long last = now;
        while (!stopped.getAcquire() && now <= last + REPLAY_TAIL_NS) {
            pcap.setTime(now);
            while (worker.doWork(now) > 0) {
                last = now;
            }
            long next = pcap.nextTimestampNs();
            last = next == Long.MAX_VALUE ? last : Math.max(last, next);
            now = Math.min(now + REPLAY_STEP_NS, Math.max(next, now));
            now = next == Long.MAX_VALUE ? now + REPLAY_STEP_NS : now;
        }
    }
}
