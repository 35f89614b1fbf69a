package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * twos: two drawn at random by weight, and of the two the one with the least {@link
 * Destination#overhead} by weight; the power of two choices of M. Mitzenmacher (ip_vs_twos.c).
 */
final class TwoChoicesScheduler extends Scheduler {
    /** The sequence of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
    private long state;

    TwoChoicesScheduler(DestinationList list, long seed) {
        super(TWOS, list);
        state = seed;
    }

    static @Nullable Destination draw(TwoChoicesScheduler s) {
        long weights = totalWeight(s.list);
        // Up to and with the total, as the kernel draws: the first one has one chance more.
        return weights == 0
                ? null
                : choose(s.list, s.nextBelow(weights + 1), s.nextBelow(weights + 1));
    }

    private static long totalWeight(DestinationList list) {
        long total = 0;
        for (int i = 0; i < list.size(); i++) {
            Destination destination = list.get(i);
            if (!destination.isUnavailable()) {
                total += destination.weight;
            }
        }
        return total;
    }

    /** The better one of those at {@code first} and {@code second} on the scale of weights. */
    static @Nullable Destination choose(DestinationList list, long first, long second) {
        Destination one = at(list, first);
        Destination other = at(list, second);
        if (one == null || other == null) {
            return null;
        }
        boolean otherIsBetter =
                WeightedLeastConnectionScheduler.isLess(
                        other.overhead(), other.weight, one.overhead(), one);
        return otherIsBetter ? other : one;
    }

    private static @Nullable Destination at(DestinationList list, long mark) {
        long rest = mark;
        for (int i = 0; i < list.size(); i++) {
            Destination destination = list.get(i);
            if (destination.isUnavailable()) {
                continue;
            }
            rest -= destination.weight;
            if (rest <= 0) {
                return destination;
            }
        }
        return null;
    }

    private long nextBelow(long bound) {
        state += 0x9E3779B97F4A7C15L;
        return Math.unsignedMultiplyHigh(AddressHash.mix(state), bound);
    }
}
