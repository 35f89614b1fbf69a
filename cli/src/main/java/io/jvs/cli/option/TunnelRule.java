package io.jvs.cli.option;

import static io.jvs.cli.option.Setting.bits;

import io.jvs.cli.CommandException;
import io.jvs.proto.v1.TunnelType;

/** Which tunnel type goes with which settings. */
enum TunnelRule {
    IPIP("ipip", TunnelType.TUNNEL_TYPE_IPIP, 0, 0),
    GUE(
            "gue",
            TunnelType.TUNNEL_TYPE_GUE,
            bits(Setting.TUN_PORT),
            bits(Setting.TUN_NOCSUM, Setting.TUN_CSUM, Setting.TUN_REMCSUM)),
    GRE("gre", TunnelType.TUNNEL_TYPE_GRE, 0, bits(Setting.TUN_NOCSUM, Setting.TUN_CSUM));

    /** All settings about tunnels. */
    static final long SETTINGS =
            bits(
                    Setting.TUN_TYPE,
                    Setting.TUN_PORT,
                    Setting.TUN_NOCSUM,
                    Setting.TUN_CSUM,
                    Setting.TUN_REMCSUM);

    private final String label;
    private final TunnelType type;
    private final long required;
    private final long exclusive;

    TunnelRule(String label, TunnelType type, long required, long exclusive) {
        this.label = label;
        this.type = type;
        this.required = required;
        this.exclusive = exclusive;
    }

    TunnelType type() {
        return type;
    }

    static TunnelRule parse(String name) throws CommandException {
        for (TunnelRule rule : values()) {
            if (rule.label.equals(name)) {
                return rule;
            }
        }
        throw CommandException.argument("illegal tunnel type specified");
    }

    /** Refuses settings that this type lacks or does not know. */
    void check(long settings) throws CommandException {
        Setting other = null;
        for (Setting setting : Setting.values()) {
            long bit = setting.bit() & SETTINGS & ~Setting.TUN_TYPE.bit();
            if ((settings & bit) == 0) {
                if ((required & bit) != 0) {
                    throw Messages.missing(setting, label, "tunnel type");
                }
            } else if (((required | exclusive) & bit) == 0) {
                throw Messages.illegal(setting, label, "tunnel type");
            } else if ((exclusive & bit) != 0) {
                if (other != null) {
                    throw Messages.conflict(setting, other, label, "tunnel type");
                }
                other = setting;
            }
        }
    }
}
