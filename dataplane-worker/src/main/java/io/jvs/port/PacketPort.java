package io.jvs.port;

import io.jvs.packet.PacketBurst;

/**
 * One worker's end of a port: a receive and a transmit queue. Used by that worker's thread only.
 * Its three hosts are a DPDK port, a pcap file and plain memory; a port may also be another
 * worker's. The packet path does not know which one it runs on.
 */
public sealed interface PacketPort permits DpdkPort, MemoryPort, PcapPort, PortOverlay, RemotePort {

    /** The port's number, its place in the specification (host interfaces come after those). */
    int number();

    /**
     * Takes packets that have arrived: rows are added to {@code burst}, at most {@link
     * PacketBurst#RECEIVE_MAX}.
     *
     * @param nowNs the worker's clock
     * @return how many rows were added
     */
    int receive(PacketBurst burst, long nowNs);

    /**
     * Sends frames in order. Those that were taken belong to the port from then on; the rest stay
     * the caller's.
     *
     * @param handles buffers
     * @param data address of each frame's first byte, within its buffer
     * @param lengths bytes of each frame
     * @param from first index
     * @param count how many
     * @return how many were taken, counted from {@code from}
     */
    int transmit(long[] handles, long[] data, int[] lengths, int from, int count);
}
