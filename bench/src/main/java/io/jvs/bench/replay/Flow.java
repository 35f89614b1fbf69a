package io.jvs.bench.replay;

import io.jvs.service.Address;

/**
 * What a host knows a socket by.
 *
 * @param local its own address
 * @param localPort its own port
 * @param remote the other side's address
 * @param remotePort the other side's port
 */
record Flow(Address local, int localPort, Address remote, int remotePort) {

    /** The flow of a segment that has arrived. */
    static Flow of(IpPacket packet, TcpSegment segment) {
        return new Flow(
                packet.destination(),
                segment.destinationPort(),
                packet.source(),
                segment.sourcePort());
    }
}
