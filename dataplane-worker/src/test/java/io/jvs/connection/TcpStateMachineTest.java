package io.jvs.connection;

import static io.jvs.connection.ConnectionState.CLOSE;
import static io.jvs.connection.ConnectionState.ESTABLISHED;
import static io.jvs.connection.ConnectionState.NONE;
import static io.jvs.connection.ConnectionState.SYNACK;
import static io.jvs.connection.ConnectionState.SYN_RECV;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TcpStateMachineTest {
    private static final int FIN = 1;
    private static final int SYN = 2;
    private static final int RST = 4;
    private static final int ACK = 16;

    static List<String> recordedFlows() {
        try (InputStream in = TcpStateMachineTest.class.getResourceAsStream("tcp-matrix.txt")) {
            if (in == null) {
                throw new IllegalStateException("tcp-matrix.txt is missing");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("recordedFlows")
    void shouldGoThroughTheStatesThatTheKernelWentThrough(String flow) {
        StateTimeouts timeouts = new StateTimeouts();
        Scanner parts = new Scanner(flow).useDelimiter("[ =/]");
        int fromClient =
                parts.next().equals("dr")
                        ? TcpStateMachine.NORMAL_IN_ONLY
                        : TcpStateMachine.NORMAL_IN;
        int state = NONE;
        while (parts.hasNext()) {
            String segment = parts.next();
            int table = segment.charAt(0) == 'i' ? fromClient : TcpStateMachine.NORMAL_OUT;
            state = TcpStateMachine.next(table, flags(segment.substring(1)), state);
            assertThat(ConnectionState.name(state)).as(segment).isEqualTo(parts.next());
            assertThat(timeouts.seconds(state)).isEqualTo(parts.nextInt() + 1);
        }
    }

    private static int flags(String letters) {
        int flags = 0;
        for (int i = 0; i < letters.length(); i++) {
            flags |=
                    switch (letters.charAt(i)) {
                        case 'S' -> SYN;
                        case 'F' -> FIN;
                        case 'R' -> RST;
                        case 'A' -> ACK;
                        default -> 8;
                    };
        }
        return flags;
    }

    @Test
    void shouldPutResetBeforeSynBeforeFinBeforeAck() {
        int in = TcpStateMachine.NORMAL_IN;
        assertThat(TcpStateMachine.next(in, 255, ESTABLISHED)).isEqualTo(CLOSE);
        assertThat(TcpStateMachine.next(in, SYN | FIN | ACK, NONE)).isEqualTo(SYN_RECV);
        assertThat(TcpStateMachine.next(in, FIN | ACK, ESTABLISHED))
                .isEqualTo(ConnectionState.CLOSE_WAIT);
        assertThat(TcpStateMachine.next(in, ACK, SYN_RECV)).isEqualTo(ESTABLISHED);
    }

    @Test
    void shouldCloseOnASegmentWithoutFlags() {
        for (int table = 0; table < 6; table++) {
            for (int state = 0; state <= SYNACK; state++) {
                assertThat(TcpStateMachine.next(table, 8, state)).isEqualTo(CLOSE);
            }
        }
    }

    @Test
    void shouldHoldBackUnderSecureTcp() {
        int secure = TcpStateMachine.SECURE;
        assertThat(TcpStateMachine.next(secure + TcpStateMachine.NORMAL_IN, ACK, SYN_RECV))
                .isEqualTo(SYN_RECV);
        assertThat(TcpStateMachine.next(secure + TcpStateMachine.NORMAL_OUT, SYN, SYN_RECV))
                .isEqualTo(SYNACK);
        assertThat(TcpStateMachine.next(secure + TcpStateMachine.NORMAL_IN_ONLY, SYN, NONE))
                .isEqualTo(SYNACK);
        assertThat(TcpStateMachine.next(secure + TcpStateMachine.NORMAL_IN, RST, SYNACK))
                .isEqualTo(CLOSE);
    }

    @Test
    void shouldNameStatesAsTheKernelDoes() {
        assertThat(ConnectionState.name(0)).isEqualTo("NONE");
        assertThat(ConnectionState.name(10)).isEqualTo("SYNACK");
        assertThat(ConnectionState.name(ConnectionState.UDP)).isEqualTo("UDP");
        assertThat(ConnectionState.name(ConnectionState.SCTP_ESTABLISHED)).isEqualTo("ESTABLISHED");
        assertThat(ConnectionState.name(ConnectionState.COUNT - 1)).isEqualTo("CLOSED");
        assertThat(ConnectionState.name(-1)).isEqualTo("ERR!");
        assertThat(ConnectionState.name(ConnectionState.COUNT)).isEqualTo("ERR!");
    }

    @Test
    void shouldCountFourTcpStatesAsActive() {
        int active = 0;
        for (int state = 0; state <= SYNACK; state++) {
            active += ConnectionState.isActive(state) ? 1 : 0;
        }
        assertThat(active).isEqualTo(4);
        assertThat(ConnectionState.isActive(SYNACK)).isTrue();
        assertThat(ConnectionState.isActive(ConnectionState.UDP)).isFalse();
    }

    @Test
    void shouldChangeOnlyTheTimeoutsThatSetNames() {
        StateTimeouts timeouts = new StateTimeouts();
        timeouts.set(100, 0, 30);
        assertThat(timeouts.seconds(ESTABLISHED)).isEqualTo(100);
        assertThat(timeouts.seconds(ConnectionState.FIN_WAIT)).isEqualTo(120);
        assertThat(timeouts.seconds(ConnectionState.UDP)).isEqualTo(30);
        timeouts.set(0, 7, 0);
        assertThat(timeouts.seconds(ESTABLISHED)).isEqualTo(100);
        assertThat(timeouts.ticks(ConnectionState.FIN_WAIT)).isEqualTo(700);
        assertThat(timeouts.seconds(ConnectionState.CLOSE_WAIT)).isEqualTo(60);
    }
}
