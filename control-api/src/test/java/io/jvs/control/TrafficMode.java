package io.jvs.control;

/** A forwarding method in a laboratory that is prepared as a mix: its server, and its services. */
enum TrafficMode {
    NAT(101, "nat", "rs1", "10.0.1.11", "2001:db8:1::11", true),
    DR(102, "direct_route", "rs2", "10.0.1.12", "2001:db8:1::12", false),
    TUN(103, "tunnel", "rs4", "10.0.2.14", "2001:db8:2::14", false),
    FULLNAT(104, "fullnat", "rs6", "10.0.2.16", "2001:db8:2::16", true);

    /** A port that the servers serve with UDP. */
    static final int ECHO = 5300;

    /** A port of a service that no server listens on. */
    static final int CLOSED = 5400;

    /** A port for udp-late.py. */
    static final int LATE = 5500;

    private final int last;
    private final String word;
    final String server;
    private final String server4;
    private final String server6;
    final boolean translates;

    TrafficMode(
            int last,
            String word,
            String server,
            String server4,
            String server6,
            boolean translates) {
        this.last = last;
        this.word = word;
        this.server = server;
        this.server4 = server4;
        this.server6 = server6;
        this.translates = translates;
    }

    /** The virtual address on a network as {@code 172.16.0.} or {@code 2001:db8:c::}. */
    String vip(String network) {
        return network + last;
    }

    /** What the server of a connection has as its own address. */
    String serverSide(String network) {
        String real = network.contains(":") ? server6 : server4;
        return translates ? real : vip(network);
    }

    /** The services on that network as YAML: web, and UDP on three ports. */
    String services(String network) {
        return service(network, "tcp", 80)
                + service(network, "udp", ECHO)
                + service(network, "udp", CLOSED)
                + service(network, "udp", LATE);
    }

    private String service(String network, String protocol, int port) {
        boolean ipv6 = network.contains(":");
        String local = ipv6 ? "[\"2001:db8:1::200\"]" : "[\"10.0.1.200\"]";
        return """
          - protocol: %s
            address: "%s"
            port: %d
            scheduler: rr
            local_addresses: %s
            real_servers: [{address: "%s", port: %d, forwarding_method: %s}]
        """
                .formatted(
                        protocol,
                        vip(network),
                        port,
                        this == FULLNAT ? local : "[]",
                        ipv6 ? server6 : server4,
                        translates ? port : 0,
                        word);
    }
}
