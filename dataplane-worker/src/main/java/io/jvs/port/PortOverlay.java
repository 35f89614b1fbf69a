package io.jvs.port;

/**
 * A port over another one, which sees and may change what comes in and goes out: how a benchmark
 * makes its traffic on the worker's own thread. The director itself never has one.
 */
public abstract non-sealed class PortOverlay implements PacketPort {
    /** The port that receives and sends. */
    protected final PacketPort below;

    /** A port over {@code below}. */
    protected PortOverlay(PacketPort below) {
        this.below = below;
    }

    @Override
    public final int number() {
        return below.number();
    }
}
