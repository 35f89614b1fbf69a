package io.jvs.scheduler;

import io.jvs.service.SchedulerFlag;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rule of each scheduler once more, slow and obvious, to compare with: keeps its own list,
 * works everything out anew for each pick, and shares no code with the schedulers.
 */
abstract class SchedulerModel {
    /** List order: the newest first. */
    final List<Destination> servers = new ArrayList<>();

    static SchedulerModel of(String name, Set<SchedulerFlag> flags) {
        boolean fallback = flags.contains(SchedulerFlag.FLAG_1);
        boolean withPort = flags.contains(SchedulerFlag.FLAG_2);
        return switch (name) {
            case "rr" -> new RoundRobin();
            case "wrr" -> new WeightedRoundRobin();
            case "lc" -> new Best(d -> true, d -> fraction(overhead(d), 1));
            case "wlc" -> new Best(d -> true, d -> fraction(overhead(d), d.weight()));
            case "sed" -> new Best(d -> true, d -> fraction(active(d) + 1, d.weight()));
            case "fo" -> new Best(d -> true, d -> fraction(-d.weight(), 1));
            case "ovf" -> new Best(d -> active(d) <= d.weight(), d -> fraction(-d.weight(), 1));
            case "nq" -> new NeverQueue();
            case "dh" -> new DestinationHash();
            case "sh" -> new SourceHash(withPort, fallback);
            case "mh" -> new Maglev(withPort, fallback);
            case "lblc" -> new Locality();
            case "lblcr" -> new ReplicatedLocality();
            default -> throw new IllegalArgumentException(name);
        };
    }

    abstract @Nullable Destination pick(Flow flow);

    final void add(Destination d) {
        servers.addFirst(d);
        onChange(d, "add");
    }

    final void remove(Destination d) {
        onChange(d, "before-remove");
        servers.remove(d);
        onChange(d, "remove");
    }

    final void edit(Destination d) {
        onChange(d, "edit");
    }

    void onChange(Destination d, String what) {}

    static boolean isAvailable(Destination d) {
        return d.weight() > 0 && !d.isOverloaded();
    }

    static long active(Destination d) {
        return d.activeConnections();
    }

    static long overhead(Destination d) {
        return 256 * active(d) + d.inactiveConnections();
    }

    /** A number that can be compared exactly. */
    record Fraction(BigInteger numerator, BigInteger denominator) implements Comparable<Fraction> {
        @Override
        public int compareTo(Fraction other) {
            return numerator
                    .multiply(other.denominator)
                    .compareTo(other.numerator.multiply(denominator));
        }
    }

    static Fraction fraction(long numerator, long denominator) {
        return new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    /** The first of those with the smallest score. */
    static @Nullable Destination smallest(
            List<Destination> candidates, Function<Destination, Fraction> score) {
        return candidates.stream().min(Comparator.comparing(score)).orElse(null);
    }

    static @Nullable Destination leastWeighted(List<Destination> list) {
        return smallest(
                list.stream().filter(SchedulerModel::isAvailable).toList(),
                d -> fraction(overhead(d), d.weight()));
    }

    static final class Best extends SchedulerModel {
        private final Predicate<Destination> may;
        private final Function<Destination, Fraction> score;

        Best(Predicate<Destination> may, Function<Destination, Fraction> score) {
            this.may = may;
            this.score = score;
        }

        @Override
        @Nullable Destination pick(Flow flow) {
            return smallest(
                    servers.stream().filter(SchedulerModel::isAvailable).filter(may).toList(),
                    score);
        }
    }

    static final class NeverQueue extends SchedulerModel {
        @Override
        @Nullable Destination pick(Flow flow) {
            List<Destination> open = servers.stream().filter(SchedulerModel::isAvailable).toList();
            return open.stream()
                    .filter(d -> active(d) == 0)
                    .findFirst()
                    .orElseGet(() -> smallest(open, d -> fraction(active(d) + 1, d.weight())));
        }
    }

    static final class RoundRobin extends SchedulerModel {
        private @Nullable Destination last;

        @Override
        @Nullable Destination pick(Flow flow) {
            List<Destination> order = new ArrayList<>(servers);
            if (last != null) {
                int after = order.indexOf(last) + 1;
                order = new ArrayList<>(servers.subList(after, servers.size()));
                order.addAll(servers.subList(0, after));
            }
            for (Destination d : order) {
                if (isAvailable(d)) {
                    last = d;
                    return d;
                }
            }
            return null;
        }

        @Override
        void onChange(Destination d, String what) {
            if (what.equals("before-remove") && d == last) {
                int index = servers.indexOf(d);
                last = index == 0 ? null : servers.get(index - 1);
            }
        }
    }

    /** The kernel's walk, one destination at a time, every empty pass included. */
    static final class WeightedRoundRobin extends SchedulerModel {
        private int current = -1;
        private int level;
        private int top;
        private int step = 1;

        @Override
        @Nullable Destination pick(Flow flow) {
            if (top == 0) {
                return null;
            }
            int start = current;
            boolean wrapped = false;
            boolean lowest = false;
            int stopAt = -1;
            while (true) {
                while (current + 1 < servers.size()) {
                    current++;
                    Destination d = servers.get(current);
                    if (!d.isOverloaded() && d.weight() >= level) {
                        return d;
                    }
                    if (current == stopAt) {
                        return null;
                    }
                }
                current = -1;
                level -= step;
                if (level <= 0) {
                    level = top;
                    if (lowest || start == -1) {
                        return null;
                    }
                    wrapped = true;
                }
                lowest = level <= step;
                if (lowest && wrapped) {
                    stopAt = start;
                }
            }
        }

        @Override
        void onChange(Destination d, String what) {
            BigInteger divisor = BigInteger.ZERO;
            int highest = 0;
            for (Destination server : servers) {
                divisor = divisor.gcd(BigInteger.valueOf(server.weight()));
                highest = Math.max(highest, server.weight());
            }
            step = Math.max(1, divisor.intValueExact());
            top = highest - step + 1;
            current = -1;
            if (level == 0 || level > top) {
                level = top;
            } else if (step > 1) {
                level = level / step * step + 1;
            }
        }
    }

    static long fold(long high, long low) {
        return (high >>> 32) ^ (high & 0xFFFF_FFFFL) ^ (low >>> 32) ^ (low & 0xFFFF_FFFFL);
    }

    static int hash32(long value) {
        return (int) ((value * 0x61C88647L & 0xFFFF_FFFFL) >> 24);
    }

    static final class DestinationHash extends SchedulerModel {
        private List<Destination> assigned = List.of();

        @Override
        @Nullable Destination pick(Flow flow) {
            if (assigned.isEmpty()) {
                return null;
            }
            int bucket = hash32(fold(flow.virtualHigh, flow.virtualLow));
            Destination d = assigned.get(bucket % assigned.size());
            return isAvailable(d) ? d : null;
        }

        @Override
        void onChange(Destination d, String what) {
            if (!what.equals("edit")) {
                assigned = List.copyOf(servers);
            }
        }
    }

    static final class SourceHash extends SchedulerModel {
        private final boolean withPort;
        private final boolean fallback;

        SourceHash(boolean withPort, boolean fallback) {
            this.withPort = withPort;
            this.fallback = fallback;
        }

        @Override
        @Nullable Destination pick(Flow flow) {
            List<Destination> table = new ArrayList<>();
            while (!servers.isEmpty() && table.size() < 256) {
                for (Destination d : servers) {
                    for (int i = 0; i < Math.max(1, d.weight()) && table.size() < 256; i++) {
                        table.add(d);
                    }
                }
            }
            if (table.isEmpty()) {
                return null;
            }
            long key = fold(flow.clientHigh, flow.clientLow) + (withPort ? flow.clientPort : 0);
            int hash = hash32(key & 0xFFFF_FFFFL);
            if (isAvailable(table.get(hash))) {
                return table.get(hash);
            }
            for (int i = 0; fallback && i < 256; i++) {
                Destination d = table.get((2 * hash + i) % 256);
                if (isAvailable(d)) {
                    return d;
                }
            }
            return null;
        }
    }

    static final class Maglev extends SchedulerModel {
        private final boolean withPort;
        private final boolean fallback;
        private Map<Integer, Destination> table = Map.of();

        Maglev(boolean withPort, boolean fallback) {
            this.withPort = withPort;
            this.fallback = fallback;
        }

        @Override
        void onChange(Destination d, String what) {
            table = new HashMap<>();
            List<Destination> weighted = servers.stream().filter(s -> s.lastWeight() > 0).toList();
            BigInteger divisor = BigInteger.ZERO;
            int highest = 0;
            for (Destination s : weighted) {
                divisor = divisor.gcd(BigInteger.valueOf(s.lastWeight()));
                highest = Math.max(highest, s.lastWeight());
            }
            if (weighted.isEmpty()) {
                return;
            }
            int bits = BigInteger.valueOf(highest / divisor.intValueExact()).bitLength();
            int shift = Math.max(0, bits - 6);
            Map<Destination, Integer> preference = new HashMap<>();
            while (table.size() < 4093) {
                for (Destination s : weighted) {
                    int turns = Math.max(1, s.lastWeight() / divisor.intValueExact() >> shift);
                    while (turns > 0 && table.size() < 4093) {
                        if (table.putIfAbsent(preferred(s, preference.merge(s, 1, Integer::sum)), s)
                                == null) {
                            turns--;
                        }
                    }
                }
            }
        }

        /** The {@code n}th slot, from 1, of a server's permutation. */
        private static int preferred(Destination d, int n) {
            long word = fold(d.addressHigh, d.addressLow) + d.port;
            long offset = hash(word, 2654435761L) % 4093;
            long skip = hash(word, 2654446892L) % 4092 + 1;
            return (int) ((offset + (n - 1) * skip) % 4093);
        }

        static long hash(long word, long key) {
            return SipHashModel.hash(1, 3, key, key, SipHashModel.littleEndian((int) word, 4))
                    & 0xFFFF_FFFFL;
        }

        @Override
        @Nullable Destination pick(Flow flow) {
            long key = fold(flow.clientHigh, flow.clientLow) + (withPort ? flow.clientPort : 0);
            int slot = (int) (hash(key, 2654435761L) % 4093);
            Destination d = table.get(slot);
            if (d == null || isAvailable(d)) {
                return d;
            }
            for (int i = 0; fallback && i < 4093; i++) {
                long other = key + (slot + i) % 4093;
                d = table.get((int) (hash(other, 2654435761L) % 4093));
                if (d != null && isAvailable(d)) {
                    return d;
                }
            }
            return null;
        }
    }

    boolean isTooBusy(Destination d) {
        return active(d) > d.weight() && servers.stream().anyMatch(o -> active(o) * 2 < o.weight());
    }

    static final class Locality extends SchedulerModel {
        private final Map<List<Long>, Destination> known = new HashMap<>();
        private final Map<List<Long>, Integer> used = new HashMap<>();

        @Override
        @Nullable Destination pick(Flow flow) {
            List<Long> address = List.of(flow.virtualHigh, flow.virtualLow);
            Destination d = known.get(address);
            if (d != null && flow.nowSeconds - used.getOrDefault(address, 0) >= 86400) {
                known.remove(address);
                d = null;
            }
            if (d == null || !servers.contains(d) || d.weight() == 0 || isTooBusy(d)) {
                d = leastWeighted(servers);
                if (d != null) {
                    known.put(address, d);
                }
            }
            used.put(address, flow.nowSeconds);
            return d;
        }
    }

    static final class ReplicatedLocality extends SchedulerModel {
        private static final class Members {
            final List<Destination> list = new ArrayList<>();
            int changed;
            int used;
        }

        private final Map<List<Long>, Members> sets = new HashMap<>();

        @Override
        @Nullable Destination pick(Flow flow) {
            int now = flow.nowSeconds;
            List<Long> address = List.of(flow.virtualHigh, flow.virtualLow);
            Members members = sets.get(address);
            if (members != null && now - members.used >= 86400) {
                sets.remove(address);
                members = null;
            }
            Destination d = null;
            if (members != null) {
                members.used = now;
                d = leastWeighted(members.list.stream().filter(servers::contains).toList());
                if (members.list.size() > 1 && now - members.changed > 86400) {
                    dropMostLoaded(members, now);
                }
            }
            if (d != null && !isTooBusy(d)) {
                return d;
            }
            d = leastWeighted(servers);
            if (d != null) {
                members = sets.computeIfAbsent(address, a -> new Members());
                members.used = now;
                if (!members.list.contains(d)) {
                    members.list.addFirst(d);
                    members.changed = now;
                }
            }
            return d;
        }

        private static void dropMostLoaded(Members members, int now) {
            Destination most =
                    smallest(
                            members.list.stream().filter(m -> m.weight() > 0).toList(),
                            m -> fraction(-overhead(m), m.weight()));
            if (most != null) {
                members.list.remove(most);
                members.changed = now;
            }
        }
    }
}
