package io.jvs.bench.model;

import java.util.List;
import java.util.Set;

/** The state tables of TCP, as text (tcp_states and tcp_states_dos in ip_vs_proto_tcp.c). */
final class TcpTables {
    private static final List<String> COLUMNS =
            List.of("NO", "ES", "SS", "SR", "FW", "TW", "CL", "CW", "LA", "LI", "SA");

    private static final List<String> NAMES =
            List.of(
                    "NONE",
                    "ESTABLISHED",
                    "SYN_SENT",
                    "SYN_RECV",
                    "FIN_WAIT",
                    "TIME_WAIT",
                    "CLOSE",
                    "CLOSE_WAIT",
                    "LAST_ACK",
                    "LISTEN",
                    "SYNACK");

    private static final List<Integer> TIMEOUTS =
            List.of(2, 900, 120, 60, 120, 120, 10, 60, 30, 120, 120);

    private static final Set<String> ACTIVE =
            Set.of("ESTABLISHED", "SYN_SENT", "SYN_RECV", "SYNACK");

    /** Rows syn, fin, ack, rst; in, out, in only; normal, then secure_tcp. */
    private static final String[][] TABLES = {
        {
            "SR ES ES SR SR SR SR SR SR SR SR",
            "CL CW SS TW TW TW CL CW LA LI TW",
            "ES ES SS ES FW TW CL CW CL LI ES",
            "CL CL CL SR CL CL CL CL LA LI SR"
        },
        {
            "SS ES SS SR SS SS SS SS SS LI SR",
            "TW FW SS TW FW TW CL TW LA LI TW",
            "ES ES SS ES FW TW CL CW LA ES ES",
            "CL CL SS CL CL TW CL CL CL CL CL"
        },
        {
            "SR ES ES SR SR SR SR SR SR SR SR",
            "CL FW SS TW FW TW CL CW LA LI TW",
            "ES ES SS ES FW TW CL CW CL LI ES",
            "CL CL CL SR CL CL CL CL LA LI CL"
        },
        {
            "SR ES ES SR SR SR SR SR SR SR SA",
            "CL CW SS TW TW TW CL CW LA LI SA",
            "ES ES SS SR FW TW CL CW CL LI SA",
            "CL CL CL SR CL CL CL CL LA LI CL"
        },
        {
            "SS ES SS SA SS SS SS SS SS LI SA",
            "TW FW SS TW FW TW CL TW LA LI TW",
            "ES ES SS ES FW TW CL CW LA ES ES",
            "CL CL SS CL CL TW CL CL CL CL CL"
        },
        {
            "SA ES ES SR SA SA SA SA SA SA SA",
            "CL FW SS TW FW TW CL CW LA LI TW",
            "ES ES SS ES FW TW CL CW CL LI ES",
            "CL CL CL SR CL CL CL CL LA LI CL"
        }
    };

    private TcpTables() {}

    /** The next state. */
    static String next(boolean secure, boolean fromClient, boolean only, String flags, String now) {
        int table = (secure ? 3 : 0) + (fromClient ? only ? 2 : 0 : 1);
        int row;
        if (flags.contains("R")) {
            row = 3;
        } else if (flags.contains("S")) {
            row = 0;
        } else if (flags.contains("F")) {
            row = 1;
        } else if (flags.contains("A")) {
            row = 2;
        } else {
            return "CLOSE";
        }
        String next = TABLES[table][row].split(" ", -1)[NAMES.indexOf(now)];
        return NAMES.get(COLUMNS.indexOf(next));
    }

    static boolean isActive(String state) {
        return ACTIVE.contains(state);
    }

    /** The timeout that nobody has set, in seconds. */
    static int timeoutSeconds(String state) {
        return TIMEOUTS.get(NAMES.indexOf(state));
    }
}
