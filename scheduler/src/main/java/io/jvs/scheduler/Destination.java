package io.jvs.scheduler;

import io.jvs.service.RealServer;

/**
 * A real server as one worker and its schedulers see it (struct ip_vs_dest). Written by that
 * worker's thread only.
 *
 * <p>Counts are this worker's own plus what the other workers had when {@link #foreignActive} and
 * {@link #foreignInactive} were last refreshed.
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

    /** The configuration; replaced by an edit. */
    public RealServer spec;

    /** Current weight; 0 is quiescent. */
    public int weight;

    /** The last weight that was not 0, as mh wants it (ip_vs_dest.last_weight). */
    public int lastWeight;

    /** Whether the upper threshold was reached and the lower one not yet passed again. */
    public boolean overloaded;

    /** Whether it is held back, as one of its limits is reached. */
    public boolean full;

    /**
     * Whether it is in its service's list; false once it was removed, while connections still refer
     * to it (IP_VS_DEST_F_AVAILABLE). Kept by {@link DestinationList}.
     */
    public boolean listed;

    /** Active connections on this worker. */
    public int active;

    /** Inactive connections on this worker. */
    public int inactive;

    /** Persistence templates on this worker. */
    public int persistent;

    /** Active connections on the other workers, as last seen. */
    public int foreignActive;

    /** Inactive connections on the other workers, as last seen. */
    public int foreignInactive;

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

    /** To be called after a connection or template was added to the counts (ip_vs_bind_dest). */
    public void onBound() {
        int upper = spec.upperThreshold();
        if (upper != 0 && totalConnections() >= upper) {
            overloaded = true;
        }
    }

    /** To be called after one was taken from the counts (ip_vs_unbind_dest). */
    public void onUnbound() {
        int upper = spec.upperThreshold();
        int lower = spec.lowerThreshold();
        if (lower != 0) {
            overloaded &= totalConnections() >= lower;
        } else {
            overloaded &= upper != 0 && totalConnections() * 4 >= upper * 3L;
        }
    }

    /** To be called with the counts of the other workers: overload follows the sum. */
    public void onForeign(int otherActive, int otherInactive) {
        foreignActive = otherActive;
        foreignInactive = otherInactive;
        onUnbound();
        onBound();
    }

    private long totalConnections() {
        return (long) activeConnections() + inactiveConnections();
    }

    /** Active connections on all workers. */
    public int activeConnections() {
        return active + foreignActive;
    }

    /** Inactive connections on all workers. */
    public int inactiveConnections() {
        return inactive + foreignInactive;
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
