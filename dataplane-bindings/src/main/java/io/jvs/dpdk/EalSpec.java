package io.jvs.dpdk;

import java.util.List;

/**
 * How to start DPDK's environment abstraction layer.
 *
 * @param filePrefix a name of its own for each process (--file-prefix)
 * @param hugepageMode which pages to use
 * @param memoryMegabytes memory to reserve at start (-m), more than 0
 * @param pciDevices PCI devices that this process may use from the start (-a); others can be
 *     attached later
 * @param extraArguments further EAL arguments, as on testpmd's command line
 * @param logLevel how much DPDK logs
 */
public record EalSpec(
        String filePrefix,
        HugepageMode hugepageMode,
        int memoryMegabytes,
        List<DeviceArgument> pciDevices,
        List<String> extraArguments,
        DpdkLogLevel logLevel) {

    /** Checks the values. */
    public EalSpec {
        if (!filePrefix.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "DPDK file prefix '"
                            + filePrefix
                            + "' is not a name of 1 to 64 letters, digits, '.', '_' and '-'.");
        }
        if (memoryMegabytes <= 0) {
            throw new IllegalArgumentException(
                    "DPDK memory of " + memoryMegabytes + " MB was asked for; 1 is the least.");
        }
        for (DeviceArgument device : pciDevices) {
            if (device.kind() != DeviceArgument.Kind.PCI) {
                throw new IllegalArgumentException(
                        "Device '" + device + "' in the PCI allow list is no PCI address.");
            }
        }
        pciDevices = List.copyOf(pciDevices);
        extraArguments = List.copyOf(extraArguments);
    }

    /** Hugepages when there are any, 512 MB, no PCI devices yet, notices logged. */
    public static EalSpec of(String filePrefix) {
        return new EalSpec(
                filePrefix, HugepageMode.AUTO, 512, List.of(), List.of(), DpdkLogLevel.NOTICE);
    }

    /** The same with other pages. */
    public EalSpec withHugepageMode(HugepageMode mode) {
        return new EalSpec(filePrefix, mode, memoryMegabytes, pciDevices, extraArguments, logLevel);
    }

    /** The same with another amount of memory. */
    public EalSpec withMemoryMegabytes(int megabytes) {
        return new EalSpec(
                filePrefix, hugepageMode, megabytes, pciDevices, extraArguments, logLevel);
    }

    /** The same with these PCI devices. */
    public EalSpec withPciDevices(List<DeviceArgument> devices) {
        return new EalSpec(
                filePrefix, hugepageMode, memoryMegabytes, devices, extraArguments, logLevel);
    }

    /** The same with these further arguments. */
    public EalSpec withExtraArguments(List<String> arguments) {
        return new EalSpec(
                filePrefix, hugepageMode, memoryMegabytes, pciDevices, arguments, logLevel);
    }

    /** The same with another log level. */
    public EalSpec withLogLevel(DpdkLogLevel level) {
        return new EalSpec(
                filePrefix, hugepageMode, memoryMegabytes, pciDevices, extraArguments, level);
    }
}
