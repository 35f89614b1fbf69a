package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * twos: two drawn at random by weight, and of the two the one with the least {@link
 * Destination#overhead} by weight; the power of two choices of M. Mitzenmacher (ip_vs_twos.c).
 */
final class TwoChoicesScheduler extends Scheduler {
    /** The weights of those that may be drawn. */
    private final WeightSums weights = new WeightSums();

    /** The sequence of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
    private long state;

    TwoChoicesScheduler(DestinationList list, long seed) {
        super(TWOS, list);
        state = seed;
    }

    static void rank(TwoChoicesScheduler s, Destination d) {
        s.weights.set(d.slot, d.isUnavailable() ? 0 : d.weight());
    }

    @Override
    void beginRanks(int slots) {
        weights.reserve(slots);
    }

    @Override
    void buildRanks() {
        weights.build();
    }

    @Override
    void clear(Destination removed) {
        weights.set(removed.slot, 0);
    }

    static @Nullable Destination draw(TwoChoicesScheduler s) {
        long total = s.weights.total();
        // Up to and with the total, as the kernel draws: the first one has one chance more.
        return total == 0 ? null : choose(s, s.nextBelow(total + 1), s.nextBelow(total + 1));
    }

    /** The better one of those at {@code first} and {@code second} on the scale of weights. */
    static @Nullable Destination choose(TwoChoicesScheduler s, long first, long second) {
        Destination one = s.list.at(s.weights.at(first));
        Destination other = s.list.at(s.weights.at(second));
        if (one == null || other == null) {
            return null;
        }
        boolean otherIsBetter =
                WeightedLeastConnectionScheduler.isLess(
                        other.overhead(), other.weight(), one.overhead(), one);
        return otherIsBetter ? other : one;
    }

    private long nextBelow(long bound) {
        state += 0x9E3779B97F4A7C15L;
        return Math.unsignedMultiplyHigh(AddressHash.mix(state), bound);
    }
}
