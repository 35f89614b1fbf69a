package io.jvs.service;

/**
 * Consecutive ports.
 *
 * @param first 0..65535
 * @param last first..65535
 */
public record PortRange(int first, int last) {
    /** Every port. */
    public static final PortRange ALL = new PortRange(0, 65535);

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + ":" + last;
    }
}
