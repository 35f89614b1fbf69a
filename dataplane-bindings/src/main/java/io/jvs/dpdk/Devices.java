package io.jvs.dpdk;

import io.jvs.dpdk.raw.Dpdk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plugs devices in and out while DPDK runs (rte_dev.h, rte_eal_hotplug_add). */
final class Devices {
    private static final Set<String> DPDK_DRIVERS =
            Set.of("vfio-pci", "uio_pci_generic", "igb_uio", "mlx5_core", "mlx4_core");
    private static final Path PCI = Path.of("/sys/bus/pci/devices");

    private Devices() {}

    /** Makes DPDK probe a device and gives its port number. */
    static int attach(DeviceArgument device, String name, int queues, DpdkLog log) {
        String missing = missing(device);
        if (missing != null) {
            throw new DpdkException("rte_eal_hotplug_add", Errno.ENOENT, missing);
        }
        log.drain();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment port = arena.allocate(ValueLayout.JAVA_SHORT);
            MemorySegment nativeName = arena.allocateFrom(name);
            if (Dpdk.rte_eth_dev_get_port_by_name(nativeName, port) == 0) {
                return portNumber(port);
            }
            int returned =
                    Dpdk.rte_eal_hotplug_add(
                            arena.allocateFrom(device.bus()),
                            nativeName,
                            arena.allocateFrom(device.arguments(queues)));
            if (returned < 0) {
                throw refused(device, -returned, log.drain());
            }
            if (Dpdk.rte_eth_dev_get_port_by_name(nativeName, port) < 0) {
                throw refused(device, 0, log.drain());
            }
            if (device.kind() == DeviceArgument.Kind.AF_PACKET) {
                keepFragments(device, name);
            }
            return portNumber(port);
        }
    }

    private static void keepFragments(DeviceArgument device, String name) {
        try {
            PacketSockets.keepFragments(device);
        } catch (DpdkException e) {
            detach(device, name);
            throw e;
        }
    }

    private static int portNumber(MemorySegment port) {
        return Short.toUnsignedInt(port.get(ValueLayout.JAVA_SHORT, 0));
    }

    /** Unplugs a device whose port is closed. */
    static void detach(DeviceArgument device, String name) {
        try (Arena arena = Arena.ofConfined()) {
            int _ =
                    Dpdk.rte_eal_hotplug_remove(
                            arena.allocateFrom(device.bus()), arena.allocateFrom(name));
        }
    }

    private static DpdkException refused(DeviceArgument device, int errno, String log) {
        return Errno.failure(
                "rte_eal_hotplug_add of '" + device + "'",
                errno,
                DpdkLog.reason(log),
                advice(device));
    }

    private static String advice(DeviceArgument device) {
        return switch (device.kind()) {
            case PCI ->
                    "bind it to vfio-pci with 'dpdk-devbind.py -b vfio-pci "
                            + device.target()
                            + "' and see 'jvs doctor'";
            case AF_PACKET, AF_XDP ->
                    "start as root, and check that the interface is an Ethernet one and the options"
                            + " are the driver's";
            case TAP -> "start as root, load the kernel's tun module, and use each name once";
            case PCAP -> "check that the files are pcap files and the options are the driver's";
            case MEMIF -> "check the socket's path and the options (role, id)";
            case NULL, RING -> "check the options";
        };
    }

    /** A sentence when the device is plainly not there or not usable, else null. */
    private static @Nullable String missing(DeviceArgument device) {
        return switch (device.kind()) {
            case PCI -> missingPci(device.target());
            case AF_PACKET, AF_XDP -> missingInterface(device);
            case PCAP -> missingFile(device);
            case TAP, MEMIF, NULL, RING -> null;
        };
    }

    private static @Nullable String missingPci(String address) {
        Path directory = PCI.resolve(address);
        if (!Files.isDirectory(directory)) {
            return "PCI device '"
                    + address
                    + "' does not exist: 'dpdk-devbind.py --status' lists those that do.";
        }
        String driver = PciDevice.driver(directory);
        if (!DPDK_DRIVERS.contains(driver)) {
            return "PCI device '%s' is bound to %s: bind it with 'dpdk-devbind.py -b vfio-pci %s'."
                    .formatted(
                            address,
                            driver.isEmpty() ? "no driver" : "the kernel's driver " + driver,
                            address);
        }
        return null;
    }

    private static @Nullable String missingInterface(DeviceArgument device) {
        if (Posix.interfaceIndex(device.target()) != 0) {
            return null;
        }
        return "Interface '%s' of device '%s' does not exist: 'ip link' lists those that do."
                .formatted(device.target(), device);
    }

    private static @Nullable String missingFile(DeviceArgument device) {
        String input = device.pcapInput();
        if (!input.isEmpty() && !isPcap(Path.of(input))) {
            return "File '%s' of device '%s' is no pcap file that can be read: name one that is."
                    .formatted(input, device);
        }
        String output = device.pcapOutput();
        if (!output.isEmpty()) {
            Path directory = Path.of(output).toAbsolutePath().getParent();
            if (directory == null || !Files.isWritable(directory)) {
                return "File '%s' of device '%s' cannot be written: name one in a directory that"
                                .formatted(output, device)
                        + " exists and is writable.";
            }
        }
        return null;
    }

    /** Whether it begins as a pcap or pcapng file does (libpcap reads both). */
    private static boolean isPcap(Path file) {
        try (var stream = Files.newInputStream(file)) {
            byte[] magic = stream.readNBytes(4);
            if (magic.length < 4) {
                return false;
            }
            int word =
                    (magic[0] & 0xff) << 24
                            | (magic[1] & 0xff) << 16
                            | (magic[2] & 0xff) << 8
                            | (magic[3] & 0xff);
            return switch (String.format(Locale.ROOT, "%08x", word)) {
                case "d4c3b2a1", "a1b2c3d4", "4d3cb2a1", "a1b23c4d", "0a0d0d0a" -> true;
                default -> false;
            };
        } catch (IOException e) {
            return false;
        }
    }
}
