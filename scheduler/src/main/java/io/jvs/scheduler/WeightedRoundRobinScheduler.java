package io.jvs.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * wrr: passes over the list for those whose weight reaches a level that goes down from the highest
 * weight by the weights' greatest common divisor (ip_vs_wrr.c).
 */
final class WeightedRoundRobinScheduler extends Scheduler {
    private static final int HEAD = -1;
    private static final int NOWHERE = -2;

    /** The last one picked, or HEAD. */
    private int position = HEAD;

    /** The level of the pass that is under way: the weight that it asks for. */
    private int level;

    /** The level of the first pass. */
    private int firstLevel;

    /** How far the level goes down from pass to pass. */
    private int step;

    WeightedRoundRobinScheduler(DestinationList list) {
        super(WRR, list);
        measure();
        level = firstLevel;
    }

    /**
     * ip_vs_wrr_schedule(): gives up when all were tried at the lowest level. The kernel walks
     * every empty pass; here they are jumped over, so that a large weight on an overloaded server
     * cannot hold the worker up.
     */
    static @Nullable Destination next(WeightedRoundRobinScheduler s) {
        if (s.firstLevel == 0) {
            return null;
        }
        int last = s.position;
        int stop = NOWHERE;
        boolean lastPass = false;
        boolean restarted = false;
        for (int passes = 0; ; passes++) {
            int end = stop == NOWHERE ? s.list.size() - 1 : stop;
            int found = s.search(end);
            if (found != NOWHERE || stop != NOWHERE) {
                s.position = found == NOWHERE ? stop : found;
                return found == NOWHERE ? null : s.list.get(found);
            }
            s.position = HEAD;
            s.level -= s.step;
            if (s.level <= 0) {
                s.level = s.firstLevel;
                if (lastPass || last == HEAD) {
                    return null;
                }
                restarted = true;
            }
            if (passes > 0) {
                s.skipEmptyPasses();
            }
            lastPass = s.level <= s.step;
            if (lastPass && restarted && last != HEAD) {
                stop = last;
            }
        }
    }

    /** The first after the position, up to {@code end}, whose weight reaches the level. */
    private int search(int end) {
        for (int i = position + 1; i <= end; i++) {
            Destination destination = list.get(i);
            if (!destination.isFull() && destination.weight >= level) {
                return i;
            }
        }
        return NOWHERE;
    }

    /** Lowers the level to the highest weight that is to be had, but not past the last pass. */
    private void skipEmptyPasses() {
        int floor = step;
        for (int i = 0; i < list.size(); i++) {
            Destination destination = list.get(i);
            if (!destination.isFull() && destination.weight > floor) {
                floor = destination.weight;
            }
        }
        if (level > floor) {
            level -= (level - floor + step - 1) / step * step;
        }
    }

    /** ip_vs_wrr_gcd_weight() and ip_vs_wrr_max_weight(). */
    private void measure() {
        int divisor = 0;
        int highest = 0;
        for (int i = 0; i < list.size(); i++) {
            int weight = list.get(i).weight;
            divisor = greatestCommonDivisor(divisor, weight);
            highest = Math.max(highest, weight);
        }
        step = Math.max(divisor, 1);
        firstLevel = highest - (step - 1);
    }

    /** Of two numbers from 0 up; the other one when one is 0. */
    static int greatestCommonDivisor(int a, int b) {
        while (b != 0) {
            int rest = a % b;
            a = b;
            b = rest;
        }
        return a;
    }

    /** ip_vs_wrr_dest_changed(): begins at the head again, at about the same level. */
    private void restart() {
        measure();
        position = HEAD;
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
