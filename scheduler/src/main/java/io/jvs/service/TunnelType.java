package io.jvs.service;

/** How a tunnelled packet is wrapped (ipvsadm --tun-type). */
public enum TunnelType {
    /** IP in IP (RFC 2003, RFC 2473, RFC 4213). */
    IPIP,
    /** Generic UDP encapsulation. */
    GUE,
    /** Generic routing encapsulation (RFC 2784). */
    GRE
}
