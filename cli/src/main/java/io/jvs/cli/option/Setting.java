package io.jvs.cli.option;

/**
 * What an option sets; several options may set the same thing. In the order of ipvsadm's checks.
 */
public enum Setting {
    NUMERIC("numeric"),
    CONNECTION("connection"),
    SERVICE("service-address"),
    SCHEDULER("scheduler"),
    PERSISTENT("persistent"),
    NETMASK("netmask"),
    SERVER("real-server"),
    FORWARD("forwarding-method"),
    WEIGHT("weight"),
    UPPER_THRESHOLD("u-threshold"),
    LOWER_THRESHOLD("l-threshold"),
    MCAST_INTERFACE("mcast-interface"),
    TIMEOUT("timeout"),
    DAEMON("daemon"),
    STATS("stats"),
    RATE("rate"),
    THRESHOLDS("thresholds"),
    PERSISTENT_CONN("persistent-conn"),
    NOSORT("nosort"),
    SYNCID("syncid"),
    EXACT("exact"),
    ONE_PACKET("ops"),
    PERSISTENCE_ENGINE("pe"),
    SCHED_FLAGS("sched-flags"),
    MCAST_GROUP("mcast-group"),
    MCAST_PORT("mcast-port"),
    MCAST_TTL("mcast-ttl"),
    SYNC_MAXLEN("sync-maxlen"),
    TUN_INFO("tun-info"),
    TUN_TYPE("tun-type"),
    TUN_PORT("tun-port"),
    TUN_NOCSUM("tun-nocsum"),
    TUN_CSUM("tun-csum"),
    TUN_REMCSUM("tun-remcsum"),
    LOCAL_ADDRESS("local-address"),
    INTERFACE("ifname");

    private final String label;

    Setting(String label) {
        this.label = label;
    }

    /** The name in ipvsadm's messages. */
    public String label() {
        return label;
    }

    /** This setting's bit in a set of settings. */
    @SuppressWarnings("EnumOrdinal") // bits of a set that lives as long as the process
    public long bit() {
        return 1L << ordinal();
    }

    /** The set of some settings. */
    static long bits(Setting... settings) {
        long bits = 0;
        for (Setting setting : settings) {
            bits |= setting.bit();
        }
        return bits;
    }
}
