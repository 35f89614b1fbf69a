package io.jvs.bench.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The rule of each scheduler: works everything out anew for each pick. */
abstract class ModelScheduler {
    /**
     * What a scheduler may look at.
     *
     * @param client the client's address
     * @param clientPort its port
     * @param virtual the virtual address
     * @param nowSeconds the time
     */
    record Flow(ModelAddress client, int clientPort, ModelAddress virtual, long nowSeconds) {
        long hashed(boolean withPort) {
            return client.folded() + (withPort ? clientPort : 0);
        }
    }

    /** List order: the newest first. */
    final List<ModelServer> servers = new ArrayList<>();

    private Set<String> flags = Set.of();

    static ModelScheduler of(String name) {
        return switch (name) {
            case "rr" -> new RoundRobin();
            case "wrr" -> new WeightedRoundRobin();
            case "lc" -> new Best(d -> true, d -> fraction(overhead(d), 1));
            case "wlc" -> new Best(d -> true, d -> fraction(overhead(d), d.weight));
            case "sed" -> new Best(d -> true, d -> fraction(active(d) + 1, d.weight));
            case "fo" -> new Best(d -> true, d -> fraction(-d.weight, 1));
            case "ovf" -> new Best(d -> active(d) <= d.weight, d -> fraction(-d.weight, 1));
            case "nq" -> new NeverQueue();
            case "dh" -> new DestinationHash();
            case "sh" -> new SourceHash();
            case "mh" -> new Maglev();
            case "lblc" -> new Locality();
            case "twos" -> new TwoChoices();
            case "lblcr" -> new ReplicatedLocality();
            default -> throw new IllegalArgumentException(name);
        };
    }

    final void setFlags(Set<String> newFlags) {
        flags = newFlags;
    }

    final boolean hasFlag(String flag) {
        return flags.contains(flag);
    }

    /** The same servers as another scheduler had, by -E. */
    final void begin(List<ModelServer> list) {
        servers.addAll(list);
        if (!list.isEmpty()) {
            onChange(list.getFirst(), "init");
        }
    }

    abstract @Nullable ModelServer pick(Flow flow);

    final void add(ModelServer d) {
        servers.addFirst(d);
        onChange(d, "add");
    }

    final void remove(ModelServer d) {
        onChange(d, "before-remove");
        servers.remove(d);
        onChange(d, "remove");
    }

    final void edit(ModelServer d) {
        onChange(d, "edit");
    }

    void onChange(ModelServer d, String what) {}

    static boolean isAvailable(ModelServer d) {
        return d.mayTake();
    }

    static long active(ModelServer d) {
        return d.active;
    }

    static long overhead(ModelServer d) {
        return d.overhead();
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
    static @Nullable ModelServer smallest(
            List<ModelServer> candidates, Function<ModelServer, Fraction> score) {
        return candidates.stream().min(Comparator.comparing(score)).orElse(null);
    }

    static @Nullable ModelServer leastWeighted(List<ModelServer> list) {
        return smallest(
                list.stream().filter(ModelScheduler::isAvailable).toList(),
                d -> fraction(overhead(d), d.weight));
    }

    static final class Best extends ModelScheduler {
        private final Predicate<ModelServer> may;
        private final Function<ModelServer, Fraction> score;

        Best(Predicate<ModelServer> may, Function<ModelServer, Fraction> score) {
            this.may = may;
            this.score = score;
        }

        @Override
        @Nullable ModelServer pick(Flow flow) {
            return smallest(
                    servers.stream().filter(ModelScheduler::isAvailable).filter(may).toList(),
                    score);
        }
    }

    /** Two random draws by weight, then the less loaded of both. */
    static final class TwoChoices extends ModelScheduler {
        private final Random random = new Random(1);

        @Override
        @Nullable ModelServer pick(Flow flow) {
            List<ModelServer> open = servers.stream().filter(ModelServer::mayTake).toList();
            long total = open.stream().mapToLong(d -> d.weight).sum();
            if (open.isEmpty()) {
                return null;
            }
            ModelServer first = draw(open, total);
            ModelServer second = draw(open, total);
            boolean better = second.weight * first.overhead() > first.weight * second.overhead();
            return better ? second : first;
        }

        private ModelServer draw(List<ModelServer> open, long total) {
            long left = random.nextLong(total + 1);
            for (ModelServer d : open) {
                left -= d.weight;
                if (left <= 0) {
                    return d;
                }
            }
            return open.getLast();
        }
    }

    static final class NeverQueue extends ModelScheduler {
        @Override
        @Nullable ModelServer pick(Flow flow) {
            List<ModelServer> open = servers.stream().filter(ModelScheduler::isAvailable).toList();
            return open.stream()
                    .filter(d -> active(d) == 0)
                    .findFirst()
                    .orElseGet(() -> smallest(open, d -> fraction(active(d) + 1, d.weight)));
        }
    }

    static final class RoundRobin extends ModelScheduler {
        private @Nullable ModelServer last;

        @Override
        @Nullable ModelServer pick(Flow flow) {
            List<ModelServer> order = new ArrayList<>(servers);
            if (last != null) {
                int after = order.indexOf(last) + 1;
                order = new ArrayList<>(servers.subList(after, servers.size()));
                order.addAll(servers.subList(0, after));
            }
            for (ModelServer d : order) {
                if (isAvailable(d)) {
                    last = d;
                    return d;
                }
            }
            return null;
        }

        @Override
        void onChange(ModelServer d, String what) {
            if (what.equals("before-remove") && d == last) {
                int index = servers.indexOf(d);
                last = index == 0 ? null : servers.get(index - 1);
            }
        }
    }

    /** The kernel's walk, one destination at a time, every empty pass included. */
    static final class WeightedRoundRobin extends ModelScheduler {
        private int current = -1;
        private long level;
        private long top;
        private long step = 1;

        @Override
        @Nullable ModelServer pick(Flow flow) {
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
                    ModelServer d = servers.get(current);
                    if (!d.overloaded && d.weight >= level) {
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
        void onChange(ModelServer d, String what) {
            BigInteger divisor = BigInteger.ZERO;
            long highest = 0;
            for (ModelServer server : servers) {
                divisor = divisor.gcd(BigInteger.valueOf(server.weight));
                highest = Math.max(highest, server.weight);
            }
            step = Math.max(1, divisor.longValueExact());
            top = highest - step + 1;
            current = -1;
            if (level == 0 || level > top) {
                level = top;
            } else if (step > 1) {
                level = level / step * step + 1;
            }
        }
    }

    static int hash32(long value) {
        return (int) ((value * 0x61C88647L & 0xFFFF_FFFFL) >> 24);
    }

    static final class DestinationHash extends ModelScheduler {
        private List<ModelServer> assigned = List.of();

        @Override
        @Nullable ModelServer pick(Flow flow) {
            if (assigned.isEmpty()) {
                return null;
            }
            int bucket = hash32(flow.virtual().folded());
            ModelServer d = assigned.get(bucket % assigned.size());
            return isAvailable(d) ? d : null;
        }

        @Override
        void onChange(ModelServer d, String what) {
            if (!what.equals("edit")) {
                assigned = List.copyOf(servers);
            }
        }
    }

    static final class SourceHash extends ModelScheduler {
        @Override
        @Nullable ModelServer pick(Flow flow) {
            List<ModelServer> table = new ArrayList<>();
            while (!servers.isEmpty() && table.size() < 256) {
                for (ModelServer d : servers) {
                    for (long i = 0; i < Math.max(1, d.weight) && table.size() < 256; i++) {
                        table.add(d);
                    }
                }
            }
            if (table.isEmpty()) {
                return null;
            }
            long key = flow.hashed(hasFlag("sh-port"));
            int hash = hash32(key & 0xFFFF_FFFFL);
            if (isAvailable(table.get(hash))) {
                return table.get(hash);
            }
            for (int i = 0; hasFlag("sh-fallback") && i < 256; i++) {
                ModelServer d = table.get((2 * hash + i) % 256);
                if (isAvailable(d)) {
                    return d;
                }
            }
            return null;
        }
    }

    static final class Maglev extends ModelScheduler {
        private Map<Integer, ModelServer> table = Map.of();

        @Override
        void onChange(ModelServer d, String what) {
            table = new HashMap<>();
            List<ModelServer> weighted = servers.stream().filter(s -> s.lastWeight > 0).toList();
            BigInteger divisor = BigInteger.ZERO;
            long highest = 0;
            for (ModelServer s : weighted) {
                divisor = divisor.gcd(BigInteger.valueOf(s.lastWeight));
                highest = Math.max(highest, s.lastWeight);
            }
            if (weighted.isEmpty()) {
                return;
            }
            int bits = BigInteger.valueOf(highest / divisor.longValueExact()).bitLength();
            int shift = Math.max(0, bits - 6);
            Map<ModelServer, Integer> preference = new HashMap<>();
            while (table.size() < 4093) {
                for (ModelServer s : weighted) {
                    long turns = Math.max(1, s.lastWeight / divisor.longValueExact() >> shift);
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
        private static int preferred(ModelServer d, int n) {
            long word = d.address.folded() + d.port;
            long offset = hash(word, 2654435761L) % 4093;
            long skip = hash(word, 2654446892L) % 4092 + 1;
            return (int) ((offset + (n - 1) * skip) % 4093);
        }

        static long hash(long word, long key) {
            return SipHash.hash(1, 3, key, key, SipHash.littleEndian((int) word, 4)) & 0xFFFF_FFFFL;
        }

        @Override
        @Nullable ModelServer pick(Flow flow) {
            long key = flow.hashed(hasFlag("mh-port"));
            int slot = (int) (hash(key, 2654435761L) % 4093);
            ModelServer d = table.get(slot);
            if (d == null || isAvailable(d)) {
                return d;
            }
            for (int i = 0; hasFlag("mh-fallback") && i < 4093; i++) {
                long other = key + (slot + i) % 4093;
                d = table.get((int) (hash(other, 2654435761L) % 4093));
                if (d != null && isAvailable(d)) {
                    return d;
                }
            }
            return null;
        }
    }

    boolean isTooBusy(ModelServer d) {
        return active(d) > d.weight && servers.stream().anyMatch(o -> active(o) * 2 < o.weight);
    }

    static final class Locality extends ModelScheduler {
        private final Map<ModelAddress, ModelServer> known = new HashMap<>();
        private final Map<ModelAddress, Long> used = new HashMap<>();

        @Override
        @Nullable ModelServer pick(Flow flow) {
            ModelAddress address = flow.virtual();
            ModelServer d = known.get(address);
            if (d != null && flow.nowSeconds() - used.getOrDefault(address, 0L) >= 86400) {
                known.remove(address);
                d = null;
            }
            if (d == null || !servers.contains(d) || d.weight == 0 || isTooBusy(d)) {
                d = leastWeighted(servers);
                if (d != null) {
                    known.put(address, d);
                }
            }
            used.put(address, flow.nowSeconds());
            return d;
        }
    }

    static final class ReplicatedLocality extends ModelScheduler {
        private static final class Members {
            final List<ModelServer> list = new ArrayList<>();
            long changed;
            long used;
        }

        private final Map<ModelAddress, Members> sets = new HashMap<>();

        @Override
        @Nullable ModelServer pick(Flow flow) {
            long now = flow.nowSeconds();
            ModelAddress address = flow.virtual();
            Members members = sets.get(address);
            if (members != null && now - members.used >= 86400) {
                sets.remove(address);
                members = null;
            }
            ModelServer d = null;
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

        private static void dropMostLoaded(Members members, long now) {
            ModelServer most =
                    smallest(
                            members.list.stream().filter(m -> m.weight > 0).toList(),
                            m -> fraction(-overhead(m), m.weight));
            if (most != null) {
                members.list.remove(most);
                members.changed = now;
            }
        }
    }
}
