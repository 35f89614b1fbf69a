package io.jvs.dpdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What DPDK will find on this machine, for {@code jvs doctor}. Reads files only: starts nothing,
 * loads nothing, changes nothing.
 *
 * @param dpdk the DPDK that JVS would load, if any
 * @param otherDpdk further DPDK libraries, of versions that JVS does not know too
 * @param drivers poll-mode drivers installed for that DPDK, net_af_packet for example
 * @param hugepages the hugepages of each size
 * @param hugetlbMounts where hugetlbfs is mounted
 * @param root whether the process runs as root
 * @param hugetlbWritable whether a file can be made in one of {@link #hugetlbMounts}
 * @param lockedMemoryBytes the limit on locked memory (RLIMIT_MEMLOCK), -1 for none
 * @param onlineCpus the CPUs that are on
 * @param isolatedCpus the CPUs that the kernel keeps free (isolcpus=)
 * @param pciDevices the network devices on the PCI bus
 * @param vfio whether vfio-pci is loaded or built in
 * @param uio whether igb_uio or uio_pci_generic is loaded
 * @param iommuGroups how many IOMMU groups there are; without any VFIO needs its no-IOMMU mode
 * @param bpfMount where the BPF file system is mounted (AF_XDP keeps its maps there), or ""
 * @param tun whether /dev/net/tun is there (tap ports)
 */
public record HostFacts(
        Optional<Installation> dpdk,
        List<Installation> otherDpdk,
        List<String> drivers,
        List<Hugepages> hugepages,
        List<String> hugetlbMounts,
        boolean root,
        boolean hugetlbWritable,
        long lockedMemoryBytes,
        CpuSet onlineCpus,
        CpuSet isolatedCpus,
        List<PciDevice> pciDevices,
        boolean vfio,
        boolean uio,
        int iommuGroups,
        String bpfMount,
        boolean tun) {

    /**
     * A DPDK that is installed.
     *
     * @param library its librte_eal
     * @param release 22.11 or 24.11, or "" for one that JVS does not run on
     */
    public record Installation(Path library, String release) {
        private static Installation of(Path library) {
            String release = DpdkLibraries.release(library);
            return new Installation(library, release == null ? "" : release);
        }
    }

    /** Looks at this machine. */
    public static HostFacts read() {
        Optional<Installation> dpdk =
                Optional.ofNullable(DpdkLibraries.find()).map(Installation::of);
        List<Installation> others =
                DpdkLibraries.installed().stream()
                        .map(Installation::of)
                        .filter(found -> !Optional.of(found).equals(dpdk))
                        .toList();
        List<String> mounts = mounts("hugetlbfs");
        List<String> bpf = mounts("bpf");
        return new HostFacts(
                dpdk,
                others,
                dpdk.map(HostFacts::drivers).orElse(List.of()),
                Hugepages.read(),
                mounts,
                "0".equals(status("Uid:")),
                mounts.stream().anyMatch(mount -> Files.isWritable(Path.of(mount))),
                lockedMemory(),
                CpuSet.online(),
                CpuSet.isolated(),
                PciDevice.read(),
                Files.isDirectory(Path.of("/sys/bus/pci/drivers/vfio-pci")),
                Files.isDirectory(Path.of("/sys/bus/pci/drivers/igb_uio"))
                        || Files.isDirectory(Path.of("/sys/bus/pci/drivers/uio_pci_generic")),
                names(Path.of("/sys/kernel/iommu_groups")).size(),
                bpf.isEmpty() ? "" : bpf.getFirst(),
                Files.exists(Path.of("/dev/net/tun")));
    }

    /** The drivers are in dpdk/pmds-N.0 beside the libraries, as librte_net_X.so.N. */
    private static List<String> drivers(Installation dpdk) {
        String library = dpdk.library().getFileName().toString();
        String suffix = library.substring("librte_eal".length());
        Path directory =
                dpdk.library().resolveSibling("dpdk/pmds" + suffix.replace(".so.", "-") + ".0");
        var drivers = new ArrayList<String>();
        for (String name : names(directory)) {
            if (name.startsWith("librte_net_") && name.endsWith(suffix)) {
                drivers.add(name.substring("librte_".length(), name.length() - suffix.length()));
            }
        }
        return drivers;
    }

    private static List<String> names(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<String> mounts(String type) {
        return lines("/proc/self/mounts").stream()
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields.length > 2 && fields[2].equals(type))
                .map(fields -> fields[1])
                .toList();
    }

    /** The effective number of a line like "Uid: real effective saved fs". */
    private static String status(String key) {
        return lines("/proc/self/status").stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.split("\\s+", -1)[2])
                .findFirst()
                .orElse("");
    }

    /** The soft limit of "Max locked memory SOFT HARD bytes". */
    private static long lockedMemory() {
        String name = "Max locked memory";
        return lines("/proc/self/limits").stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+", -1)[0])
                .map(soft -> soft.equals("unlimited") ? -1L : Long.parseLong(soft))
                .findFirst()
                .orElse(-1L);
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            return List.of();
        }
    }
}
