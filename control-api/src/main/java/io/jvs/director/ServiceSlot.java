package io.jvs.director;

import io.jvs.worker.CountersView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The number of a virtual service and its counters: those of its servers while they are its own,
 * those that were removed too. Written by the director's thread; totals and rates may be read by
 * any thread.
 */
public final class ServiceSlot {
    /** A server, with what it had counted when it came. */
    private record Member(ServerSlot slot, Totals before) {}

    /**
     * What the totals are made of; replaced as a whole, so that readers never see half a change.
     */
    private record Sum(List<Member> members, Totals retired, Totals base) {
        Totals ever(CountersView counters) {
            Totals sum = retired;
            for (Member member : members) {
                sum = sum.plus(counted(member, counters));
            }
            return sum;
        }

        static Totals counted(Member member, CountersView counters) {
            return Totals.read(counters, member.slot.index()).minus(member.before);
        }
    }

    private final int index;
    private final RateEstimator estimator = new RateEstimator(Totals.ZERO);
    private volatile Refused refusedBase;
    private volatile QuicCounts quicBase;
    private volatile Sum sum = new Sum(List.of(), Totals.ZERO, Totals.ZERO);

    ServiceSlot(int index, CountersView counters) {
        this.index = index;
        this.refusedBase = Refused.read(counters, index);
        this.quicBase = QuicCounts.read(counters, index);
    }

    /** What QUIC connection ids did since it was made or zeroed. */
    public QuicCounts quic(CountersView counters) {
        return QuicCounts.read(counters, index).minus(quicBase);
    }

    /** What was refused since it was made or zeroed. */
    public Refused refused(CountersView counters) {
        return Refused.read(counters, index).minus(refusedBase);
    }

    /** The dense number that the workers know it by. */
    public int index() {
        return index;
    }

    /** What was counted since it was made, or zeroed. */
    public Totals totals(CountersView counters) {
        Sum now = sum;
        return now.ever(counters).minus(now.base);
    }

    /** Averages as of the last two seconds. */
    public Rates rates() {
        return estimator.rates();
    }

    void forEachServer(Consumer<ServerSlot> action) {
        sum.members.forEach(member -> action.accept(member.slot));
    }

    void onJoined(ServerSlot slot, CountersView counters) {
        Sum old = sum;
        List<Member> members = new ArrayList<>(old.members.size() + 1);
        for (Member member : old.members) {
            if (member.slot == slot) {
                return;
            }
            members.add(member);
        }
        members.add(new Member(slot, Totals.read(counters, slot.index())));
        sum = new Sum(members, old.retired, old.base);
    }

    /** The server's number is given back: what it counted stays counted. */
    void onLeft(ServerSlot slot, CountersView counters) {
        Sum old = sum;
        List<Member> members = new ArrayList<>(old.members.size());
        Totals retired = old.retired;
        for (Member member : old.members) {
            if (member.slot == slot) {
                retired = retired.plus(Sum.counted(member, counters));
            } else {
                members.add(member);
            }
        }
        sum = new Sum(members, retired, old.base);
    }

    void onZero(CountersView counters) {
        Sum old = sum;
        Totals ever = old.ever(counters);
        sum = new Sum(old.members, old.retired, ever);
        refusedBase = Refused.read(counters, index);
        quicBase = QuicCounts.read(counters, index);
        estimator.onZero(ever);
    }

    void onEstimate(CountersView counters) {
        estimator.onEstimate(sum.ever(counters));
    }
}
