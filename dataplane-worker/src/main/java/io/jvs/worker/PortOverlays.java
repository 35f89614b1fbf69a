package io.jvs.worker;

import io.jvs.port.PacketPort;

/** Which ports workers see instead of their own; asked on each worker's thread, once a port. */
@FunctionalInterface
public interface PortOverlays {
    /** The workers see their own ports. */
    PortOverlays NONE = (worker, port) -> port;

    /**
     * The port that a worker sees.
     *
     * @param worker its number
     * @param port its end of a port
     */
    PacketPort over(int worker, PacketPort port);
}
