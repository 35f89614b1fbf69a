package io.jvs.worker;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A port that the director drives.
 *
 * @param name what rules and metrics call it, for example "lan"
 * @param device the device argument: PCI address, af_packet:IF, af_xdp:IF, tap:IF, pcap:IN,OUT,
 *     memif:..., null, or memory for tests
 * @param mtu largest IP packet in bytes, 0 for the device's own
 * @param interfaces its L3 interfaces
 * @param exceptionInterface name of the kernel interface (tap) that gets what is for the host,
 *     empty for none
 * @param queues most queues to use of it, 0 for one for each worker
 */
public record PortSpec(
        String name,
        String device,
        int mtu,
        List<InterfaceSpec> interfaces,
        String exceptionInterface,
        int queues) {
    /** Copies its list. */
    public PortSpec {
        interfaces = List.copyOf(interfaces);
    }

    /** Whether its frames carry a VLAN tag (true) or none (false): one of them, or both. */
    Set<Boolean> tags() {
        Set<Boolean> tags = new TreeSet<>();
        interfaces.forEach(one -> tags.add(one.vlan() != 0));
        return tags;
    }

    /** With a queue for each worker. */
    public PortSpec(
            String name,
            String device,
            int mtu,
            List<InterfaceSpec> interfaces,
            String exceptionInterface) {
        this(name, device, mtu, interfaces, exceptionInterface, 0);
    }
}
