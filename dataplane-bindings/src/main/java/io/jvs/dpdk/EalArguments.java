package io.jvs.dpdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The EAL's command line (DPDK Getting Started Guide, "EAL parameters") and what to say of it. */
final class EalArguments {
    /** A device that is never a NIC (the host bridge): with it on the list no other is probed. */
    private static final String NO_DEVICE = "0000:00:00.0";

    private EalArguments() {}

    /** AUTO becomes one of the others: hugepages when enough are free. */
    static HugepageMode resolve(EalSpec spec) {
        if (spec.hugepageMode() != HugepageMode.AUTO) {
            return spec.hugepageMode();
        }
        return Hugepages.freeMegabytes() >= spec.memoryMegabytes()
                ? HugepageMode.IN_MEMORY
                : HugepageMode.NO_HUGE;
    }

    static List<String> of(EalSpec spec, HugepageMode mode) {
        var arguments = new ArrayList<String>();
        arguments.add("jvs");
        arguments.add("--file-prefix=" + spec.filePrefix());
        // One lcore that floats over all CPUs of the process: it only starts and ends DPDK.
        arguments.add("--lcores=0@(" + CpuSet.allowed() + ")");
        arguments.add("--no-telemetry");
        arguments.add("--log-level=*:" + spec.logLevel().name().toLowerCase(Locale.ROOT));
        arguments.add("-m");
        arguments.add(Integer.toString(spec.memoryMegabytes()));
        arguments.add(mode == HugepageMode.IN_MEMORY ? "--in-memory" : "--no-huge");
        if (mode == HugepageMode.NO_HUGE) {
            arguments.add("--no-shconf");
        }
        if (spec.pciDevices().isEmpty()) {
            arguments.add("-a");
            arguments.add(NO_DEVICE);
        }
        for (DeviceArgument device : spec.pciDevices()) {
            arguments.add("-a");
            arguments.add(device.toString());
        }
        arguments.addAll(spec.extraArguments());
        return arguments;
    }

    /** What to do about a failed start. */
    static String advice(EalSpec spec, HugepageMode mode, int errno, String log) {
        String text = log.toLowerCase(Locale.ROOT);
        if (mode == HugepageMode.IN_MEMORY && text.contains("hugepage")) {
            return "reserve hugepages with 'sysctl -w vm.nr_hugepages="
                    + (spec.memoryMegabytes() / 2 + 1)
                    + "' or start without hugepages";
        }
        if (errno == Errno.EPERM || errno == Errno.EACCES || text.contains("permission denied")) {
            return "start as root";
        }
        if (errno == Errno.ENOMEM || text.contains("memory")) {
            return "ask for less than " + spec.memoryMegabytes() + " MB or free some";
        }
        if (!spec.extraArguments().isEmpty()) {
            return "check the extra DPDK arguments " + String.join(" ", spec.extraArguments());
        }
        return "'jvs doctor' tells what is missing";
    }
}
