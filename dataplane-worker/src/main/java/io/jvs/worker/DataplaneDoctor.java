package io.jvs.worker;

import io.jvs.dpdk.HostFacts;
import io.jvs.dpdk.HostInterface;
import io.jvs.dpdk.Hugepages;
import io.jvs.dpdk.PciDevice;
import java.util.ArrayList;
import java.util.List;

/** Looks at the machine as the data plane will find it; starts nothing, changes nothing. */
public final class DataplaneDoctor {
    private static final int JDK = 25;
    private static final long ENOUGH_HUGEPAGE_BYTES = 512L << 20;

    /** How a thing stands. */
    public enum Status {
        /** Fine. */
        OK,
        /** Works, but could be better. */
        WARN,
        /** The director cannot start, or not with that kind of port. */
        FAIL
    }

    /**
     * One thing that was looked at.
     *
     * @param name what
     * @param status how it stands
     * @param found what was found
     * @param remedy the command or step that mends it, empty when there is nothing to mend
     */
    public record Check(String name, Status status, String found, String remedy) {}

    private final HostFacts facts;
    private final List<Check> checks = new ArrayList<>();

    private DataplaneDoctor(HostFacts facts) {
        this.facts = facts;
    }

    /** All checks, the most basic first. */
    public static List<Check> checks() {
        DataplaneDoctor doctor = new DataplaneDoctor(HostFacts.read());
        doctor.jdk();
        doctor.dpdk();
        doctor.drivers();
        doctor.permissions();
        doctor.lockedMemory();
        doctor.hugepages();
        doctor.cpus();
        doctor.tap();
        doctor.bpf();
        doctor.interfaceQueues();
        doctor.steering();
        doctor.devices();
        return List.copyOf(doctor.checks);
    }

    private void ok(String name, String found) {
        checks.add(new Check(name, Status.OK, found, ""));
    }

    private void warn(String name, String found, String remedy) {
        checks.add(new Check(name, Status.WARN, found, remedy));
    }

    private void fail(String name, String found, String remedy) {
        checks.add(new Check(name, Status.FAIL, found, remedy));
    }

    private void jdk() {
        int feature = Runtime.version().feature();
        String found = Runtime.version() + " at " + System.getProperty("java.home");
        if (feature >= JDK) {
            ok("JDK", found);
        } else {
            fail("JDK", found, "bin/setup (JVS needs JDK 25 or newer)");
        }
    }

    private void dpdk() {
        if (facts.dpdk().isEmpty()) {
            fail("DPDK", "no librte_eal of a known version", "apt-get install dpdk");
            return;
        }
        HostFacts.Installation dpdk = facts.dpdk().get();
        if (dpdk.release().isEmpty()) {
            fail(
                    "DPDK",
                    dpdk.library() + " is of a version that JVS does not run on",
                    "install DPDK 22.11 (Debian 12) or 24.11 (Debian 13): apt-get install dpdk");
        } else {
            ok("DPDK", dpdk.release() + " (" + dpdk.library() + ")");
        }
    }

    private void drivers() {
        long known =
                facts.drivers().stream()
                        .filter(name -> name.startsWith("net_") || name.contains("net"))
                        .count();
        if (facts.drivers().isEmpty()) {
            fail("drivers", "no poll-mode driver is installed", "apt-get install dpdk");
        } else {
            ok("drivers", known + " network drivers of " + facts.drivers().size());
        }
    }

    private void permissions() {
        if (facts.root()) {
            ok("permissions", "root");
        } else {
            warn(
                    "permissions",
                    "an ordinary user: af_packet, af_xdp, tap and PCI ports need more",
                    "sudo jvs run, or setcap cap_net_raw,cap_net_admin,cap_ipc_lock+ep on java");
        }
    }

    private void lockedMemory() {
        long limit = facts.lockedMemoryBytes();
        if (limit < 0 || facts.root()) {
            ok("locked memory", limit < 0 ? "no limit" : "limit " + limit + " bytes, root");
        } else {
            warn("locked memory", "limit " + limit + " bytes", "ulimit -l unlimited");
        }
    }

    private void hugepages() {
        long free = 0;
        for (Hugepages size : facts.hugepages()) {
            free += size.free() * size.pageKilobytes() * 1024;
        }
        String found = (free >> 20) + " MB free; mounted at " + facts.hugetlbMounts();
        if (free >= ENOUGH_HUGEPAGE_BYTES) {
            ok("hugepages", found);
        } else {
            warn(
                    "hugepages",
                    found + "; ordinary pages are used, which is slower",
                    "sysctl vm.nr_hugepages=512 (2 MB each; at boot: /etc/sysctl.d)");
        }
    }

    private void cpus() {
        String found =
                "online "
                        + facts.onlineCpus()
                        + ", isolated "
                        + quoted(facts.isolatedCpus())
                        + ": up to "
                        + Math.max(1, facts.isolatedCpus().size())
                        + " workers with a CPU of their own";
        if (facts.isolatedCpus().size() > 0) {
            ok("CPUs", found);
        } else {
            warn(
                    "CPUs",
                    found + "; workers share theirs with everything else",
                    "boot with isolcpus=N nohz_full=N rcu_nocbs=N for the workers' CPUs");
        }
    }

    private static String quoted(Object set) {
        String text = set.toString();
        return text.isEmpty() ? "none" : text;
    }

    private void tap() {
        if (facts.tun()) {
            ok("tap ports", "/dev/net/tun is there");
        } else {
            warn(
                    "tap ports",
                    "no /dev/net/tun: neither tap ports nor host_interface work",
                    "modprobe tun");
        }
    }

    private void bpf() {
        if (facts.bpfMount().isEmpty()) {
            warn(
                    "AF_XDP",
                    "no BPF file system: af_xdp ports work with one program a port",
                    "mount -t bpf bpf /sys/fs/bpf");
        } else {
            ok("AF_XDP", "BPF file system at " + facts.bpfMount());
        }
    }

    /** An AF_XDP port reads a queue of its interface for each worker, and must read them all. */
    private void interfaceQueues() {
        StringBuilder found = new StringBuilder();
        for (HostInterface host : HostInterface.all()) {
            if (host.rxQueues() > 1) {
                found.append(found.isEmpty() ? "" : "; ")
                        .append(host.name())
                        .append(" has ")
                        .append(host.rxQueues())
                        .append(" receive queues: af_xdp:")
                        .append(host.name())
                        .append(" wants as many workers, or '")
                        .append(host.queueCommand(1))
                        .append("' for one");
            }
        }
        ok("AF_XDP queues", found.isEmpty() ? "no interface has several" : found.toString());
    }

    /** Ports are not opened here, so this says what each kind does with several workers. */
    private void steering() {
        ok(
                "steering",
                "PCI ports with an RSS key and redirection table: rss (local ports are chosen so"
                        + " that the hardware's hash finds the worker); other ports that take flow"
                        + " rules with masked ports: flow_rules (rte_flow; not tried on a NIC yet);"
                        + " af_packet, af_xdp, tap, memif: hand_over (workers pass packets on). What"
                        + " a port does, and why, is in the log; also in jvs status and in"
                        + " jvs_port_steering");
    }

    private void devices() {
        if (facts.pciDevices().isEmpty()) {
            warn(
                    "devices",
                    "no PCI network device: use af_packet:IF, af_xdp:IF or tap:IF",
                    "ip -br link (lists the interfaces)");
        }
        for (PciDevice device : facts.pciDevices()) {
            String found =
                    device.vendorDevice()
                            + ", driver "
                            + quoted(device.driver())
                            + ", interface "
                            + quoted(device.interfaceName());
            if (device.driver().startsWith("vfio") || device.driver().contains("uio")) {
                ok("device " + device.address(), found);
            } else {
                warn(
                        "device " + device.address(),
                        found,
                        "dpdk-devbind.py --bind=vfio-pci "
                                + device.address()
                                + " (takes it away from the kernel: never the interface that you"
                                + " are logged in through)");
            }
        }
    }
}
