package io.jvs.service;

/**
 * A real server that is to go: no new connections from now on, and an end to those that it has.
 *
 * @param deadlineSeconds from the moment when it was asked for, or the director started
 * @param then what becomes of the connections that are left by then
 * @param over whether the time is up; set by the director, not configured
 */
public record Drain(int deadlineSeconds, ServerExit then, boolean over) {
    /** The longest time, a week. */
    public static final int MAX_SECONDS = 7 * 86_400;

    /** The same, with its time up. */
    public Drain ended() {
        return new Drain(deadlineSeconds, then, true);
    }
}
