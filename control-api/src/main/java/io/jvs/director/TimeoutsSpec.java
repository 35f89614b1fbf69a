package io.jvs.director;

/**
 * Seconds without packets after which a connection ends (ipvsadm --set).
 *
 * @param tcpSeconds established TCP
 * @param tcpFinSeconds FIN_WAIT
 * @param udpSeconds UDP
 */
public record TimeoutsSpec(int tcpSeconds, int tcpFinSeconds, int udpSeconds) {
    /** The kernel's: 900, 120, 300 (ip_vs_proto_tcp.c, ip_vs_proto_udp.c). */
    public static final TimeoutsSpec DEFAULT = new TimeoutsSpec(900, 120, 300);

    /** Nothing changed. */
    public static final TimeoutsSpec KEEP = new TimeoutsSpec(0, 0, 0);

    /** These timeouts, with those of {@code change} that are not 0. */
    public TimeoutsSpec with(TimeoutsSpec change) {
        return new TimeoutsSpec(
                change.tcpSeconds == 0 ? tcpSeconds : change.tcpSeconds,
                change.tcpFinSeconds == 0 ? tcpFinSeconds : change.tcpFinSeconds,
                change.udpSeconds == 0 ? udpSeconds : change.udpSeconds);
    }
}
