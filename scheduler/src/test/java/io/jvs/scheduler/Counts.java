package io.jvs.scheduler;

/** Brings a real server's counts to what a test wants, one connection after the other. */
final class Counts {
    private Counts() {}

    static void set(Destination d, int active, int inactive) {
        while (d.active() > active) {
            d.moveConnection(false);
        }
        while (d.active() + d.inactive() > active + inactive) {
            d.removeConnection(false);
        }
        while (d.active() + d.inactive() < active + inactive) {
            d.addConnection();
        }
        while (d.active() < active) {
            d.moveConnection(true);
        }
    }
}
