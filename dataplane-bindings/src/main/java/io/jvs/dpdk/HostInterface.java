package io.jvs.dpdk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A network interface of the kernel in the process's network namespace, as AF_XDP and tap ports
 * need to know it.
 *
 * @param name for example eth0
 * @param rxQueues receive queues that are on (/sys/class/net/NAME/queues), 1 or more
 * @param combined whether a queue of it receives and sends (ethtool's "Combined"); the queues of
 *     veth do not: net_af_xdp takes one of them for a device then
 */
public record HostInterface(String name, int rxQueues, boolean combined) {
    private static final Path ROOT = Path.of("/sys/class/net");

    /** The octet that tells a MAC address's kind, and its bit for "made up here" (IEEE 802). */
    private static final long LOCAL = 0x02L << 40;

    /** What tells the two ends of a tap apart. */
    private static final long OTHER_END = 0x80;

    /** One of that name; of one that does not exist, a queue and no channels. */
    public static HostInterface of(String name) {
        String[] queues = ROOT.resolve(name).resolve("queues").toFile().list();
        long count =
                queues == null
                        ? 1
                        : Arrays.stream(queues).filter(queue -> queue.startsWith("rx-")).count();
        return new HostInterface(
                name, (int) Math.max(1, count), InterfaceCalls.mostCombinedChannels(name) > 0);
    }

    /** All, by name. */
    public static List<HostInterface> all() {
        String[] names = ROOT.toFile().list();
        var all = new ArrayList<HostInterface>();
        if (names != null) {
            Arrays.sort(names);
            for (String name : names) {
                all.add(of(name));
            }
        }
        return all;
    }

    /** The command that gives it that many receive queues. */
    public String queueCommand(int queues) {
        return combined
                ? "ethtool -L " + name + " combined " + queues
                : "ethtool -L " + name + " rx " + queues + " tx " + queues;
    }

    /**
     * Gives the kernel's end of a tap an address of its own. DPDK gives it the port's, with which a
     * bridge would keep the port's packets to itself, and the kernel would seem to be the port.
     *
     * @param portMac the MAC address of the port, 48 bits
     * @throws DpdkException when the kernel refuses
     */
    public static void separate(String tap, long portMac) {
        int returned = InterfaceCalls.setMac(tap, (portMac ^ OTHER_END) | LOCAL);
        Errno.check(
                returned,
                "Setting the MAC address of '" + tap + "'",
                "start as root (CAP_NET_ADMIN)");
    }
}
