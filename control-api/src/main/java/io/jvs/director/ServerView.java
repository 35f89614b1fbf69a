package io.jvs.director;

import io.jvs.service.RealServer;

/**
 * A real server as it is in force.
 *
 * @param configured as it was configured
 * @param effectiveWeight the weight in force: 0 while it is inhibited
 * @param drainOver whether it is drained and its time is up
 * @param slot its number and counters
 */
public record ServerView(
        RealServer configured, int effectiveWeight, boolean drainOver, ServerSlot slot) {
    /** What the health check says now. */
    public Health health() {
        return slot.health();
    }
}
