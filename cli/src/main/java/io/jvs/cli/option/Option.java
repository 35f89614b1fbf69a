package io.jvs.cli.option;

import static io.jvs.cli.option.ArgumentKind.NONE;
import static io.jvs.cli.option.ArgumentKind.OPTIONAL;
import static io.jvs.cli.option.ArgumentKind.REQUIRED;

import org.jspecify.annotations.Nullable;

/** The options of ipvsadm 1.31, and those that JVS adds (DPVS's names where it has them). */
enum Option {
    ADD_SERVICE("add-service", 'A', NONE, Command.ADD_SERVICE),
    EDIT_SERVICE("edit-service", 'E', NONE, Command.EDIT_SERVICE),
    DELETE_SERVICE("delete-service", 'D', NONE, Command.DELETE_SERVICE),
    CLEAR("clear", 'C', NONE, Command.CLEAR),
    LIST("list", 'L', NONE, Command.LIST),
    LIST_SMALL("list", 'l', NONE, Command.LIST),
    ZERO("zero", 'Z', NONE, Command.ZERO),
    ADD_SERVER("add-server", 'a', NONE, Command.ADD_SERVER),
    EDIT_SERVER("edit-server", 'e', NONE, Command.EDIT_SERVER),
    DELETE_SERVER("delete-server", 'd', NONE, Command.DELETE_SERVER),
    SET("set", NONE, Command.SET),
    HELP("help", 'h', NONE, Command.HELP),
    VERSION("version", 'v', NONE, Command.VERSION),
    RESTORE("restore", 'R', NONE, Command.RESTORE),
    SAVE("save", 'S', NONE, Command.SAVE),
    START_DAEMON("start-daemon", REQUIRED, Command.START_DAEMON),
    STOP_DAEMON("stop-daemon", REQUIRED, Command.STOP_DAEMON),
    ADD_LADDR("add-laddr", 'P', NONE, Command.ADD_LADDR),
    DELETE_LADDR("del-laddr", 'Q', NONE, Command.DELETE_LADDR),
    GET_LADDR("get-laddr", 'G', NONE, Command.GET_LADDR),

    TCP_SERVICE("tcp-service", 't', REQUIRED, Setting.SERVICE),
    UDP_SERVICE("udp-service", 'u', REQUIRED, Setting.SERVICE),
    SCTP_SERVICE("sctp-service", REQUIRED, Setting.SERVICE),
    FWMARK_SERVICE("fwmark-service", 'f', REQUIRED, Setting.SERVICE),
    IPV6("ipv6", '6', NONE, (Setting) null),
    SCHEDULER("scheduler", 's', REQUIRED, Setting.SCHEDULER),
    PERSISTENT("persistent", 'p', OPTIONAL, Setting.PERSISTENT),
    NETMASK("netmask", 'M', REQUIRED, Setting.NETMASK),
    ONE_PACKET("ops", 'o', NONE, Setting.ONE_PACKET),
    PERSISTENCE_ENGINE("pe", REQUIRED, Setting.PERSISTENCE_ENGINE),
    SCHED_FLAGS("sched-flags", 'b', REQUIRED, Setting.SCHED_FLAGS),

    REAL_SERVER("real-server", 'r', REQUIRED, Setting.SERVER),
    MASQUERADING("masquerading", 'm', NONE, Setting.FORWARD),
    IPIP("ipip", 'i', NONE, Setting.FORWARD),
    GATEWAYING("gatewaying", 'g', NONE, Setting.FORWARD),
    FULLNAT("fullnat", NONE, Setting.FORWARD),
    WEIGHT("weight", 'w', REQUIRED, Setting.WEIGHT),
    UPPER_THRESHOLD("u-threshold", 'x', REQUIRED, Setting.UPPER_THRESHOLD),
    LOWER_THRESHOLD("l-threshold", 'y', REQUIRED, Setting.LOWER_THRESHOLD),
    TUN_TYPE("tun-type", REQUIRED, Setting.TUN_TYPE),
    TUN_PORT("tun-port", REQUIRED, Setting.TUN_PORT),
    TUN_NOCSUM("tun-nocsum", NONE, Setting.TUN_NOCSUM),
    TUN_CSUM("tun-csum", NONE, Setting.TUN_CSUM),
    TUN_REMCSUM("tun-remcsum", NONE, Setting.TUN_REMCSUM),
    LOCAL_ADDRESS("local-address", 'z', REQUIRED, Setting.LOCAL_ADDRESS),
    INTERFACE("ifname", 'F', REQUIRED, Setting.INTERFACE),

    NUMERIC("numeric", 'n', NONE, Setting.NUMERIC),
    CONNECTION("connection", 'c', NONE, Setting.CONNECTION),
    TIMEOUT("timeout", NONE, Setting.TIMEOUT),
    DAEMON("daemon", NONE, Setting.DAEMON),
    STATS("stats", NONE, Setting.STATS),
    RATE("rate", NONE, Setting.RATE),
    THRESHOLDS("thresholds", NONE, Setting.THRESHOLDS),
    PERSISTENT_CONN("persistent-conn", NONE, Setting.PERSISTENT_CONN),
    NOSORT("nosort", NONE, Setting.NOSORT),
    SORT("sort", NONE, (Setting) null),
    EXACT("exact", 'X', NONE, Setting.EXACT),
    TUN_INFO("tun-info", NONE, Setting.TUN_INFO),

    MCAST_INTERFACE("mcast-interface", REQUIRED, Setting.MCAST_INTERFACE),
    SYNCID("syncid", REQUIRED, Setting.SYNCID),
    MCAST_GROUP("mcast-group", REQUIRED, Setting.MCAST_GROUP),
    MCAST_PORT("mcast-port", REQUIRED, Setting.MCAST_PORT),
    MCAST_TTL("mcast-ttl", REQUIRED, Setting.MCAST_TTL),
    SYNC_MAXLEN("sync-maxlen", REQUIRED, Setting.SYNC_MAXLEN);

    private static final Option[] ALL = values();

    private final String longName;
    private final char shortName;
    private final ArgumentKind argument;
    private final @Nullable Command command;
    private final @Nullable Setting setting;

    Option(String longName, char shortName, ArgumentKind argument, @Nullable Setting setting) {
        this(longName, shortName, argument, null, setting);
    }

    Option(String longName, ArgumentKind argument, @Nullable Setting setting) {
        this(longName, '\0', argument, null, setting);
    }

    Option(String longName, char shortName, ArgumentKind argument, Command command) {
        this(longName, shortName, argument, command, null);
    }

    Option(String longName, ArgumentKind argument, Command command) {
        this(longName, '\0', argument, command, null);
    }

    Option(
            String longName,
            char shortName,
            ArgumentKind argument,
            @Nullable Command command,
            @Nullable Setting setting) {
        this.longName = longName;
        this.shortName = shortName;
        this.argument = argument;
        this.command = command;
        this.setting = setting;
    }

    static @Nullable Option ofLongName(String name) {
        for (Option option : ALL) {
            if (option.longName.equals(name)) {
                return option;
            }
        }
        return null;
    }

    static @Nullable Option ofShortName(char name) {
        for (Option option : ALL) {
            if (option.shortName == name && name != '\0') {
                return option;
            }
        }
        return null;
    }

    ArgumentKind argument() {
        return argument;
    }

    /** The command that it is, or null when it is a setting. */
    @Nullable Command command() {
        return command;
    }

    /** What it sets, or null. */
    @Nullable Setting setting() {
        return setting;
    }
}
