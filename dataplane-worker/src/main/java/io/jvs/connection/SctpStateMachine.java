package io.jvs.connection;

/**
 * The kernel's SCTP state tables (sctp_states in net/netfilter/ipvs/ip_vs_proto_sctp.c, Linux 6.12)
 * and its events (sctp_events): one for each type of chunk; an unknown one counts as DATA. States
 * are numbered from {@link ConnectionState#SCTP_NONE}.
 */
public final class SctpStateMachine {
    /** Table: from the client. */
    public static final int IN = 0;

    /** Table: from the server. */
    public static final int OUT = 1;

    /** Table: from the client, while nothing from the server has been seen. */
    public static final int IN_ONLY = 2;

    private static final int STATES = 14;
    private static final int TABLES = 3;
    private static final int EVENTS = 10;
    private static final int ROW = 16;
    private static final int TABLE = 16 * ROW;

    /**
     * Columns: NO I1 IN CS CR CW CO CE ES SS SR SA RJ CL. Rows of a table: data, init, init ack,
     * cookie echo, cookie ack, shutdown, shutdown ack, shutdown complete, error, abort.
     */
    private static final String[] RULES = {
        // IN
        "ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
        "I1 IN IN CS CR CW CO CE ES SS SR SA IN IN",
        "CW CW CW CS CR CO CO CE ES SS SR SA RJ CL",
        "CR IN IN CR CR CW CO CE ES SS SR SA RJ CL",
        "ES I1 IN CS CR CW CO ES ES SS SR SA RJ CL",
        "SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL",
        "CL IN IN CS CR CW CO CE ES CL SR CL RJ CL",
        "CL CL CL CS CR CW CO CE ES SS SR CL RJ CL",
        "CL I1 IN CS CR CW CO CL ES SS SR SA RJ CL",
        "CL CL CL CL CL RJ CL CL CL CL CL CL CL CL",
        // OUT
        "ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
        "CW CW CW CW CW CW CW CW ES CW CW CW CW CW",
        "CS CS CS CS CR CW CO CE ES SS SR SA RJ CL",
        "CE CE CE CE CE CE CE CE ES SS SR SA RJ CL",
        "ES ES ES ES ES ES ES ES ES SS SR SA RJ CL",
        "SS SS SS SS SS SS SS SS SS SS SR SA RJ CL",
        "SA SA SA SA SA CW CO CE ES SA SA SA RJ CL",
        "CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
        "CL CL CL CL CL CW CO CE ES SS SR SA RJ CL",
        "CL RJ CL CL CL CL CL CL CL CL CL CL CL CL",
        // IN-ONLY
        "ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL",
        "I1 IN IN IN IN IN CO CE ES SS SR SA IN IN",
        "CE CE CE CE CE CE CO CE ES SS SR SA RJ CL",
        "ES ES ES ES ES ES CO CE ES SS SR SA RJ CL",
        "ES I1 IN ES ES CW ES ES ES SS SR SA RJ CL",
        "SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL",
        "CL IN IN CS CR CW CO CE CL CL SR CL RJ CL",
        "CL CL CL CL CL CW CO CE ES SS CL CL RJ CL",
        "CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
        "CL CL CL CL CL RJ CL CL CL CL CL CL CL CL",
    };

    private static final String ORDER = "NO I1 IN CS CR CW CO CE ES SS SR SA RJ CL";

    /** Event of each type of chunk: DATA 0 to SHUTDOWN COMPLETE 14 (RFC 9260 section 3.2). */
    private static final byte[] EVENT = {0, 1, 2, 0, 0, 0, 9, 5, 6, 8, 3, 4, 0, 0, 7, 0};

    /** Next states: table, event, state; padded so that any index within the masks is inside. */
    private static final byte[] NEXT = expand();

    private SctpStateMachine() {}

    private static byte[] expand() {
        byte[] next = new byte[TABLES * TABLE];
        java.util.Arrays.fill(next, (byte) (ConnectionState.SCTP_NONE + STATES - 1));
        for (int row = 0; row < RULES.length; row++) {
            for (int state = 0; state < STATES; state++) {
                String name = RULES[row].substring(3 * state, 3 * state + 2);
                int at = row / EVENTS * TABLE + row % EVENTS * ROW + state;
                next[at] = (byte) (ConnectionState.SCTP_NONE + ORDER.indexOf(name) / 3);
            }
        }
        return next;
    }

    /**
     * The state after a packet.
     *
     * @param table IN, OUT or IN_ONLY
     * @param chunkType type of the chunk that decides, 0..255
     * @param state the state before, one of SCTP's; NONE of a new connection counts as SCTP_NONE
     */
    public static int next(int table, int chunkType, int state) {
        int event = chunkType < EVENT.length ? EVENT[chunkType] : 0;
        int before = Math.max(state - ConnectionState.SCTP_NONE, 0);
        return NEXT[table * TABLE + event * ROW + (before & ROW - 1)];
    }
}
