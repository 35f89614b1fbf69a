package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FTP between clients of one IP version and servers of the other (RFC 6384). */
class FtpMixedTest {
    private static final int PORT = 50_123;
    private static final int SYN = Frames.SYN;
    private static final int SYN_ACK = Frames.SYN | Frames.ACK;
    private static final String EXTENDED = "229 Extended Passive (|||" + PORT + "|)\r\n";
    private static final String PASSIVE =
            "227 Entering Passive Mode (10,99,0,1,%d,%d).\r\n".formatted(PORT >> 8, PORT & 0xFF);

    /** The director to test. */
    Lab lab() {
        return new Lab();
    }

    private FtpSession session(boolean v6) {
        FtpSession ftp = FtpSession.mixed(lab(), v6);
        assertThat(ftp.real).isEqualTo(Lab.realAddress(!v6, 1));
        assertThat(ftp.answer("220 hello\r\n").text()).isEqualTo("220 hello\r\n");
        return ftp;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldExpectExtendedPassiveConnections(boolean v6) {
        try (FtpSession ftp = session(v6)) {
            assertThat(ftp.command("EPSV\r\n").text()).isEqualTo("EPSV\r\n");
            assertThat(ftp.answer(EXTENDED).text()).isEqualTo(EXTENDED);
            FtpTest.openPassive(ftp, PORT, true);
            assertThat(ftp.answer("150 ok\r\n").sequence()).isEqualTo(ftp.serverNext - 8);
            assertThat(ftp.untouched()).isZero();
        }
    }

    @Test
    void shouldSpeakExtendedForOldClients() {
        try (FtpSession ftp = session(false)) {
            int asked = ftp.clientNext;
            assertThat(ftp.command("PASV\r\n").text()).isEqualTo("EPSV\r\n");
            assertThat(ftp.commandAt(asked, "PASV\r\n").text()).as("again").isEqualTo("EPSV\r\n");
            int answered = ftp.serverNext;
            FtpSession.Segment first = ftp.answer(EXTENDED);
            assertThat(first.text()).isEqualTo(PASSIVE);
            assertThat(ftp.answerAt(answered, EXTENDED)).isEqualTo(first);
            assertThat(ftp.expected()).isEqualTo(1);
            int grown = PASSIVE.length() - EXTENDED.length();
            ftp.serverNext += grown;
            assertThat(ftp.command("RETR x\r\n").ack()).isEqualTo(ftp.serverNext - grown);
            ftp.serverNext -= grown;
            FtpTest.openPassive(ftp, PORT, true);
            assertThat(ftp.answer("150 ok\r\n").sequence()).isEqualTo(ftp.serverNext - 8 + grown);
            assertThat(ftp.untouched()).isZero();
        }
    }

    @Test
    void shouldAnswerEachQuestionInItsOwnForm() {
        try (FtpSession ftp = session(false)) {
            ftp.command("PASV\r\n");
            assertThat(ftp.answer(EXTENDED).text()).isEqualTo(PASSIVE);
            ftp.command("EPSV\r\n");
            assertThat(ftp.answer(EXTENDED).text()).isEqualTo(EXTENDED);
            ftp.command("NOOP\r\n");
            assertThat(ftp.command("pasv\r\n").text()).isEqualTo("EPSV\r\n");
            assertThat(ftp.answer(EXTENDED).text()).isEqualTo(PASSIVE);
            assertThat(ftp.expected()).as("the same port").isEqualTo(1);
        }
    }

    /** An address of IPv4 is of no use to a client of IPv6. */
    @Test
    void shouldLeaveAnOldAnswerAlone() {
        try (FtpSession ftp = session(true)) {
            assertThat(ftp.command("PASV\r\n").text()).isEqualTo("PASV\r\n");
            String said =
                    "227 Entering Passive Mode (" + FtpTest.commas(ftp.real) + ",195,203)\r\n";
            assertThat(ftp.answer(said).text()).isEqualTo(said);
            assertThat(ftp.untouched()).isEqualTo(1);
            assertThat(ftp.expected()).isZero();
        }
    }

    @ParameterizedTest(name = "client IPv6 {0} extended {1} server port {2}")
    @CsvSource({"true,true,20", "true,true,47123", "false,true,20", "false,false,20"})
    void shouldLetServersComeToClients(boolean v6, boolean extended, int serverPort) {
        try (FtpSession ftp = session(v6)) {
            ftp.command("USER me\r\n");
            Frames.Endpoint waiting = FtpTest.at(ftp.client, PORT);
            String said = FtpTest.active(ftp, extended, waiting);
            int sequence = ftp.clientNext;
            FtpSession.Segment got = ftp.command(said);
            Frames.Endpoint told = FtpTest.at(Lab.local(!v6), FtpTest.localPort(got.text(), true));
            assertThat(got.text())
                    .isEqualTo(
                            "EPRT |%d|%s|%d|\r\n"
                                    .formatted(
                                            v6 ? 1 : 2, FtpTest.full(told.address()), told.port()));
            assertThat(ftp.commandAt(sequence, said)).as("once more").isEqualTo(got);
            int grown = got.text().length() - said.length();

            FtpSession.Segment syn =
                    ftp.toClient(FtpTest.at(ftp.real, serverPort), told, 7, 0, SYN, "");
            assertThat(syn.from()).isEqualTo(FtpTest.at(ftp.virtual, 20));
            assertThat(syn.to()).isEqualTo(waiting);
            FtpSession.Segment answer = ftp.toServer(waiting, syn.from(), 90, 8, SYN_ACK, "");
            assertThat(answer.from()).isEqualTo(told);
            assertThat(answer.to()).isEqualTo(FtpTest.at(ftp.real, serverPort));
            ftp.toClient(FtpTest.at(ftp.real, serverPort), told, 8, 91, Frames.ACK, "");
            assertThat(ftp.count(ServerCounter.ACTIVE)).isEqualTo(2);
            assertThat(ftp.command("LIST\r\n").sequence()).isEqualTo(ftp.clientNext - 6 + grown);
            ftp.clientNext += grown;
            assertThat(ftp.answer("200 ok\r\n").ack()).isEqualTo(ftp.clientNext - grown);
            assertThat(ftp.untouched()).isZero();
        }
    }

    /** What the server puts together is without holes and without contradictions. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveOneStreamHoweverItIsSentAgain(boolean v6) {
        SplittableRandom random = new SplittableRandom(6384);
        for (int round = 0; round < 10; round++) {
            try (FtpSession ftp = session(v6)) {
                FtpTest.chat(ftp, random);
            }
        }
    }
}
