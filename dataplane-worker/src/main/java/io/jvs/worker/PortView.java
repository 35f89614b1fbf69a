package io.jvs.worker;

/**
 * A port as it was opened.
 *
 * @param name its name
 * @param device its device argument
 * @param driver the driver's name, for example net_af_packet
 * @param mac its MAC address, 48 bits, first byte of the wire in bits 47..40
 * @param mtu in bytes
 * @param linkUp whether the link is up
 * @param steering how answers of real servers find their connection's worker, just now
 * @param flowRules how many flow rules of the director's are in force
 * @param noFlowRules why local addresses have no flow rules, where they were tried; else empty
 */
public record PortView(
        String name,
        String device,
        String driver,
        long mac,
        int mtu,
        boolean linkUp,
        Steering steering,
        int flowRules,
        String noFlowRules) {

    /** A port without flow rules. */
    public PortView(
            String name,
            String device,
            String driver,
            long mac,
            int mtu,
            boolean linkUp,
            Steering steering) {
        this(name, device, driver, mac, mtu, linkUp, steering, 0, "");
    }

    /** The same port with another steering. */
    PortView steered(Steering now, int rules, String refusal) {
        return new PortView(name, device, driver, mac, mtu, linkUp, now, rules, refusal);
    }
}
