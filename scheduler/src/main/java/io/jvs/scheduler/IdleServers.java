package io.jvs.scheduler;

/**
 * How many servers of a list have less than half as many active connections as their weight says
 * (is_overloaded() of ip_vs_lblc.c asks whether there is one). One thread.
 */
final class IdleServers {
    private boolean[] isIdle = new boolean[0];
    private int count;

    /** None is idle from now on, of so many slots. */
    void begin(int slots) {
        isIdle = new boolean[slots];
        count = 0;
    }

    /** Looks at one. */
    void set(Destination d) {
        set(d.slot, d.activeConnections() * 2L < d.weight());
    }

    /** Takes a slot out. */
    void clear(int slot) {
        set(slot, false);
    }

    private void set(int slot, boolean now) {
        if (isIdle[slot] != now) {
            isIdle[slot] = now;
            count += now ? 1 : -1;
        }
    }

    /** is_overloaded(): above its weight, and another below half of its own. */
    boolean isTooBusy(Destination destination) {
        return count > 0 && destination.activeConnections() > destination.weight();
    }
}
