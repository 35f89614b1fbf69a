package io.jvs.dpdk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A network device on the PCI bus (/sys/bus/pci/devices).
 *
 * @param address for example 0000:03:00.0
 * @param vendorDevice vendor and device number, for example 8086:10fb
 * @param driver the kernel's driver that holds it, or ""
 * @param iommuGroup the IOMMU group's number, or ""
 * @param numaNode its NUMA node, or -1
 * @param interfaceName the kernel's interface, or ""
 */
public record PciDevice(
        String address,
        String vendorDevice,
        String driver,
        String iommuGroup,
        int numaNode,
        String interfaceName) {
    private static final Path ROOT = Path.of("/sys/bus/pci/devices");
    private static final String NETWORK_CLASS = "0x02";

    /** All network devices, by address. */
    public static List<PciDevice> read() {
        return read(ROOT);
    }

    static List<PciDevice> read(Path root) {
        var all = new ArrayList<PciDevice>();
        if (!Files.isDirectory(root)) {
            return all;
        }
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(root)) {
            for (Path device : devices) {
                if (text(device.resolve("class")).startsWith(NETWORK_CLASS)) {
                    all.add(of(device));
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        all.sort(Comparator.comparing(PciDevice::address));
        return all;
    }

    private static PciDevice of(Path device) {
        String node = text(device.resolve("numa_node"));
        return new PciDevice(
                device.getFileName().toString(),
                hex(device.resolve("vendor")) + ":" + hex(device.resolve("device")),
                driver(device),
                linkName(device.resolve("iommu_group")),
                node.matches("-?\\d+") ? Integer.parseInt(node) : -1,
                firstEntry(device));
    }

    /** The driver that a device's directory links to, or "". */
    static String driver(Path device) {
        return linkName(device.resolve("driver"));
    }

    private static String linkName(Path link) {
        try {
            return Files.isSymbolicLink(link)
                    ? Files.readSymbolicLink(link).getFileName().toString()
                    : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** The interface is below net/ of the device, or for virtio below that of its child. */
    private static String firstEntry(Path device) {
        String own = firstName(device.resolve("net"), "*");
        if (!own.isEmpty()) {
            return own;
        }
        String child = firstName(device, "virtio*");
        return child.isEmpty() ? "" : firstName(device.resolve(child).resolve("net"), "*");
    }

    private static String firstName(Path directory, String glob) {
        if (!Files.isDirectory(directory)) {
            return "";
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
            var iterator = entries.iterator();
            return iterator.hasNext() ? iterator.next().getFileName().toString() : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static String hex(Path file) {
        return text(file).replaceFirst("^0x", "");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
