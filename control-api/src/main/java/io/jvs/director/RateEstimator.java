package io.jvs.director;

/**
 * The kernel's rate estimator (net/netfilter/ipvs/ip_vs_est.c): every 2 s {@code average += (rate -
 * average) / 4}, connections and packets scaled by 2^10, bytes by 2^5. Written by the director's
 * thread; {@link #rates} may be read by any.
 */
final class RateEstimator {
    /** Time between two calls of {@link #onEstimate}. */
    static final long PERIOD_NS = 2_000_000_000L;

    private Totals last;
    private long connections;
    private long incomingPackets;
    private long outgoingPackets;
    private long incomingBytes;
    private long outgoingBytes;
    private volatile Rates rates = Rates.ZERO;

    /** Starts from totals as they are now. */
    RateEstimator(Totals now) {
        last = now;
    }

    /** The averages as of the last period. */
    Rates rates() {
        return rates;
    }

    /** Forgets the averages, as ip_vs_zero_estimator(). */
    void onZero(Totals now) {
        last = now;
        connections = 0;
        incomingPackets = 0;
        outgoingPackets = 0;
        incomingBytes = 0;
        outgoingBytes = 0;
        rates = Rates.ZERO;
    }

    /** One period is over. */
    void onEstimate(Totals now) {
        Totals moved = now.minus(last);
        last = now;
        if (moved.equals(Totals.ZERO) && rates.equals(Rates.ZERO) && isStill()) {
            return;
        }
        connections += (moved.connections() << 9) - connections >> 2;
        incomingPackets += (moved.incomingPackets() << 9) - incomingPackets >> 2;
        outgoingPackets += (moved.outgoingPackets() << 9) - outgoingPackets >> 2;
        incomingBytes += (moved.incomingBytes() << 4) - incomingBytes >> 2;
        outgoingBytes += (moved.outgoingBytes() << 4) - outgoingBytes >> 2;
        rates =
                new Rates(
                        connections + 0x1FF >> 10,
                        incomingPackets + 0x1FF >> 10,
                        outgoingPackets + 0x1FF >> 10,
                        incomingBytes + 0xF >> 5,
                        outgoingBytes + 0xF >> 5);
    }

    private boolean isStill() {
        return (connections | incomingPackets | outgoingPackets | incomingBytes | outgoingBytes)
                == 0;
    }
}
