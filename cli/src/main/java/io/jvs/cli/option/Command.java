package io.jvs.cli.option;

import static io.jvs.cli.option.Setting.bits;

import io.jvs.cli.CommandException;

/** A command of ipvsadm, with the settings that it needs and allows. */
public enum Command {
    ADD_SERVICE("add-service", bits(Setting.SERVICE), Allowed.SERVICE, 0),
    EDIT_SERVICE("edit-service", bits(Setting.SERVICE), Allowed.SERVICE, 0),
    DELETE_SERVICE("delete-service", bits(Setting.SERVICE), 0, 0),
    CLEAR("flush", 0, 0, 0),
    LIST("list", 0, Allowed.LIST, Allowed.LIST_ONE),
    ADD_SERVER("add-server", bits(Setting.SERVICE, Setting.SERVER), Allowed.SERVER, 0),
    DELETE_SERVER("delete-server", bits(Setting.SERVICE, Setting.SERVER), 0, 0),
    EDIT_SERVER("edit-server", bits(Setting.SERVICE, Setting.SERVER), Allowed.SERVER, 0),
    SET("set", 0, 0, 0),
    START_DAEMON("start-daemon", 0, Allowed.START_DAEMON, 0),
    STOP_DAEMON("stop-daemon", 0, bits(Setting.SYNCID), 0),
    RESTORE("restore", 0, 0, 0),
    SAVE("save", 0, bits(Setting.NUMERIC), 0),
    ZERO("zero", 0, bits(Setting.SERVICE), 0),
    ADD_LADDR("add-laddr", Allowed.LADDR, bits(Setting.INTERFACE), 0),
    DELETE_LADDR("del-laddr", Allowed.LADDR, bits(Setting.INTERFACE), 0),
    GET_LADDR("get-laddr", 0, bits(Setting.SERVICE, Setting.NUMERIC), 0),
    HELP("help", 0, 0, 0),
    VERSION("version", 0, 0, 0);

    private final String label;
    private final long required;
    private final long allowed;
    private final long exclusive;

    Command(String label, long required, long allowed, long exclusive) {
        this.label = label;
        this.required = required;
        this.allowed = required | allowed | exclusive;
        this.exclusive = exclusive;
    }

    /** The name in ipvsadm's messages. */
    public String label() {
        return label;
    }

    /** Refuses settings that are missing, that do not belong here, or that exclude each other. */
    void check(long settings) throws CommandException {
        Setting other = null;
        for (Setting setting : Setting.values()) {
            boolean given = (settings & setting.bit()) != 0;
            if (!given) {
                if ((required & setting.bit()) != 0) {
                    throw Messages.missing(setting, label, "command");
                }
            } else if ((allowed & setting.bit()) == 0) {
                throw Messages.illegal(setting, label, "command");
            } else if ((exclusive & setting.bit()) != 0) {
                if (other != null) {
                    throw Messages.conflict(setting, other, label, "command");
                }
                other = setting;
            }
        }
    }

    /** Sets of settings. */
    private static final class Allowed {
        private static final long SERVICE =
                bits(
                        Setting.SCHEDULER,
                        Setting.PERSISTENT,
                        Setting.NETMASK,
                        Setting.ONE_PACKET,
                        Setting.PERSISTENCE_ENGINE,
                        Setting.SCHED_FLAGS);
        private static final long SERVER =
                bits(
                                Setting.FORWARD,
                                Setting.WEIGHT,
                                Setting.UPPER_THRESHOLD,
                                Setting.LOWER_THRESHOLD)
                        | TunnelRule.SETTINGS;
        private static final long LIST =
                bits(
                        Setting.NUMERIC,
                        Setting.STATS,
                        Setting.RATE,
                        Setting.THRESHOLDS,
                        Setting.PERSISTENT_CONN,
                        Setting.NOSORT,
                        Setting.SYNCID,
                        Setting.EXACT,
                        Setting.TUN_INFO);
        private static final long LIST_ONE =
                bits(Setting.CONNECTION, Setting.SERVICE, Setting.TIMEOUT, Setting.DAEMON);
        private static final long START_DAEMON =
                bits(
                        Setting.MCAST_INTERFACE,
                        Setting.SYNCID,
                        Setting.MCAST_GROUP,
                        Setting.MCAST_PORT,
                        Setting.MCAST_TTL,
                        Setting.SYNC_MAXLEN);
        private static final long LADDR = bits(Setting.SERVICE, Setting.LOCAL_ADDRESS);
    }
}
