package io.jvs.scheduler;

import io.jvs.service.SchedulerFlag;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who gets the next connection of one virtual service on one worker (struct ip_vs_scheduler). One
 * thread: the control calls and {@link #pick} come from that worker.
 *
 * <p>The rules are those of net/netfilter/ipvs/ip_vs_*.c in Linux 6.12.95. No scheduler gives a
 * connection to a real server of weight 0 or, but for lblc's remembered one, to an overloaded one.
 */
public abstract sealed class Scheduler
        permits RoundRobinScheduler,
                WeightedRoundRobinScheduler,
                LeastConnectionScheduler,
                WeightedLeastConnectionScheduler,
                LocalityScheduler,
                ReplicatedLocalityScheduler,
                DestinationHashingScheduler,
                SourceHashingScheduler,
                ShortestExpectedDelayScheduler,
                NeverQueueScheduler,
                FailoverScheduler,
                OverflowScheduler,
                MaglevHashingScheduler,
                TwoChoicesScheduler {

    /** The most virtual addresses that lblc and lblcr remember. */
    public static final int ADDRESSES_MAX = AddressTable.CAPACITY;

    static final int RR = 0;
    static final int WRR = 1;
    static final int LC = 2;
    static final int WLC = 3;
    static final int LBLC = 4;
    static final int LBLCR = 5;
    static final int DH = 6;
    static final int SH = 7;
    static final int SED = 8;
    static final int NQ = 9;
    static final int FO = 10;
    static final int OVF = 11;
    static final int MH = 12;
    static final int TWOS = 13;

    /** By kind. */
    private static final List<String> NAMES =
            List.of(
                    "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf",
                    "mh", "twos");

    /** The real servers, in list order. */
    final DestinationList list;

    /** What the rule compares servers by, by slot; the hashes do without. */
    final Tournament ranks = new Tournament();

    private final int kind;

    Scheduler(int kind, DestinationList list) {
        this.kind = kind;
        this.list = list;
    }

    /** The names that {@link #create} knows, in the order of ipvsadm(8). */
    public static Set<String> names() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(NAMES));
    }

    /** Whether {@code name} is the ipvsadm name of a scheduler. */
    public static boolean isKnown(String name) {
        return NAMES.contains(name);
    }

    /**
     * Makes a scheduler over the real servers that are in {@code list} now, and has the list tell
     * it of changes, in place of the one before.
     *
     * @param name an ipvsadm name, for example "wlc"
     * @param flags flag-1 is sh-fallback and mh-fallback, flag-2 is sh-port and mh-port; other
     *     schedulers look at none
     * @param seed where the random numbers of twos and the hash of lblc and lblcr start
     * @param addresses how many virtual addresses lblc and lblcr remember: 1 for a service on one
     *     address, up to {@link #ADDRESSES_MAX} for one on a mark
     * @throws IllegalArgumentException when no scheduler has that name
     */
    public static Scheduler create(
            String name, Set<SchedulerFlag> flags, DestinationList list, long seed, int addresses) {
        boolean fallback = flags.contains(SchedulerFlag.FLAG_1);
        boolean withPort = flags.contains(SchedulerFlag.FLAG_2);
        Scheduler made =
                switch (name) {
                    case "rr" -> new RoundRobinScheduler(list);
                    case "wrr" -> new WeightedRoundRobinScheduler(list);
                    case "lc" -> new LeastConnectionScheduler(list);
                    case "wlc" -> new WeightedLeastConnectionScheduler(list);
                    case "lblc" -> new LocalityScheduler(list, seed, addresses);
                    case "lblcr" -> new ReplicatedLocalityScheduler(list, seed, addresses);
                    case "dh" -> new DestinationHashingScheduler(list);
                    case "sh" -> new SourceHashingScheduler(list, withPort, fallback);
                    case "sed" -> new ShortestExpectedDelayScheduler(list);
                    case "nq" -> new NeverQueueScheduler(list);
                    case "fo" -> new FailoverScheduler(list);
                    case "ovf" -> new OverflowScheduler(list);
                    case "mh" -> new MaglevHashingScheduler(list, withPort, fallback);
                    case "twos" -> new TwoChoicesScheduler(list, seed);
                    default ->
                            throw new IllegalArgumentException(
                                    "'" + name + "' is not a scheduler; it is one of " + NAMES);
                };
        list.attach(made, made.readsCounts());
        made.rankAll();
        made.begin();
        made.settle();
        return made;
    }

    /** As {@link #create} with all the virtual addresses that there may be. */
    public static Scheduler create(
            String name, Set<SchedulerFlag> flags, DestinationList list, long seed) {
        return create(name, flags, list, seed, ADDRESSES_MAX);
    }

    /** Whether connection counts decide; twos looks at those of two servers only. */
    private boolean readsCounts() {
        return switch (kind) {
            case LC, WLC, LBLC, LBLCR, SED, NQ, OVF -> true;
            default -> false;
        };
    }

    /**
     * The real server for a new connection, or null when none may have it. Goes by the counts in
     * {@link Destination}; who takes the pick adds the connection to them. O(log n) at most. The
     * switch keeps every call direct however many schedulers are in use.
     */
    public static @Nullable Destination pick(Scheduler s, Flow flow) {
        return switch (s.kind) {
            case LC, WLC, SED, NQ, FO, OVF -> first(s);
            case RR -> RoundRobinScheduler.next((RoundRobinScheduler) s);
            case WRR -> WeightedRoundRobinScheduler.next((WeightedRoundRobinScheduler) s);
            case LBLC -> LocalityScheduler.choose((LocalityScheduler) s, flow);
            case LBLCR -> ReplicatedLocalityScheduler.choose((ReplicatedLocalityScheduler) s, flow);
            case DH -> DestinationHashingScheduler.choose((DestinationHashingScheduler) s, flow);
            case SH -> SourceHashingScheduler.choose((SourceHashingScheduler) s, flow);
            case MH -> MaglevHashingScheduler.choose((MaglevHashingScheduler) s, flow);
            case TWOS -> TwoChoicesScheduler.draw((TwoChoicesScheduler) s);
            default -> null;
        };
    }

    /** The winner by rank, or null: nobody is available. */
    static @Nullable Destination first(Scheduler s) {
        int slot = s.ranks.first();
        return slot == Tournament.NONE ? null : s.list.at(slot);
    }

    /** Takes over what of a server the rule compares; the list calls it whenever it changes. */
    static void rank(Scheduler s, Destination d) {
        Tournament ranks = s.ranks;
        switch (s.kind) {
            case RR -> ranks.set(d.slot, 1, d.isUnavailable() ? 0 : 1);
            case WRR -> WeightedRoundRobinScheduler.rank((WeightedRoundRobinScheduler) s, d);
            case LC -> LeastConnectionScheduler.rank(ranks, d);
            case WLC -> WeightedLeastConnectionScheduler.rank(ranks, d);
            case LBLC -> LocalityScheduler.rank((LocalityScheduler) s, d);
            case LBLCR -> ReplicatedLocalityScheduler.rank((ReplicatedLocalityScheduler) s, d);
            case SED -> ShortestExpectedDelayScheduler.rank(ranks, d);
            case NQ -> NeverQueueScheduler.rank(ranks, d);
            case FO -> FailoverScheduler.rank(ranks, d);
            case OVF -> OverflowScheduler.rank(ranks, d);
            case TWOS -> TwoChoicesScheduler.rank((TwoChoicesScheduler) s, d);
            default -> {
                // Hashes look at the one that they find.
            }
        }
    }

    /** Ranks all servers of the list by the slots that they have now. */
    final void rankAll() {
        beginRanks(list.capacity());
        for (int slot = 0; slot < list.slots(); slot++) {
            Destination destination = list.at(slot);
            if (destination != null) {
                rank(this, destination);
            }
        }
        buildRanks();
    }

    /** All slots are empty from now on; there are so many. */
    void beginRanks(int slots) {
        if (kind != DH && kind != SH && kind != MH && kind != TWOS) {
            ranks.reserve(slots);
        }
    }

    /** All servers were ranked. */
    void buildRanks() {
        ranks.build();
    }

    /** A server was taken out: its slot is empty from now on. */
    void clear(Destination removed) {
        if (kind != DH && kind != SH && kind != MH && kind != TWOS) {
            ranks.clear(removed.slot);
        }
    }

    /** Where the rule begins, over the servers that are there. */
    void begin() {}

    /** The ipvsadm name. */
    public final String name() {
        return NAMES.get(kind);
    }

    /** To be called after {@code destination} was put into the list (add_dest). */
    public void onAdded(Destination destination) {}

    /** To be called after {@code destination} was taken out of the list (del_dest). */
    public void onRemoved(Destination destination) {}

    /** To be called after {@link Destination#edit} (upd_dest). */
    public void onEdited(Destination destination) {}

    /**
     * To be called after the last of several additions, removals and edits, before the next pick:
     * tables are made here, once for all of them.
     */
    public void settle() {}
}
