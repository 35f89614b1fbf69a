package io.jvs.worker;

import io.jvs.dpdk.DpdkException;
import io.jvs.dpdk.EthPort;
import io.jvs.dpdk.PortCapabilities;
import io.jvs.packet.FlowSteering;
import io.jvs.packet.Toeplitz;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Gives all started ports that can do so the same RSS key and redirection table, so that one
 * computation tells the queue of a flow, whichever port it comes in by. A port counts only when it
 * says afterwards that it has both: some drivers take a key and keep their own.
 */
final class RssSetup {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int MAX_ENTRIES = 2048;

    private final int workers;
    private final List<EthPort> ports;
    private final RandomGenerator random;
    private final Steering[] found;

    private RssSetup(int workers, List<EthPort> ports, RandomGenerator random) {
        this.workers = workers;
        this.ports = ports;
        this.random = random;
        this.found = new Steering[ports.size()];
        Arrays.fill(found, workers == 1 ? Steering.SINGLE : Steering.HAND_OVER);
    }

    /**
     * What came of it.
     *
     * @param flows for the workers
     * @param ofPort for each port
     */
    record Result(FlowSteering flows, List<Steering> ofPort) {}

    /**
     * Sets ports up.
     *
     * @param ports started ports with a queue for each worker
     * @param random secret, so that nobody outside can aim at a queue
     */
    static Result run(int workers, List<EthPort> ports, RandomGenerator random) {
        RssSetup setup = new RssSetup(workers, ports, random);
        FlowSteering flows = workers == 1 ? FlowSteering.byPort(1) : setup.steer();
        return new Result(flows, List.of(setup.found));
    }

    private FlowSteering steer() {
        int entries = MAX_ENTRIES;
        for (EthPort port : ports) {
            if (mayWork(port.capabilities())) {
                entries = Math.min(entries, port.capabilities().retaSize());
            }
        }
        Toeplitz toeplitz = Toeplitz.random(entries, random);
        int[] table = new int[entries];
        Arrays.setAll(table, entry -> entry % workers);
        List<EthPort> steered = new ArrayList<>();
        for (int i = 0; i < found.length; i++) {
            EthPort port = ports.get(i);
            if (mayWork(port.capabilities()) && takes(port, toeplitz.key(), table)) {
                found[i] = Steering.RSS;
                steered.add(port);
            }
        }
        return steered.isEmpty()
                ? FlowSteering.byPort(workers)
                : FlowSteering.byRss(workers, toeplitz, table, hashed(steered));
    }

    private boolean mayWork(PortCapabilities can) {
        return Math.min(can.maxRxQueues(), can.maxTxQueues()) >= workers
                && can.hashKeyBytes() >= Toeplitz.KEY_BYTES
                && can.retaSize() >= workers
                && Math.min(can.maxRxQueues(), can.maxTxQueues()) >= workers
                && Integer.bitCount(can.retaSize()) == 1
                && hashed(can) != 0;
    }

    /** A larger table repeats the common one; a longer key goes on with zeros. */
    private static boolean takes(EthPort port, byte[] key, int[] table) {
        byte[] whole = Arrays.copyOf(key, port.capabilities().hashKeyBytes());
        int[] repeated = new int[port.capabilities().retaSize()];
        Arrays.setAll(repeated, entry -> table[entry & table.length - 1]);
        try {
            port.setRssKey(whole);
            port.setRedirectionTable(repeated);
            return Arrays.equals(port.rssKey(), whole)
                    && Arrays.equals(port.redirectionTable(), repeated);
        } catch (DpdkException notThisPort) {
            return false;
        }
    }

    private static int hashed(List<EthPort> steered) {
        int all = FlowSteering.HASHED_TCP_UDP;
        for (EthPort port : steered) {
            all &= hashed(port.capabilities());
        }
        return all;
    }

    private static int hashed(PortCapabilities can) {
        return (can.hashesPorts(false, TCP) ? FlowSteering.HASHED_TCP4 : 0)
                | (can.hashesPorts(false, UDP) ? FlowSteering.HASHED_UDP4 : 0)
                | (can.hashesPorts(true, TCP) ? FlowSteering.HASHED_TCP6 : 0)
                | (can.hashesPorts(true, UDP) ? FlowSteering.HASHED_UDP6 : 0);
    }
}
