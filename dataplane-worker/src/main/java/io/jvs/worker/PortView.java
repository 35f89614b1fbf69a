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
 * @param steering how answers of real servers find their connection's worker
 */
public record PortView(
        String name,
        String device,
        String driver,
        long mac,
        int mtu,
        boolean linkUp,
        Steering steering) {}
