package io.jvs.dpdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * A set of CPU numbers, written as the kernel writes it: {@code 2-5,8}.
 *
 * @param text the canonical list; "" for the empty set
 */
public record CpuSet(String text) {
    private static final int MAX_CPUS = 8192; // the kernel's largest NR_CPUS
    private static final Path ISOLATED = Path.of("/sys/devices/system/cpu/isolated");
    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

    /** Checks and orders the list. */
    public CpuSet {
        text = format(bits(text));
    }

    /** These CPUs. */
    public static CpuSet of(int... cpus) {
        var set = new BitSet();
        for (int cpu : cpus) {
            if (cpu < 0 || cpu >= MAX_CPUS) {
                throw refused(Integer.toString(cpu));
            }
            set.set(cpu);
        }
        return new CpuSet(format(set));
    }

    /**
     * Reads a list like {@code 2-5,8}; "" is the empty set.
     *
     * @throws IllegalArgumentException one sentence, when it is no such list
     */
    public static CpuSet parse(String text) {
        return new CpuSet(text);
    }

    /** The CPUs that the calling thread may run on (sched_getaffinity(2)). */
    public static CpuSet allowed() {
        byte[] mask = new byte[MAX_CPUS / 8];
        int returned = Posix.getAffinity(mask);
        if (returned < 0) {
            throw Errno.failure(
                    "sched_getaffinity", -returned, "", "name the CPUs in the configuration");
        }
        return new CpuSet(format(BitSet.valueOf(mask)));
    }

    /** The CPUs that the kernel was told to keep free (isolcpus=); empty when there are none. */
    public static CpuSet isolated() {
        return read(ISOLATED);
    }

    /** The CPUs that are switched on. */
    public static CpuSet online() {
        return read(ONLINE);
    }

    private static CpuSet read(Path file) {
        try {
            return new CpuSet(Files.readString(file).strip());
        } catch (IOException e) {
            return new CpuSet("");
        }
    }

    /** The numbers, ascending. */
    public int[] cpus() {
        return bits(text).stream().toArray();
    }

    /** How many there are. */
    public int size() {
        return bits(text).cardinality();
    }

    /**
     * Lets the calling platform thread run on these CPUs only.
     *
     * @throws DpdkException when the kernel refuses, for example because a CPU does not exist
     */
    public void pinCurrentThread() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("A virtual thread cannot be pinned to CPUs " + text);
        }
        int returned = Posix.setAffinity(bits(text).toByteArray());
        if (returned < 0) {
            throw new DpdkException(
                    "sched_setaffinity",
                    -returned,
                    "A thread cannot run on CPUs '%s' (errno %d): choose from the CPUs %s."
                            .formatted(text, -returned, online()));
        }
    }

    private static BitSet bits(String text) {
        var set = new BitSet();
        if (text.isBlank()) {
            return set;
        }
        for (String part : text.strip().split(",", -1)) {
            String[] ends = part.split("-", -1);
            if (ends.length > 2) {
                throw refused(text);
            }
            int first = number(ends[0], text);
            int last = number(ends[ends.length - 1], text);
            if (last < first) {
                throw refused(text);
            }
            set.set(first, last + 1);
        }
        return set;
    }

    private static int number(String digits, String text) {
        if (!digits.matches("[0-9]{1,4}") || Integer.parseInt(digits) >= MAX_CPUS) {
            throw refused(text);
        }
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException(
                "CPU list '" + text + "' is not a list of CPU numbers like 2-5,8.");
    }

    private static String format(BitSet set) {
        var list = new StringBuilder();
        for (int first = set.nextSetBit(0); first >= 0; ) {
            int end = set.nextClearBit(first);
            list.append(list.isEmpty() ? "" : ",").append(first);
            if (end - first > 1) {
                list.append('-').append(end - 1);
            }
            first = set.nextSetBit(end);
        }
        return list.toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
