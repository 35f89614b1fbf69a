package io.jvs.connection;

/** A flow to look up: one mutable instance a caller, filled before each look. All words raw. */
public final class FlowKey {
    /** Whether the addresses are IPv6. */
    public boolean ipv6;

    /** IPv4: source (low 32 bits) and destination; IPv6: source bytes 0..7. */
    public long key0;

    /** IPv6: source bytes 8..15. */
    public long key1;

    /** IPv6: destination bytes 0..7. */
    public long key2;

    /** IPv6: destination bytes 8..15. */
    public long key3;

    /** Source port in the low, destination port in the high 16 bits. */
    public int ports;

    /** IP protocol number; 0 for the template of a firewall mark. */
    public int protocol;

    /** True: only persistence templates are found; false: only connections. */
    public boolean template;

    /** First word of a record that this key fits, but for flags that do not matter. */
    long firstWord() {
        long family = ipv6 ? ConnectionLayout.FAMILY_IPV6 : ConnectionLayout.FAMILY_IPV4;
        return ConnectionRecords.firstWord(ports, protocol, family)
                | (template ? ConnectionRecords.TEMPLATE_BIT : 0);
    }

    /** The hash by which tables with that hash find it. */
    public long hash(FlowHash hash) {
        return ipv6
                ? hash.hash6(key0, key1, key2, key3, ports, protocol)
                : hash.hash4(key0, ports, protocol);
    }
}
