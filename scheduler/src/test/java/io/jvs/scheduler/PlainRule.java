package io.jvs.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The schedulers' rules as the kernel runs them: a walk over the whole list for each connection,
 * with the first of equals. For lists of any length; keeps its own list.
 */
final class PlainRule {
    private static final int HEAD = -1;

    /** List order: the newest first. */
    final List<Destination> servers = new ArrayList<>();

    private final String name;
    private @Nullable Destination last;
    private int level;
    private int top;
    private int step = 1;
    private long lots;

    PlainRule(String name, long seed) {
        this.name = name;
        this.lots = seed;
    }

    @Nullable Destination pick() {
        return switch (name) {
            case "rr" -> roundRobin();
            case "wrr" -> weightedRoundRobin();
            case "nq" -> neverQueue();
            case "twos" -> twoChoices();
            default -> best();
        };
    }

    private static boolean isAvailable(Destination d) {
        return d.weight() > 0 && !d.isOverloaded() && !d.isHeld();
    }

    /** Load by weight: the less the better. */
    private long load(Destination d) {
        return switch (name) {
            case "lc", "wlc", "twos" -> 256L * d.activeConnections() + d.inactiveConnections();
            case "sed", "nq" -> d.activeConnections() + 1L;
            default -> 1;
        };
    }

    private long divisor(Destination d) {
        return name.equals("lc") ? 1 : d.weight();
    }

    private boolean isBetter(Destination one, Destination other) {
        return load(one) * divisor(other) < load(other) * divisor(one);
    }

    private @Nullable Destination best() {
        Destination best = null;
        for (Destination d : servers) {
            boolean may = isAvailable(d);
            if (name.equals("ovf")) {
                may &= d.activeConnections() <= d.weight();
            }
            if (may && (best == null || isBetter(d, best))) {
                best = d;
            }
        }
        return best;
    }

    private @Nullable Destination neverQueue() {
        for (Destination d : servers) {
            if (isAvailable(d) && d.activeConnections() == 0) {
                return d;
            }
        }
        return best();
    }

    private @Nullable Destination roundRobin() {
        int index = last == null ? HEAD : servers.indexOf(last);
        for (int tries = 0; tries < servers.size(); tries++) {
            index = (index + 1) % servers.size();
            if (isAvailable(servers.get(index))) {
                last = servers.get(index);
                return last;
            }
        }
        return null;
    }

    /** ip_vs_wrr_schedule(), every pass. */
    private @Nullable Destination weightedRoundRobin() {
        if (top == 0) {
            return null;
        }
        int start = last == null ? HEAD : servers.indexOf(last);
        int index = start;
        boolean wrapped = false;
        boolean lowest = false;
        int stopAt = -2;
        while (true) {
            while (index + 1 < servers.size()) {
                Destination d = servers.get(++index);
                if (!d.isOverloaded() && !d.isHeld() && d.weight() >= level) {
                    last = d;
                    return d;
                }
                if (index == stopAt) {
                    return null;
                }
            }
            index = HEAD;
            last = null;
            level -= step;
            if (level <= 0) {
                level = top;
                if (lowest || start == HEAD) {
                    return null;
                }
                wrapped = true;
            }
            lowest = level <= step;
            if (lowest && wrapped) {
                stopAt = start;
                last = servers.get(start);
            }
        }
    }

    private @Nullable Destination twoChoices() {
        long total = 0;
        for (Destination d : servers) {
            total += isAvailable(d) ? d.weight() : 0;
        }
        if (total == 0) {
            return null;
        }
        Destination first = at(below(total + 1));
        Destination second = at(below(total + 1));
        return isBetter(second, first) ? second : first;
    }

    private Destination at(long mark) {
        long rest = mark;
        for (Destination d : servers) {
            if (isAvailable(d)) {
                rest -= d.weight();
                if (rest <= 0) {
                    return d;
                }
            }
        }
        throw new IllegalStateException("beyond the scale");
    }

    private long below(long bound) {
        lots += 0x9E3779B97F4A7C15L;
        return Math.unsignedMultiplyHigh(AddressHash.mix(lots), bound);
    }

    void add(Destination d) {
        servers.addFirst(d);
        restart();
    }

    void remove(Destination d) {
        if (name.equals("rr") && d == last) {
            int index = servers.indexOf(d);
            last = index == 0 ? null : servers.get(index - 1);
        }
        servers.remove(d);
        restart();
    }

    void edit() {
        restart();
    }

    private void restart() {
        if (!name.equals("wrr")) {
            return;
        }
        int divisor = 0;
        int highest = 0;
        for (Destination d : servers) {
            int rest = d.weight();
            while (rest != 0) {
                int next = divisor % rest;
                divisor = rest;
                rest = next;
            }
            highest = Math.max(highest, d.weight());
        }
        step = Math.max(1, divisor);
        top = highest - step + 1;
        last = null;
        if (level == 0 || level > top) {
            level = top;
        } else if (step > 1) {
            level = level / step * step + 1;
        }
    }
}
