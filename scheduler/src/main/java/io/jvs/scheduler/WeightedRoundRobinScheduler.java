package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * wrr: passes over the list for those whose weight reaches a level that goes down from the highest
 * weight by the weights' greatest common divisor (ip_vs_wrr.c).
 */
final class WeightedRoundRobinScheduler extends Scheduler {
    /** Before the first. */
    private static final int HEAD = Integer.MAX_VALUE;

    /** The weights, of those too that take no connections now. */
    private final WeightScale weights = new WeightScale();

    /** The last one picked; null before the first. */
    private @Nullable Destination last;

    /** The level of the pass that is under way: the weight that it asks for. */
    private int level;

    /** The level of the first pass. */
    private int firstLevel;

    /** How far the level goes down from pass to pass. */
    private int step;

    WeightedRoundRobinScheduler(DestinationList list) {
        super(WRR, list);
    }

    static void rank(WeightedRoundRobinScheduler s, Destination d) {
        s.ranks.set(d.slot, 1, d.isFull() ? 0 : d.weight());
        s.weights.set(d.slot, d.weight());
    }

    @Override
    void beginRanks(int slots) {
        super.beginRanks(slots);
        weights.reserve(slots);
    }

    @Override
    void buildRanks() {
        super.buildRanks();
        weights.build();
    }

    @Override
    void clear(Destination removed) {
        super.clear(removed);
        weights.set(removed.slot, 0);
    }

    /**
     * ip_vs_wrr_schedule(): gives up when all were tried at the lowest level. The kernel walks all
     * servers of every pass, and every empty pass; here they are jumped over, so that neither many
     * servers nor a large weight on an overloaded one can hold the worker up.
     */
    static @Nullable Destination next(WeightedRoundRobinScheduler s) {
        if (s.firstLevel == 0) {
            return null;
        }
        int start = s.last == null ? HEAD : s.last.slot;
        int slot = s.ranks.next(start, s.level);
        boolean lastPass = false;
        boolean restarted = false;
        boolean isFinal = false;
        for (int passes = 0; slot == Tournament.NONE && !isFinal; passes++) {
            s.level -= s.step;
            if (s.level <= 0) {
                s.level = s.firstLevel;
                if (lastPass || start == HEAD) {
                    s.last = null;
                    return null;
                }
                restarted = true;
            }
            if (passes > 0) {
                s.skipEmptyPasses();
            }
            lastPass = s.level <= s.step;
            isFinal = lastPass && restarted;
            slot = s.ranks.next(HEAD, s.level);
        }
        // The final pass ends with the one that was picked last.
        if (slot == Tournament.NONE || isFinal && slot < start) {
            return null;
        }
        s.last = s.list.at(slot);
        return s.last;
    }

    /** Lowers the level to the highest weight that is to be had, but not past the last pass. */
    private void skipEmptyPasses() {
        int floor = Math.max(step, ranks.highestWeight());
        if (level > floor) {
            level -= (level - floor + step - 1) / step * step;
        }
    }

    @Override
    void begin() {
        measure();
        level = firstLevel;
    }

    /** ip_vs_wrr_gcd_weight() and ip_vs_wrr_max_weight(). */
    private void measure() {
        step = Math.max(weights.divisor(), 1);
        firstLevel = weights.highest() - (step - 1);
    }

    /** ip_vs_wrr_dest_changed(): begins at the head again, at about the same level. */
    private void restart() {
        measure();
        last = null;
        if (level > firstLevel || level == 0) {
            level = firstLevel;
        } else if (step > 1) {
            level = level / step * step + 1;
        }
    }

    @Override
    public void onAdded(Destination destination) {
        restart();
    }

    @Override
    public void onRemoved(Destination destination) {
        restart();
    }

    @Override
    public void onEdited(Destination destination) {
        restart();
    }
}
