package io.jvs.service;

/**
 * What a virtual service or a real server may get at most; 0 is no limit. Packets and bytes are
 * those of both directions together, bytes of IP packets.
 *
 * @param connections open at a time, 0..2147483647
 * @param connectionsPerSecond new ones
 * @param packetsPerSecond of its connections
 * @param bytesPerSecond of its connections
 * @param burstMillis how long a rate may be saved up for, 0 for {@link #DEFAULT_BURST_MILLIS}
 */
public record Limits(
        int connections,
        long connectionsPerSecond,
        long packetsPerSecond,
        long bytesPerSecond,
        int burstMillis) {
    /** No limits. */
    public static final Limits NONE = new Limits(0, 0, 0, 0, 0);

    /** So that no second sees 2 % more than the rate. */
    public static final int DEFAULT_BURST_MILLIS = 20;

    /** The longest burst, in milliseconds. */
    public static final int MAX_BURST_MILLIS = 60_000;

    /** The highest rate a second. */
    public static final long MAX_RATE = 1_000_000_000_000L;

    /** Whether packets or bytes are limited. */
    public boolean hasTraffic() {
        return packetsPerSecond != 0 || bytesPerSecond != 0;
    }
}
