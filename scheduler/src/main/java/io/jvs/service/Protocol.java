package io.jvs.service;

/** A transport protocol that can be balanced, by its IP protocol number. */
public enum Protocol {
    /** TCP (RFC 9293). */
    TCP(6),
    /** UDP (RFC 768). */
    UDP(17),
    /** SCTP (RFC 9260). */
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    /** The IP protocol number, 8 bits. */
    public int number() {
        return number;
    }
}
