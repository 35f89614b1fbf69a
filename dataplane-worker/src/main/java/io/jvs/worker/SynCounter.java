package io.jvs.worker;

/** What is counted of the SYN proxy, on each worker. */
public enum SynCounter {
    /** SYNs answered with a cookie. */
    COOKIES_SENT(0, "cookie_sent"),
    /** Acknowledgements of a cookie: each opens a connection. */
    COOKIES_VALID(8, "cookie_valid"),
    /** Acknowledgements without a connection that are of no cookie, or of one too old. */
    COOKIES_INVALID(16, "cookie_invalid"),
    /** SYNs sent to real servers once more. */
    RETRIES(24, "server_retry"),
    /** Connections that ended since their real server did not answer in time. */
    TIMEOUTS(32, "server_timeout"),
    /** Connections that their real server refused. */
    REFUSALS(40, "server_refusal"),
    /** Connections that ended since their client sent too much while it had to wait. */
    STORMS(48, "ack_storm");

    private final int offset;
    private final String event;

    SynCounter(int offset, String event) {
        this.offset = offset;
        this.event = event;
    }

    /** Where it lies among the counters of the SYN proxy, in bytes. */
    int offset() {
        return offset;
    }

    /** Its name among metrics. */
    public String event() {
        return event;
    }
}
