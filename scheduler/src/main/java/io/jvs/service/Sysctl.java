package io.jvs.service;

import org.jspecify.annotations.Nullable;

/**
 * The settings of IPVS below net.ipv4.vs, by the kernel's names and with its defaults (vs_vars and
 * ip_vs_control_net_init_sysctl in net/netfilter/ipvs/ip_vs_ctl.c, Linux 6.12). A setting with a
 * reason below has one value only here; any other is refused with that reason.
 */
public enum Sysctl {
    /** One packet in so many that would open a connection is dropped by drop_packet 3. */
    AM_DROPRATE("am_droprate", "10", 1, Integer.MAX_VALUE),

    /** The defences of mode 1 begin when less memory is free: pages of 64 free connections. */
    AMEMTHRESH("amemthresh", "1024", 0, Integer.MAX_VALUE),

    /** Whether a director that is a backup stays out of the way. */
    BACKUP_ONLY("backup_only", "0", "there is no synchronization daemon yet"),

    /** Whether a marked packet without a server goes on to its own destination. */
    CACHE_BYPASS("cache_bypass", "0", "JVS does not route packets that it does not balance"),

    /** 0: a SYN never replaces a connection; 1: one that is over; 2: also one in FIN_WAIT. */
    CONN_REUSE_MODE("conn_reuse_mode", "1", Integer.MIN_VALUE, Integer.MAX_VALUE),

    /** Whether netfilter keeps connections too. */
    CONNTRACK("conntrack", "0", "there is no netfilter beneath JVS"),

    /** Whether connections are dropped at random: 0 never, 1 or 2 when short, 3 always. */
    DROP_ENTRY("drop_entry", "0", 0, 3),

    /** Whether new connections are dropped: 0 never, 1 or 2 when short, 3 always. */
    DROP_PACKET("drop_packet", "0", 0, 3),

    /** CPUs of the estimators. */
    EST_CPULIST("est_cpulist", "0", "rates are estimated on the director's thread, not by CPUs"),

    /** Priority of the estimators. */
    EST_NICE("est_nice", "0", "rates are estimated on the director's thread, not by CPUs"),

    /** Whether connections of a removed server end at once, or wait for its return. */
    EXPIRE_NODEST_CONN("expire_nodest_conn", "0", Integer.MIN_VALUE, Integer.MAX_VALUE),

    /** Whether templates of a server of weight 0 are forgotten. */
    EXPIRE_QUIESCENT_TEMPLATE(
            "expire_quiescent_template", "0", Integer.MIN_VALUE, Integer.MAX_VALUE),

    /** Whether tunnelled packets for a virtual address are let through. */
    IGNORE_TUNNELED("ignore_tunneled", "0", "JVS does not take tunnelled packets"),

    /** Seconds after which lblc forgets an address. */
    LBLC_EXPIRATION("lblc_expiration", "86400", 0, Integer.MAX_VALUE),

    /** Seconds after which lblcr forgets an address. */
    LBLCR_EXPIRATION("lblcr_expiration", "86400", 0, Integer.MAX_VALUE),

    /** Whether a real server is told that its packet belongs to no connection. */
    NAT_ICMP_SEND("nat_icmp_send", "0", Integer.MIN_VALUE, Integer.MAX_VALUE),

    /** Whether tunnels keep DF; 0 lets them cut packets. */
    PMTU_DISC("pmtu_disc", "1", Integer.MIN_VALUE, Integer.MAX_VALUE),

    /** Whether rates are estimated. */
    RUN_ESTIMATION("run_estimation", "1", Integer.MIN_VALUE, Integer.MAX_VALUE),

    /** Whether an ICMP error about an unknown connection makes it. */
    SCHEDULE_ICMP("schedule_icmp", "0", Integer.MIN_VALUE, Integer.MAX_VALUE),

    /** Whether the TCP states are those of secure_tcp: 0 never, 1 or 2 when short, 3 always. */
    SECURE_TCP("secure_tcp", "0", 0, 3),

    /** Whether any SCTP packet opens a connection. */
    SLOPPY_SCTP("sloppy_sctp", "0", Integer.MIN_VALUE, Integer.MAX_VALUE),

    /** Whether any TCP segment opens a connection. */
    SLOPPY_TCP("sloppy_tcp", "0", Integer.MIN_VALUE, Integer.MAX_VALUE),

    /** Whether replies are routed by their new source. */
    SNAT_REROUTE("snat_reroute", "1", "replies are always routed after they were translated"),

    /** Synchronize persistence only. */
    SYNC_PERSIST_MODE("sync_persist_mode", "0", Sysctl.NO_SYNC),

    /** Threads of the synchronization. */
    SYNC_PORTS("sync_ports", "1", Sysctl.NO_SYNC),

    /** Most messages that wait to be sent; the kernel's default is a part of its memory. */
    SYNC_QLEN_MAX("sync_qlen_max", "4096", Sysctl.NO_SYNC),

    /** Seconds between synchronizations of one connection. */
    SYNC_REFRESH_PERIOD("sync_refresh_period", "0", Sysctl.NO_SYNC),

    /** Repetitions of a synchronization. */
    SYNC_RETRIES("sync_retries", "0", Sysctl.NO_SYNC),

    /** Bytes of the socket's buffer. */
    SYNC_SOCK_SIZE("sync_sock_size", "0", Sysctl.NO_SYNC),

    /** Packets after which, and every which, a connection is synchronized. */
    SYNC_THRESHOLD("sync_threshold", "3 50", Sysctl.NO_SYNC),

    /** Version of the synchronization protocol. */
    SYNC_VERSION("sync_version", "1", Sysctl.NO_SYNC);

    /** Where they are in the tree of sysctl(8). */
    public static final String PREFIX = "net.ipv4.vs.";

    private static final String NO_SYNC = "there is no synchronization daemon yet";

    private final String key;
    private final String initial;
    private final int lowest;
    private final int highest;
    private final String reason;

    Sysctl(String key, String initial, int lowest, int highest) {
        this.key = key;
        this.initial = initial;
        this.lowest = lowest;
        this.highest = highest;
        this.reason = "";
    }

    Sysctl(String key, String initial, String reason) {
        this.key = key;
        this.initial = initial;
        this.lowest = 0;
        this.highest = 0;
        this.reason = reason;
    }

    /** The kernel's name, for example "conn_reuse_mode". */
    public String key() {
        return key;
    }

    /** The value that it has before it is set. */
    public String initial() {
        return initial;
    }

    /** Whether it can have one value only. */
    public boolean isFixed() {
        return !reason.isEmpty();
    }

    /**
     * The setting of a name, with or without net.ipv4.vs.
     *
     * @return null when there is none
     */
    public static @Nullable Sysctl find(String name) {
        String wanted = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        for (Sysctl each : values()) {
            if (each.key.equals(wanted)) {
                return each;
            }
        }
        return null;
    }

    /**
     * The value as it is kept.
     *
     * @throws IllegalArgumentException with a sentence that names the setting and what it accepts
     */
    String parse(String text) {
        String value = String.join(" ", text.strip().split("\\s+"));
        if (isFixed()) {
            if (!value.equals(initial)) {
                throw new IllegalArgumentException(
                        key
                                + ": '"
                                + value
                                + "' is refused, it can only be "
                                + initial
                                + ": "
                                + reason);
            }
            return value;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= lowest && number <= highest) {
                return Integer.toString(number);
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw new IllegalArgumentException(
                key + ": '" + value + "' is not a whole number from " + lowest + " to " + highest);
    }
}
