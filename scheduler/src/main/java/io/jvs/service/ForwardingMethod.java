package io.jvs.service;

/** How packets of a connection reach its real server; the words are ipvsadm(8)'s and DPVS's. */
public enum ForwardingMethod {
    /** Masquerading (-m): the destination is rewritten, replies come back through the director. */
    NAT("Masq"),
    /** Direct routing (-g): only the destination MAC address is rewritten. */
    DIRECT_ROUTE("Route"),
    /** Tunnelling (-i): the packet is wrapped in another IP header. */
    TUNNEL("Tunnel"),
    /** FULLNAT (--fullnat): source and destination are rewritten, with a local address. */
    FULLNAT("FullNat"),
    /** The real server is the director itself (what ipvsadm lists as Local). */
    LOCAL("Local");

    private final String label;

    ForwardingMethod(String label) {
        this.label = label;
    }

    /** The word in ipvsadm's Forward column. */
    public String label() {
        return label;
    }
}
