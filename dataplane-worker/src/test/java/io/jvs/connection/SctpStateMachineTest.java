package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SctpStateMachineTest {
    private static final int DATA = 0;
    private static final int INIT = 1;
    private static final int INIT_ACK = 2;
    private static final int ABORT = 6;
    private static final int SHUTDOWN = 7;
    private static final int SHUTDOWN_ACK = 8;
    private static final int COOKIE_ECHO = 10;
    private static final int COOKIE_ACK = 11;
    private static final int SHUTDOWN_COMPLETE = 14;

    /** Names of the states that a client (even steps: chunks) and a server lead through. */
    private static List<String> walk(int[][] steps) {
        List<String> names = new ArrayList<>();
        int state = ConnectionState.NONE;
        for (int[] step : steps) {
            state = SctpStateMachine.next(step[0], step[1], state);
            names.add(ConnectionState.name(state));
        }
        return names;
    }

    @Test
    void shouldFollowAnAssociationSeenBothWays() {
        int in = SctpStateMachine.IN;
        int out = SctpStateMachine.OUT;
        assertThat(
                        walk(
                                new int[][] {
                                    {in, INIT},
                                    {in, INIT},
                                    {out, INIT_ACK},
                                    {in, COOKIE_ECHO},
                                    {out, COOKIE_ACK},
                                    {in, DATA},
                                    {out, DATA},
                                    {in, SHUTDOWN},
                                    {out, SHUTDOWN_ACK},
                                    {in, SHUTDOWN_COMPLETE}
                                }))
                .containsExactly(
                        "INIT1",
                        "INIT",
                        "C-SENT",
                        "C-REPLIED",
                        "ESTABLISHED",
                        "ESTABLISHED",
                        "ESTABLISHED",
                        "S-RECEIVED",
                        "S-ACK-SENT",
                        "CLOSED");
    }

    @Test
    void shouldFollowAnAssociationSeenFromTheClientOnly() {
        int only = SctpStateMachine.IN_ONLY;
        assertThat(
                        walk(
                                new int[][] {
                                    {only, INIT},
                                    {only, COOKIE_ECHO},
                                    {only, DATA},
                                    {only, SHUTDOWN},
                                    {only, SHUTDOWN_COMPLETE}
                                }))
                .containsExactly("INIT1", "ESTABLISHED", "ESTABLISHED", "S-RECEIVED", "CLOSED");
    }

    @Test
    void shouldShortenWhatTheServerRejects() {
        assertThat(walk(new int[][] {{SctpStateMachine.IN, INIT}, {SctpStateMachine.OUT, ABORT}}))
                .containsExactly("INIT1", "REJECTED");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 12, 13, 15, 63, 64, 128, 192, 193, 255})
    void shouldCountOtherChunksAsData(int chunk) {
        for (int table = 0; table < 3; table++) {
            for (int state = ConnectionState.SCTP_NONE; state < ConnectionState.COUNT; state++) {
                assertThat(SctpStateMachine.next(table, chunk, state))
                        .isEqualTo(SctpStateMachine.next(table, DATA, state));
            }
        }
    }

    @Test
    void shouldStayAmongTheStatesOfSctp() {
        for (int table = 0; table < 3; table++) {
            for (int chunk = 0; chunk < 256; chunk++) {
                for (int state = 0; state < ConnectionState.COUNT; state++) {
                    assertThat(SctpStateMachine.next(table, chunk, state))
                            .isBetween((int) ConnectionState.SCTP_NONE, ConnectionState.COUNT - 1);
                }
            }
        }
    }

    /** Rows where the three tables of the kernel differ most, written down a second time. */
    @Test
    void shouldHaveTheKernelsRowsOfShutdownAck() {
        assertThat(row(SctpStateMachine.IN, SHUTDOWN_ACK))
                .isEqualTo(
                        "CLOSED INIT INIT C-SENT C-REPLIED C-WAIT COOKIE C-ECHOED ESTABLISHED"
                                + " CLOSED S-RECEIVED CLOSED REJECTED CLOSED");
        assertThat(row(SctpStateMachine.OUT, SHUTDOWN_ACK))
                .isEqualTo(
                        "S-ACK-SENT S-ACK-SENT S-ACK-SENT S-ACK-SENT S-ACK-SENT C-WAIT COOKIE"
                                + " C-ECHOED ESTABLISHED S-ACK-SENT S-ACK-SENT S-ACK-SENT REJECTED"
                                + " CLOSED");
        assertThat(row(SctpStateMachine.IN_ONLY, SHUTDOWN_ACK))
                .isEqualTo(
                        "CLOSED INIT INIT C-SENT C-REPLIED C-WAIT COOKIE C-ECHOED CLOSED CLOSED"
                                + " S-RECEIVED CLOSED REJECTED CLOSED");
    }

    private static String row(int table, int chunk) {
        List<String> names = new ArrayList<>();
        for (int state = ConnectionState.SCTP_NONE; state < ConnectionState.COUNT; state++) {
            names.add(ConnectionState.name(SctpStateMachine.next(table, chunk, state)));
        }
        return String.join(" ", names);
    }
}
