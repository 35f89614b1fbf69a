package io.jvs.dpdk;

import java.util.Set;

/**
 * How to configure a port.
 *
 * @param rxQueues receive queues, 1 or more
 * @param txQueues transmit queues, 1 or more
 * @param rxDescriptors frames a receive queue holds; the driver may change it
 * @param txDescriptors frames a transmit queue holds; the driver may change it
 * @param mtu bytes of the largest IP packet
 * @param wantedOffloads switched on where the port has them
 * @param rss whether to spread flows over the receive queues by a hash of addresses and ports
 */
public record EthPortSpec(
        int rxQueues,
        int txQueues,
        int rxDescriptors,
        int txDescriptors,
        int mtu,
        Set<Offload> wantedOffloads,
        boolean rss) {
    private static final int MIN_MTU = 68; // RFC 791

    /** Checks the values. */
    public EthPortSpec {
        if (rxQueues < 1 || txQueues < 1) {
            throw new IllegalArgumentException(
                    "A port with %d receive and %d transmit queues was asked for; 1 is the least."
                            .formatted(rxQueues, txQueues));
        }
        if (rxDescriptors < 1 || txDescriptors < 1) {
            throw new IllegalArgumentException(
                    "Queues of %d and %d descriptors were asked for; 1 is the least."
                            .formatted(rxDescriptors, txDescriptors));
        }
        if (mtu < MIN_MTU || mtu > 0xffff) {
            throw new IllegalArgumentException(
                    "MTU " + mtu + " is not between " + MIN_MTU + " and 65535.");
        }
        wantedOffloads = Set.copyOf(wantedOffloads);
    }

    /** As many receive as transmit queues of 1024 frames, MTU 1500, no offloads, RSS if many. */
    public static EthPortSpec of(int queues) {
        return new EthPortSpec(queues, queues, 1024, 1024, 1500, Set.of(), queues > 1);
    }

    /** The same with another MTU. */
    public EthPortSpec withMtu(int bytes) {
        return new EthPortSpec(
                rxQueues, txQueues, rxDescriptors, txDescriptors, bytes, wantedOffloads, rss);
    }

    /** The same with these offloads wanted. */
    public EthPortSpec withWantedOffloads(Set<Offload> offloads) {
        return new EthPortSpec(
                rxQueues, txQueues, rxDescriptors, txDescriptors, mtu, offloads, rss);
    }

    /** The same with other queue lengths. */
    public EthPortSpec withDescriptors(int receive, int transmit) {
        return new EthPortSpec(rxQueues, txQueues, receive, transmit, mtu, wantedOffloads, rss);
    }
}
