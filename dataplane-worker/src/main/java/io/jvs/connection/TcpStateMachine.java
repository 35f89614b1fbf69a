package io.jvs.connection;

/**
 * The kernel's TCP state tables (tcp_states and tcp_states_dos in
 * net/netfilter/ipvs/ip_vs_proto_tcp.c, Linux 6.12) and its choice of event (tcp_state_idx): RST
 * before SYN before FIN before ACK. A segment with none of these flags leads to CLOSE.
 */
public final class TcpStateMachine {
    /** Table: from the client. */
    public static final int NORMAL_IN = 0;

    /** Table: from the server. */
    public static final int NORMAL_OUT = 1;

    /** Table: from the client, while nothing from the server has been seen. */
    public static final int NORMAL_IN_ONLY = 2;

    /** What to add to a table's number for the one under secure_tcp. */
    public static final int SECURE = 3;

    private static final int STATES = 11;
    private static final int EVENTS = 4;
    private static final int TABLES = 6;
    private static final int NO_EVENT = 4;
    private static final int ROW = 16;
    private static final int TABLE = 8 * ROW;

    /** Columns: NO ES SS SR FW TW CL CW LA LI SA. */
    private static final String[] RULES = {
        // normal IN: syn, fin, ack, rst
        "SR ES ES SR SR SR SR SR SR SR SR",
        "CL CW SS TW TW TW CL CW LA LI TW",
        "ES ES SS ES FW TW CL CW CL LI ES",
        "CL CL CL SR CL CL CL CL LA LI SR",
        // normal OUT
        "SS ES SS SR SS SS SS SS SS LI SR",
        "TW FW SS TW FW TW CL TW LA LI TW",
        "ES ES SS ES FW TW CL CW LA ES ES",
        "CL CL SS CL CL TW CL CL CL CL CL",
        // normal IN-ONLY
        "SR ES ES SR SR SR SR SR SR SR SR",
        "CL FW SS TW FW TW CL CW LA LI TW",
        "ES ES SS ES FW TW CL CW CL LI ES",
        "CL CL CL SR CL CL CL CL LA LI CL",
        // secure IN
        "SR ES ES SR SR SR SR SR SR SR SA",
        "CL CW SS TW TW TW CL CW LA LI SA",
        "ES ES SS SR FW TW CL CW CL LI SA",
        "CL CL CL SR CL CL CL CL LA LI CL",
        // secure OUT
        "SS ES SS SA SS SS SS SS SS LI SA",
        "TW FW SS TW FW TW CL TW LA LI TW",
        "ES ES SS ES FW TW CL CW LA ES ES",
        "CL CL SS CL CL TW CL CL CL CL CL",
        // secure IN-ONLY
        "SA ES ES SR SA SA SA SA SA SA SA",
        "CL FW SS TW FW TW CL CW LA LI TW",
        "ES ES SS ES FW TW CL CW CL LI ES",
        "CL CL CL SR CL CL CL CL LA LI CL",
    };

    private static final String ORDER = "NO ES SS SR FW TW CL CW LA LI SA";

    /** Next states: table, event, state; padded so that any index within the masks is inside. */
    private static final byte[] NEXT = expand();

    /** Event of each combination of the low five flag bits (FIN 1, SYN 2, RST 4, ACK 16). */
    private static final byte[] EVENT = events();

    private TcpStateMachine() {}

    private static byte[] expand() {
        byte[] next = new byte[TABLES * TABLE];
        java.util.Arrays.fill(next, ConnectionState.CLOSE);
        for (int row = 0; row < RULES.length; row++) {
            for (int state = 0; state < STATES; state++) {
                String name = RULES[row].substring(3 * state, 3 * state + 2);
                int at = row / EVENTS * TABLE + row % EVENTS * ROW + state;
                next[at] = (byte) (ORDER.indexOf(name) / 3);
            }
        }
        return next;
    }

    private static byte[] events() {
        byte[] events = new byte[32];
        for (int flags = 0; flags < 32; flags++) {
            if ((flags & 4) != 0) {
                events[flags] = 3;
            } else if ((flags & 2) != 0) {
                events[flags] = 0;
            } else if ((flags & 1) != 0) {
                events[flags] = 1;
            } else {
                events[flags] = (flags & 16) != 0 ? 2 : (byte) NO_EVENT;
            }
        }
        return events;
    }

    /**
     * The state after a segment.
     *
     * @param table NORMAL_IN, NORMAL_OUT or NORMAL_IN_ONLY, plus SECURE under secure_tcp
     * @param tcpFlags flags of the segment (byte 13 of the header)
     * @param state the state before, NONE to SYNACK
     */
    public static int next(int table, int tcpFlags, int state) {
        return NEXT[table * TABLE + EVENT[tcpFlags & 31] * ROW + (state & ROW - 1)];
    }
}
