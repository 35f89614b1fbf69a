package io.jvs.service;

/**
 * How packets are wrapped on their way to a real server with {@link ForwardingMethod#TUNNEL}.
 *
 * @param type the encapsulation
 * @param port UDP destination port of GUE, 0 for the others
 * @param checksum whether the outer header carries a checksum (GUE, GRE)
 * @param remoteChecksum whether GUE uses remote checksum offload
 */
public record Tunnel(TunnelType type, int port, boolean checksum, boolean remoteChecksum) {
    /** Plain IP in IP, the default. */
    public static final Tunnel IPIP = new Tunnel(TunnelType.IPIP, 0, false, false);
}
