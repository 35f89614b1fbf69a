package io.jvs.scheduler;

/**
 * What a scheduler may look at when it picks: one mutable instance a worker, filled before each
 * pick. All in host order.
 */
public final class Flow {
    /** Client address bits 127..64, 0 for IPv4. */
    public long clientHigh;

    /** Client address bits 63..0. */
    public long clientLow;

    /** Client port. */
    public int clientPort;

    /** Virtual address bits 127..64, 0 for IPv4. */
    public long virtualHigh;

    /** Virtual address bits 63..0. */
    public long virtualLow;

    /** Virtual port. */
    public int virtualPort;

    /** Seconds of the worker's clock, for schedulers that keep entries for a time. */
    public int nowSeconds;

    /** Seconds after which lblc forgets an address that nobody asked for (lblc_expiration). */
    public int lblcExpirationSeconds = 24 * 60 * 60;

    /** Seconds after which lblcr does, and after which its sets shrink (lblcr_expiration). */
    public int lblcrExpirationSeconds = 24 * 60 * 60;
}
