package io.jvs.dpdk;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A DPDK release such as 22.11.11.
 *
 * @param year of the release, two digits
 * @param month of the release
 * @param minor the stable release's number
 */
public record DpdkVersion(int year, int month, int minor) {
    private static final Pattern TEXT = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?");

    /**
     * Finds the version in what rte_version() gives, "DPDK 22.11.11" for example.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static DpdkVersion parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException(
                    "'" + text + "' holds no DPDK version like 22.11.1.");
        }
        String minor = matcher.group(3);
        return new DpdkVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                minor == null ? 0 : Integer.parseInt(minor));
    }

    /** Whether the bindings know the structure layouts of this release: 22.11 and 24.11. */
    public boolean supported() {
        return month == 11 && (year == 22 || year == 24);
    }

    @Override
    public String toString() {
        return "%d.%02d.%d".formatted(year, month, minor);
    }
}
