package io.jvs.bench.run;

import io.jvs.bench.traffic.FlowSequence;
import io.jvs.bench.traffic.SynthesizedPort;
import io.jvs.dpdk.CpuSet;
import io.jvs.dpdk.DeviceArgument;
import io.jvs.dpdk.Eal;
import io.jvs.dpdk.EalSpec;
import io.jvs.dpdk.EthPort;
import io.jvs.dpdk.EthPortSpec;
import io.jvs.dpdk.HugepageMode;
import io.jvs.dpdk.LcoreThread;
import io.jvs.dpdk.MbufPool;
import io.jvs.dpdk.MbufPoolSpec;
import io.jvs.packet.PacketBurst;
import io.jvs.port.DpdkPort;
import io.jvs.port.PacketPort;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;

/**
 * What receiving, making a packet's headers and sending it cost in Java without a director: the
 * share of JVS's figure that is the bench's own. In a process of its own; prints one RESULT line.
 */
final class ForwardLoop {
    private static final int MBUFS = 65_535;
    private static final int MEMORY_MEGABYTES = 512;

    /** Bursts between two looks at the processor time, which is a system call. */
    private static final int CYCLES = 20_000;

    private ForwardLoop() {}

    /** Measures and prints; {@code isSynthesizing} false leaves the frames as they come. */
    static void run(Scenario scenario, Path pcap, Timing timing, boolean isSynthesizing) {
        HugepageMode mode =
                scenario.memory().equals("hugepages")
                        ? HugepageMode.IN_MEMORY
                        : HugepageMode.NO_HUGE;
        EalSpec spec =
                EalSpec.of("jvsforward" + ProcessHandle.current().pid())
                        .withHugepageMode(mode)
                        .withMemoryMegabytes(MEMORY_MEGABYTES);
        try (Eal eal = Eal.start(spec);
                FlowSequence sequence = new FlowSequence(DirectorSetup.of(scenario).plan())) {
            MbufPool pool = eal.createMbufPool(MbufPoolSpec.of("frames", MBUFS));
            EthPort port = eal.attach(DeviceArgument.parse("pcap:" + pcap + ",infinite_rx=1"), 1);
            port.configure(EthPortSpec.of(1), pool);
            port.start();
            LcoreThread lcore = LcoreThread.register(CpuSet.of(timing.cpu()));
            DpdkPort queues = new DpdkPort(0, port.rxQueue(0), port.txQueue(0));
            if (isSynthesizing) {
                sequence.writeClients();
                SynthesizedPort made = new SynthesizedPort(queues, sequence, false);
                made.command(SynthesizedPort.CLIENTS);
                measure(made, timing);
            } else {
                measure(queues, timing);
            }
            queues.close();
            lcore.close();
        }
    }

    private static void measure(PacketPort port, Timing timing) {
        PacketBurst burst = new PacketBurst();
        forward(port, burst, timing.warmup());
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long packets = forward(port, burst, timing.seconds());
        double elapsed = System.nanoTime() - start;
        double used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
        System.out.printf(
                "RESULT ns=%.3f cpu_ns=%.3f packets=%d forwarded=%d dropped=0%n",
                elapsed / packets, used / packets, packets, packets);
    }

    private static long forward(PacketPort port, PacketBurst burst, double seconds) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long end = threads.getCurrentThreadCpuTime() + (long) (seconds * 1e9);
        long packets = 0;
        while (threads.getCurrentThreadCpuTime() < end) {
            for (int i = 0; i < CYCLES; i++) {
                packets += cycle(port, burst, System.nanoTime());
            }
        }
        return packets;
    }

    private static int cycle(PacketPort port, PacketBurst burst, long now) {
        burst.clear();
        int count = port.receive(burst, now);
        int sent = port.transmit(burst.handle, burst.data, burst.length, 0, count);
        if (sent != count) {
            throw new IllegalStateException("the port took " + sent + " of " + count + " frames");
        }
        return count;
    }
}
