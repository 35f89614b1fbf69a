package io.jvs.cli.listing;

/** What ipvsadm -L shows of each service and real server. */
public enum TableView {
    /** Scheduler, forwarding method, weight, connections. */
    PLAIN,
    /** Totals (--stats). */
    STATS,
    /** Rates (--rate). */
    RATE,
    /** Thresholds (--thresholds). */
    THRESHOLDS,
    /** Persistence templates (--persistent-conn). */
    PERSISTENT_CONN,
    /** Encapsulation (--tun-info). */
    TUN_INFO;

    private static final String SERVERS = "  -> RemoteAddress:Port";

    /** The lines above the services. */
    public String title() {
        return switch (this) {
            case PLAIN ->
                    "Prot LocalAddress:Port Scheduler Flags\n"
                            + SERVERS
                            + "           Forward Weight ActiveConn InActConn\n";
            case TUN_INFO ->
                    "Prot LocalAddress:Port Scheduler Flags\n"
                            + SERVERS
                            + "           Forward TunnelInfo    Weight ActiveConn InActConn\n";
            case STATS -> counters("Conns", "InPkts", "OutPkts", "InBytes", "OutBytes");
            case RATE -> counters("CPS", "InPPS", "OutPPS", "InBPS", "OutBPS");
            case THRESHOLDS ->
                    columns()
                            .left("Uthreshold", 11)
                            .left("Lthreshold", 11)
                            .add("ActiveConn InActConn \n" + SERVERS)
                            .end();
            case PERSISTENT_CONN ->
                    columns()
                            .left("Weight", 10)
                            .left("PersistConn", 12)
                            .add("ActiveConn InActConn \n" + SERVERS)
                            .end();
        };
    }

    private static Row columns() {
        return new Row().left("Prot LocalAddress:Port", 34);
    }

    private static String counters(String... names) {
        Row row = new Row().left("Prot LocalAddress:Port", 33);
        for (String name : names) {
            row.right(name, 9);
        }
        return row.add("\n" + SERVERS).end();
    }
}
