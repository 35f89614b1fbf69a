package io.jvs.scheduler;

import io.jvs.service.RealServer;
import org.jspecify.annotations.Nullable;

/**
 * A real server as one worker and its schedulers see it (struct ip_vs_dest). Used by that worker's
 * thread only. Whatever picks depend on is changed by methods, which tell the scheduler of the list
 * that it is in: schedulers do not look at all servers when they pick.
 *
 * <p>Counts are this worker's own plus what the other workers had when {@link #setForeign} was last
 * called.
 */
public final class Destination {
    /** Dense number given by the director; the same on every worker. */
    public final int serverIndex;

    /** Address bits 127..64 in host order, 0 for IPv4. */
    public final long addressHigh;

    /** Address bits 63..0 in host order. */
    public final long addressLow;

    /** Port in host order. */
    public final int port;

    /** The configuration; replaced by {@link #edit} and nobody else. */
    public RealServer spec;

    /** The list that it is in, and where; kept by {@link DestinationList}. */
    @Nullable DestinationList list;

    int slot;

    /** Where it is in a {@link RankedSet}. */
    int room;

    /** As what its list counts it. */
    boolean countsAvailable;

    boolean countsFull;
    boolean countsThreshold;

    private int weight;
    private int lastWeight;
    private boolean overloaded;
    private boolean full;
    private int active;
    private int inactive;
    private int persistent;
    private int foreignActive;
    private int foreignInactive;

    /** Creates the worker's side of {@code spec}. */
    public Destination(int serverIndex, RealServer spec) {
        this.serverIndex = serverIndex;
        this.addressHigh = spec.address().high();
        this.addressLow = spec.address().low();
        this.port = spec.port();
        this.spec = spec;
        this.weight = spec.weight();
        this.lastWeight = spec.weight();
    }

    /** Current weight; 0 is quiescent. */
    public int weight() {
        return weight;
    }

    /** The last weight that was not 0, as mh wants it (ip_vs_dest.last_weight). */
    int lastWeight() {
        return lastWeight;
    }

    /** Whether the upper threshold was reached and the lower one not yet passed again. */
    public boolean isOverloaded() {
        return overloaded;
    }

    /** Whether it is held back, as one of its limits is reached. */
    public boolean isHeld() {
        return full;
    }

    /**
     * Whether it is in its service's list; false once it was removed, while connections still refer
     * to it (IP_VS_DEST_F_AVAILABLE).
     */
    public boolean isListed() {
        return list != null;
    }

    /** Active connections on this worker. */
    public int active() {
        return active;
    }

    /** Inactive connections on this worker. */
    public int inactive() {
        return inactive;
    }

    /** Persistence templates on this worker. */
    public int persistent() {
        return persistent;
    }

    /** Active connections on all workers. */
    public int activeConnections() {
        return active + foreignActive;
    }

    /** Inactive connections on all workers. */
    public int inactiveConnections() {
        return inactive + foreignInactive;
    }

    /**
     * Takes an edited configuration; the endpoint stays the same. An upper threshold that was
     * raised or taken away ends its overload at once (__ip_vs_update_dest).
     */
    public void edit(RealServer edited) {
        if (edited.upperThreshold() == 0 || edited.upperThreshold() > spec.upperThreshold()) {
            overloaded = false;
        }
        spec = edited;
        weight = edited.weight();
        if (weight != 0) {
            lastWeight = weight;
        }
        noteChange();
    }

    /**
     * Takes the configuration with which a removed real server is added again, with the connections
     * that it still has (ip_vs_trash_get_dest): as an edit, but weight 0 becomes its last weight
     * too.
     */
    public void revive(RealServer added) {
        edit(added);
        lastWeight = weight;
    }

    /** Counts a new connection, inactive until its state says otherwise (ip_vs_bind_dest). */
    public void addConnection() {
        inactive++;
        checkUpper();
        noteCounts();
    }

    /** Counts a connection that is gone (ip_vs_unbind_dest). */
    public void removeConnection(boolean wasActive) {
        if (wasActive) {
            active--;
        } else {
            inactive--;
        }
        checkLower();
        noteCounts();
    }

    /** A connection of it has become active, or inactive again. */
    public void moveConnection(boolean toActive) {
        int change = toActive ? 1 : -1;
        active += change;
        inactive -= change;
        noteCounts();
    }

    /** Counts a new persistence template. */
    public void addTemplate() {
        persistent++;
        checkUpper();
    }

    /** Counts a template that is gone. */
    public void removeTemplate() {
        persistent--;
        checkLower();
    }

    /**
     * Takes the counts of the other workers: overload follows the sum.
     *
     * @return whether they are others than before
     */
    public boolean setForeign(int otherActive, int otherInactive) {
        boolean changed = otherActive != foreignActive || otherInactive != foreignInactive;
        foreignActive = otherActive;
        foreignInactive = otherInactive;
        checkLower();
        checkUpper();
        if (changed) {
            noteCounts();
        }
        return changed;
    }

    /** Holds it back, as one of its limits is reached, or no more. */
    public void setHeld(boolean held) {
        full = held;
        noteChange();
    }

    private void checkUpper() {
        int upper = spec.upperThreshold();
        if (upper != 0 && totalConnections() >= upper) {
            setOverloaded(true);
        }
    }

    private void checkLower() {
        if (!overloaded) {
            return;
        }
        int upper = spec.upperThreshold();
        int lower = spec.lowerThreshold();
        if (lower != 0) {
            setOverloaded(totalConnections() >= lower);
        } else {
            setOverloaded(upper != 0 && totalConnections() * 4 >= upper * 3L);
        }
    }

    void setOverloaded(boolean now) {
        if (overloaded != now) {
            overloaded = now;
            noteChange();
        }
    }

    private void noteChange() {
        if (list != null) {
            list.onChanged(this);
        }
    }

    private void noteCounts() {
        if (list != null) {
            list.onCounts(this);
        }
    }

    private long totalConnections() {
        return (long) activeConnections() + inactiveConnections();
    }

    /** True when no new connection may be given to it: quiescent, overloaded or full. */
    public boolean isUnavailable() {
        return weight <= 0 || isFull();
    }

    /** True when it has all the connections that it may have: overloaded, or at a limit. */
    public boolean isFull() {
        return overloaded || full;
    }

    /** {@code (active << 8) + inactive} as in ip_vs_dest_conn_overhead() up to Linux 6.12.95. */
    public long overhead() {
        return ((long) activeConnections() << 8) + inactiveConnections();
    }
}
