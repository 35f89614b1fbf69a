package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * DPDK's environment abstraction layer: once per process, from {@link #start} to {@link #close}. It
 * is started and ended on a platform thread of its own, because rte_eal_init pins its caller.
 * Belongs to the control plane; workers hold queues only.
 */
public final class Eal implements AutoCloseable {
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private final DpdkVersion version;
    private final HugepageMode hugepageMode;
    private final DpdkLayout layout;
    private final DpdkLog log;
    private final ExecutorService thread;
    private final Path runtimeDirectory;
    private final List<EthPort> ports = new ArrayList<>();
    private int devices;
    private boolean closed;

    private Eal(
            DpdkVersion version,
            HugepageMode mode,
            DpdkLog log,
            ExecutorService thread,
            Path runtimeDirectory) {
        this.runtimeDirectory = runtimeDirectory;
        this.version = version;
        this.hugepageMode = mode;
        this.layout = DpdkLayout.of(version);
        this.log = log;
        this.thread = thread;
    }

    /**
     * Loads DPDK and starts it.
     *
     * @throws DpdkException one sentence, when DPDK is missing, of a wrong version, was started
     *     before in this process, or finds no memory or no permission
     */
    public static Eal start(EalSpec spec) {
        DpdkVersion version = DpdkLibraries.load();
        if (!STARTED.compareAndSet(false, true)) {
            throw Errno.failure(
                    "rte_eal_init", 0, "DPDK starts once in a process", "start a new process");
        }
        HugepageMode mode = EalArguments.resolve(spec);
        DpdkLog log = DpdkLog.capture();
        ExecutorService thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("jvs-eal").daemon().factory());
        try {
            call(thread, () -> init(spec, mode, log));
        } catch (RuntimeException | Error e) {
            thread.shutdown();
            throw e;
        }
        return new Eal(version, mode, log, thread, runtimeDirectory(spec.filePrefix()));
    }

    /** Where the EAL keeps its files (eal_create_runtime_dir in eal.c); empty without --shconf. */
    private static Path runtimeDirectory(String prefix) {
        String own = System.getenv("XDG_RUNTIME_DIR");
        String base = "root".equals(System.getProperty("user.name")) ? "/var/run" : own;
        return Path.of(base == null ? "/tmp" : base, "dpdk", prefix);
    }

    private static Boolean init(EalSpec spec, HugepageMode mode, DpdkLog log) {
        List<String> arguments = EalArguments.of(spec, mode);
        // rte_eal_init keeps pointers into argv: it lives as long as the process.
        Arena arena = Arena.global();
        MemorySegment argv = arena.allocate(ValueLayout.ADDRESS, arguments.size() + 1L);
        for (int i = 0; i < arguments.size(); i++) {
            argv.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(arguments.get(i)));
        }
        if (Dpdk.rte_eal_init(arguments.size(), argv) < 0) {
            int errno = Errno.last();
            String text = log.drain();
            throw Errno.failure(
                    "rte_eal_init",
                    errno,
                    DpdkLog.reason(text),
                    EalArguments.advice(spec, mode, errno, text));
        }
        return true;
    }

    private static <T> T call(ExecutorService thread, Callable<T> task) {
        try {
            return thread.submit(task).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while DPDK starts or ends", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The DPDK that runs. */
    public DpdkVersion version() {
        return version;
    }

    /** The pages in use: never AUTO. */
    public HugepageMode hugepageMode() {
        return hugepageMode;
    }

    /** What DPDK logged since the last call (or the last failure), lines of text. */
    public String drainLog() {
        return log.drain();
    }

    /**
     * Makes a pool of packet buffers.
     *
     * @throws DpdkException when there is too little memory
     */
    public synchronized MbufPool createMbufPool(MbufPoolSpec spec) {
        return MbufPool.create(spec, hugepageMode == HugepageMode.NO_HUGE, log);
    }

    /**
     * Gives DPDK a device; it can be configured then.
     *
     * @param queues receive and transmit queues that will be wanted, 1 or more
     * @throws DpdkException one sentence, when the device is missing or cannot be used
     */
    public synchronized EthPort attach(DeviceArgument device, int queues) {
        String name = device.deviceName(devices);
        int port = Devices.attach(device, name, queues, log);
        devices++;
        EthPort attached = new EthPort(this, device, name, port);
        ports.add(attached);
        return attached;
    }

    synchronized void detached(EthPort port) {
        ports.remove(port);
    }

    DpdkLayout layout() {
        return layout;
    }

    DpdkLog log() {
        return log;
    }

    /**
     * Stops and closes all ports and ends DPDK. Every worker has left its loop and closed its
     * {@link LcoreThread} by then. DPDK cannot be started again in this process.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (EthPort port : List.copyOf(ports)) {
            port.close();
        }
        int _ = call(thread, Dpdk::rte_eal_cleanup);
        thread.shutdown();
        try {
            Files.deleteIfExists(runtimeDirectory); // DPDK leaves it behind, empty
        } catch (IOException e) {
            // Somebody keeps files in it: then it stays.
            return;
        }
    }

    @Override
    public String toString() {
        return "DPDK %s (%s)".formatted(version, hugepageMode.name().toLowerCase(Locale.ROOT));
    }
}
