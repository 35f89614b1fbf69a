package io.jvs.worker;

import io.jvs.dpdk.DeviceArgument;
import io.jvs.dpdk.DpdkException;
import io.jvs.dpdk.Eal;
import io.jvs.dpdk.EthPort;
import io.jvs.dpdk.EthPortSpec;
import io.jvs.dpdk.HostInterface;
import io.jvs.dpdk.MbufPool;
import io.jvs.dpdk.PortCapabilities;
import io.jvs.port.DpdkPort;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A port that receives and sends: one device of DPDK with all its queues; or, for an AF_XDP port
 * whose interface has no combined channels (veth), of which net_af_xdp takes one queue only, a
 * device for each queue.
 */
final class StartedPort {
    /**
     * Ports that choose a queue by the flow alone. The kernel's side of a tap follows its senders,
     * and af_packet goes to another socket when one is full.
     */
    private static final Set<DeviceArgument.Kind> STEADY =
            EnumSet.of(
                    DeviceArgument.Kind.PCI, DeviceArgument.Kind.AF_XDP, DeviceArgument.Kind.NULL);

    private final int queues;
    private final List<EthPort> devices = new ArrayList<>();

    private StartedPort(int queues) {
        this.queues = queues;
    }

    /**
     * Attaches, configures and starts what is needed.
     *
     * @param workers so many queues at most; fewer where the specification or the device says so
     */
    static StartedPort start(
            Eal eal, MbufPool pool, DeviceArgument device, PortSpec spec, int workers) {
        int wanted = spec.queues() == 0 ? workers : Math.min(spec.queues(), workers);
        if (device.kind() == DeviceArgument.Kind.AF_XDP && !choosesQueues(device)) {
            return startAfXdp(eal, pool, device, spec, wanted);
        }
        EthPort port = eal.attach(device, wanted);
        PortCapabilities can = port.capabilities();
        int most = Math.min(can.maxRxQueues(), can.maxTxQueues());
        StartedPort started = new StartedPort(Math.max(1, Math.min(wanted, most)));
        started.add(port, pool, spec, started.queues);
        return started;
    }

    /** Whether the user has said which of an interface's queues are meant. */
    private static boolean choosesQueues(DeviceArgument device) {
        return device.options().stream()
                .anyMatch(option ->
                        option.startsWith("queue_count=") || option.startsWith("start_queue="));
    }

    /** The kernel keeps what comes in by a queue that no socket is bound to. */
    private static StartedPort startAfXdp(
            Eal eal, MbufPool pool, DeviceArgument device, PortSpec spec, int wanted) {
        HostInterface host = HostInterface.of(device.target());
        if (host.rxQueues() > wanted) {
            throw new IllegalArgumentException(
                    "Device '%s' has %d receive queues and %d would be read; packets of the others"
                                    .formatted(device, host.rxQueues(), wanted)
                            + " would go to the kernel: run '"
                            + host.queueCommand(wanted)
                            + "', use "
                            + host.rxQueues()
                            + " workers, or name the queues (start_queue=, queue_count=).");
        }
        StartedPort started = new StartedPort(host.rxQueues());
        if (host.combined() || host.rxQueues() == 1) {
            started.add(eal.attach(device, started.queues), pool, spec, started.queues);
        } else {
            for (int queue = 0; queue < started.queues; queue++) {
                List<String> options = new ArrayList<>(device.options());
                options.add("start_queue=" + queue);
                DeviceArgument one = new DeviceArgument(device.kind(), device.target(), options);
                started.add(eal.attach(one, 1), pool, spec, 1);
            }
        }
        return started;
    }

    private void add(EthPort port, MbufPool pool, PortSpec spec, int count) {
        EthPortSpec wanted = EthPortSpec.of(count);
        port.configure(spec.mtu() == 0 ? wanted : wanted.withMtu(spec.mtu()), pool);
        port.start();
        receiveMulticast(port);
        devices.add(port);
    }

    /** ARP and ND need broadcast and multicast; not every driver has both ways of asking for it. */
    private static void receiveMulticast(EthPort port) {
        try {
            port.setPromiscuous(true);
        } catch (DpdkException notPromiscuous) {
            port.setAllMulticast(true);
        }
    }

    /** The device that its address, MTU, link and hash are asked of. */
    EthPort first() {
        return devices.getFirst();
    }

    /** How many devices of DPDK it is. */
    int devices() {
        return devices.size();
    }

    /**
     * Whether all packets of a flow come in by one queue. Those of a veth follow the hash of their
     * sender's socket, which changes when a segment is lost (sk_rethink_txhash of the kernel).
     */
    boolean isSteady() {
        return STEADY.contains(first().device().kind()) && devices.size() == 1;
    }

    /** How many queues it has. */
    int queues() {
        return queues;
    }

    /** One of its queues, for the worker that calls. */
    DpdkPort queue(int number, int queue) {
        boolean one = devices.size() == 1;
        EthPort device = one ? first() : devices.get(queue);
        int index = one ? queue : 0;
        return new DpdkPort(number, device.rxQueue(index), device.txQueue(index));
    }
}
