package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FTP through the whole pipeline: what each side gets to see, and the data connections. */
class FtpTest {
    private static final int PORT = 50_123;
    private static final String PORTS = ",195,203";
    private static final int SYN = Frames.SYN;
    private static final int SYN_ACK = Frames.SYN | Frames.ACK;

    /** The director to test. */
    Lab lab() {
        return new Lab();
    }

    static String commas(Address address) {
        return address.toString().replace('.', ',');
    }

    static Frames.Endpoint at(Address address, int port) {
        return new Frames.Endpoint(address, port);
    }

    private static String passiveAnswer(Address address) {
        return "227 Entering Passive Mode (" + commas(address) + PORTS + ").\r\n";
    }

    /** A client opens the data connection that was agreed upon, and the server answers. */
    static void openPassive(FtpSession ftp, int virtualPort, boolean full) {
        Frames.Endpoint from = at(ftp.client, 40_001);
        Frames.Endpoint vip = at(ftp.virtual, virtualPort);
        FtpSession.Segment syn = ftp.toServer(from, vip, 1, 0, SYN, "");
        assertThat(syn.to()).isEqualTo(at(ftp.real, PORT));
        assertThat(syn.from().address())
                .isEqualTo(full ? Lab.local(ftp.real.isIpv6()) : ftp.client);
        FtpSession.Segment answer = ftp.toClient(syn.to(), syn.from(), 9, 2, SYN_ACK, "");
        assertThat(answer.from()).isEqualTo(vip);
        assertThat(answer.to()).isEqualTo(from);
        ftp.toServer(from, vip, 2, 10, Frames.ACK, "");
        assertThat(ftp.count(ServerCounter.ACTIVE)).isEqualTo(2);
        assertThat(ftp.count(ServerCounter.INACTIVE)).isZero();
        assertThat(ftp.count(ServerCounter.CONNECTIONS))
                .as("connections that were scheduled")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"NAT", "FULLNAT"})
    void shouldNameTheVirtualAddressInPassiveAnswers(ForwardingMethod method) {
        try (FtpSession ftp = new FtpSession(lab(), method, false)) {
            ftp.answer("220 hello\r\n");
            assertThat(ftp.command("PASV\r\n").text()).isEqualTo("PASV\r\n");
            String said = passiveAnswer(ftp.real);
            FtpSession.Segment got = ftp.answer(said);
            assertThat(got.text()).isEqualTo(passiveAnswer(ftp.virtual));
            int shrunk = said.length() - got.text().length();
            assertThat(shrunk).isPositive();
            assertThat(ftp.count(ServerCounter.INACTIVE)).isEqualTo(1);
            assertThat(ftp.expected()).isEqualTo(1);

            ftp.serverNext -= shrunk;
            FtpSession.Segment next = ftp.command("RETR file\r\n");
            ftp.serverNext += shrunk;
            assertThat(next.ack()).isEqualTo(ftp.serverNext);
            openPassive(ftp, PORT, method == ForwardingMethod.FULLNAT);
            FtpSession.Segment more = ftp.answer("150 here it comes\r\n");
            assertThat(more.sequence()).isEqualTo(ftp.serverNext - 19 - shrunk);
            assertThat(ftp.untouched()).isZero();
        }
    }

    @ParameterizedTest(name = "{0} IPv6 {1}")
    @CsvSource({"NAT,false", "NAT,true", "FULLNAT,false", "FULLNAT,true"})
    void shouldExpectExtendedPassiveConnections(ForwardingMethod method, boolean v6) {
        try (FtpSession ftp = new FtpSession(lab(), method, v6)) {
            ftp.answer("220 hello\r\n");
            ftp.command("epsv\r\n");
            String answer = "229 Entering Extended Passive Mode (|||" + PORT + "|)\r\n";
            FtpSession.Segment got = ftp.answer(answer);
            assertThat(got.text()).isEqualTo(answer);
            openPassive(ftp, PORT, method == ForwardingMethod.FULLNAT);
            assertThat(ftp.answer("150 ok\r\n").sequence()).isEqualTo(ftp.serverNext - 8);
        }
    }

    static String active(FtpSession ftp, boolean extended, Frames.Endpoint at) {
        String text =
                extended
                        ? "EPRT |%d|%s|%d|\r\n"
                                .formatted(ftp.v6 ? 2 : 1, full(at.address()), at.port())
                        : "PORT %s,%d,%d\r\n"
                                .formatted(commas(at.address()), at.port() >> 8, at.port() & 0xFF);
        return text;
    }

    static String full(Address address) {
        if (!address.isIpv6()) {
            return address.toString();
        }
        byte[] b = address.bytes();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 16; i += 2) {
            text.append(i == 0 ? "" : ":");
            text.append(Integer.toHexString((b[i] & 0xFF) << 8 | b[i + 1] & 0xFF));
        }
        return text.toString();
    }

    @ParameterizedTest(name = "{0} IPv6 {1} extended {2} server port {3}")
    @CsvSource({
        "NAT,false,false,20",
        "NAT,false,true,20",
        "NAT,true,true,47123",
        "FULLNAT,false,false,20",
        "FULLNAT,false,true,47123",
        "FULLNAT,true,true,20"
    })
    void shouldLetServersComeToClients(
            ForwardingMethod method, boolean v6, boolean extended, int serverPort) {
        try (FtpSession ftp = new FtpSession(lab(), method, v6)) {
            ftp.command("USER me\r\n");
            Frames.Endpoint waiting = at(ftp.client, PORT);
            String said = active(ftp, extended, waiting);
            FtpSession.Segment got = ftp.command(said);
            Frames.Endpoint told = waiting;
            if (method == ForwardingMethod.FULLNAT) {
                told = at(Lab.local(v6), localPort(got.text(), extended));
            }
            assertThat(got.text()).isEqualTo(active(ftp, extended, told));
            int grown = got.text().length() - said.length();

            FtpSession.Segment syn = ftp.toClient(at(ftp.real, serverPort), told, 7, 0, SYN, "");
            assertThat(syn.from()).isEqualTo(at(ftp.virtual, 20));
            assertThat(syn.to()).isEqualTo(waiting);
            FtpSession.Segment answer = ftp.toServer(waiting, syn.from(), 90, 8, SYN_ACK, "");
            assertThat(answer.from()).isEqualTo(told);
            assertThat(answer.to()).isEqualTo(at(ftp.real, serverPort));
            ftp.toClient(at(ftp.real, serverPort), told, 8, 91, Frames.ACK, "");
            assertThat(ftp.count(ServerCounter.ACTIVE)).isEqualTo(2);

            assertThat(ftp.command("LIST\r\n").sequence()).isEqualTo(ftp.clientNext - 6 + grown);
            ftp.clientNext += grown;
            assertThat(ftp.answer("200 ok\r\n").ack()).isEqualTo(ftp.clientNext - grown);
            assertThat(ftp.untouched()).isZero();
        }
    }

    static int localPort(String text, boolean extended) {
        if (extended) {
            return Integer.parseInt(text.split("\\|", -1)[3]);
        }
        String[] parts = text.trim().split(",", -1);
        return Integer.parseInt(parts[4]) << 8 | Integer.parseInt(parts[5]);
    }

    @Test
    void shouldSayTheSameWhenAnAnswerIsSentOnceMore() {
        try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.NAT, false)) {
            ftp.answer("220 hello\r\n");
            ftp.command("PASV\r\n");
            FtpSession.Segment first = ftp.answer(passiveAnswer(ftp.real));
            int sequence = ftp.serverNext - passiveAnswer(ftp.real).length();
            assertThat(ftp.answerAt(sequence, passiveAnswer(ftp.real))).isEqualTo(first);
            openPassive(ftp, PORT, false);
            assertThat(ftp.answerAt(sequence, passiveAnswer(ftp.real) + "150 ok\r\n").text())
                    .isEqualTo(passiveAnswer(ftp.virtual) + "150 ok\r\n");
            assertThat(ftp.expected()).isEqualTo(1);
        }
    }

    @Test
    void shouldSayTheSameWhenACommandIsSentOnceMore() {
        try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.FULLNAT, false)) {
            ftp.command("USER me\r\n");
            String said = active(ftp, false, at(ftp.client, PORT));
            int sequence = ftp.clientNext;
            FtpSession.Segment first = ftp.command(said);
            assertThat(ftp.commandAt(sequence, said)).isEqualTo(first);
            assertThat(ftp.commandAt(sequence - 9, "USER me\r\n" + said).text())
                    .as("together with what came before")
                    .isEqualTo("USER me\r\n" + first.text());
            assertThat(ftp.expected()).isEqualTo(1);
            ftp.lab.dataplane.inject(Lab.WAN, ftp.commandFrame(sequence, said.substring(0, 12)));
            assertThat(ftp.lab.sent(Lab.LAN)).isEmpty();
            assertThat(ftp.lab.verdict(Verdict.DROP_FTP_REPEAT)).isEqualTo(1);
        }
    }

    @Test
    void shouldReadCommandsThatCameTogether() {
        try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.FULLNAT, false)) {
            ftp.command("USER me\r\n");
            String said = active(ftp, false, at(ftp.client, PORT));
            FtpSession.Segment got = ftp.command("TYPE I\r\n" + said + "LIST\r\n");
            int port = localPort(got.text().split("\r\n", -1)[1], false);
            assertThat(got.text())
                    .isEqualTo(
                            "TYPE I\r\n"
                                    + active(ftp, false, at(Lab.local(false), port))
                                    + "LIST\r\n");
        }
    }

    @Test
    void shouldLeaveCommandsAloneThatAreSplit() {
        try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.FULLNAT, false)) {
            ftp.command("USER me\r\n");
            String said = active(ftp, false, at(ftp.client, PORT));
            assertThat(ftp.command(said.substring(0, 14)).text()).isEqualTo(said.substring(0, 14));
            assertThat(ftp.command(said.substring(14)).text()).isEqualTo(said.substring(14));
            assertThat(ftp.untouched()).isEqualTo(1);
            assertThat(ftp.expected()).isZero();
            assertThat(ftp.command("PORT x\r\n").sequence()).isEqualTo(ftp.clientNext - 8);
            assertThat(ftp.untouched()).as("a line begins again").isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PORT 172,16,0,9,195\r\n",
                "PORT 172,16,0,9,256,1\r\n",
                "PORT 172,16,0,9,0,0\r\n",
                "PORT 172,16,0,10,195,203\r\n",
                "PORT 172,16,0,9,195,203 x\r\n",
                "PORT 172.16.0.9,195,203\r\n",
                "PORT \r\n",
                "PORT\r\n",
                "EPRT |1|172.16.0.9|65536|\r\n",
                "EPRT |1|172.16.0.9|0|\r\n",
                "EPRT |2|172.16.0.9|5000|\r\n",
                "EPRT |2|::1|5000|\r\n",
                "EPRT |1|172.16.0.9|5000\r\n",
                "EPRT |3|172.16.0.9|5000|\r\n",
                "EPRT |1|10.99.0.1|5000|\r\n"
            })
    void shouldLeaveWhatCannotBeUsedAlone(String said) {
        try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.FULLNAT, false)) {
            ftp.command("USER me\r\n");
            FtpSession.Segment got = ftp.command(said);
            assertThat(got.text()).isEqualTo(said);
            assertThat(ftp.untouched()).isEqualTo(1);
            assertThat(ftp.expected()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "227 Entering Passive Mode (192,168,77,2,195,203)\r\n",
                "227 Entering Passive Mode (192,168,77,1,3,203)\r\n",
                "227 Entering Passive Mode (192,168,77,1,195,203",
                "227 Entering Passive Mode\r\n"
            })
    void shouldNotOpenAWayToWhatIsNotTheServer(String said) {
        try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.NAT, false)) {
            ftp.answer("220 hello\r\n");
            ftp.command("PASV\r\n");
            assertThat(ftp.answer(said).text()).isEqualTo(said);
            assertThat(ftp.untouched()).isEqualTo(1);
            assertThat(ftp.expected()).isZero();
        }
    }

    @Test
    void shouldNotBelieveAnAnswerThatNobodyAskedFor() {
        try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.NAT, false)) {
            ftp.answer("220 hello\r\n");
            assertThat(ftp.answer(passiveAnswer(ftp.real)).text())
                    .isEqualTo(passiveAnswer(ftp.real));
            ftp.command("PASV\r\n");
            ftp.answer("550 no file called ");
            assertThat(ftp.answer(passiveAnswer(ftp.real)).text())
                    .as("the middle of a line")
                    .isEqualTo(passiveAnswer(ftp.real));
            assertThat(ftp.expected()).isZero();
        }
    }

    @Test
    void shouldTakeAServerThatNamesTheVirtualAddressItself() {
        try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.NAT, false)) {
            ftp.answer("220 hello\r\n");
            ftp.command("PASV\r\n");
            ftp.answer("227 at " + commas(ftp.virtual) + PORTS + "\r\n");
            openPassive(ftp, PORT, false);
        }
    }

    @Test
    void shouldNotReadDamagedSegments() {
        try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.FULLNAT, false)) {
            ftp.command("USER me\r\n");
            byte[] frame =
                    ftp.commandFrame(ftp.clientNext, active(ftp, false, at(ftp.client, PORT)));
            frame[frame.length - 3]++;
            ftp.lab.dataplane.inject(Lab.WAN, frame);
            List<byte[]> sent = ftp.lab.sent(Lab.LAN);
            assertThat(sent).hasSize(1);
            assertThat(sent.getFirst()).hasSameSizeAs(frame);
            assertThat(Frames.read(sent.getFirst()).checksumsRight()).isFalse();
            assertThat(ftp.expected()).isZero();
        }
    }

    @Test
    void shouldNotLetALineGrowOverTheMtu() {
        try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.FULLNAT, false)) {
            ftp.command("USER me\r\n");
            String said = active(ftp, false, at(ftp.client, PORT));
            String before = "NOOP " + "x".repeat(1460 - said.length() - 7) + "\r\n";
            assertThat(ftp.command(before + said).text()).isEqualTo(before + said);
            assertThat(ftp.untouched()).isEqualTo(1);
        }
    }

    @Test
    void shouldExpectOnlySoManyAtOnce() {
        try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.NAT, false)) {
            ftp.command("USER me\r\n");
            for (int i = 0; i < ExpectedConnections.MAX_EXPECTED + 5; i++) {
                ftp.command(active(ftp, false, at(ftp.client, PORT + i)));
            }
            assertThat(ftp.expected()).isEqualTo(ExpectedConnections.MAX_EXPECTED);
            assertThat(ftp.untouched()).isEqualTo(5);
            ftp.lab.dataplane.advance(125 * Lab.SECOND);
            assertThat(ftp.count(ServerCounter.INACTIVE)).isZero();
            ftp.command(active(ftp, false, at(ftp.client, PORT)));
            assertThat(ftp.expected()).isEqualTo(ExpectedConnections.MAX_EXPECTED + 1);
        }
    }

    @Test
    void shouldKeepTheControlConnectionWhileItsDataFlows() {
        try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.NAT, false)) {
            ftp.answer("220 hello\r\n");
            ftp.command("PASV\r\n");
            ftp.answer(passiveAnswer(ftp.real));
            openPassive(ftp, PORT, false);
            for (int minute = 0; minute < 20; minute++) {
                ftp.lab.dataplane.advance(60 * Lab.SECOND);
                ftp.toServer(at(ftp.client, 40_001), at(ftp.virtual, PORT), 2, 10, Frames.ACK, "");
            }
            assertThat(ftp.count(ServerCounter.ACTIVE)).isEqualTo(2);
            assertThat(ftp.answer("226 done\r\n").text()).isEqualTo("226 done\r\n");
        }
    }

    @Test
    void shouldGiveAnotherVirtualPortWhereTwoServersListenOnOne() {
        Lab lab = FtpSession.configured(lab(), ForwardingMethod.NAT, false, 21, 2);
        try (FtpSession first = new FtpSession(lab, false, 21, 40_000)) {
            FtpSession second = new FtpSession(lab, false, 21, 40_010);
            assertThat(second.real).isNotEqualTo(first.real);
            String answer = "229 ok (|||" + PORT + "|)\r\n";
            for (FtpSession ftp : List.of(first, second)) {
                ftp.command("EPSV\r\n");
            }
            assertThat(first.answer(answer).text()).isEqualTo(answer);
            assertThat(second.answer(answer).text())
                    .isEqualTo("229 ok (|||" + (PORT + 1) + "|)\r\n");
            Frames.Endpoint from = at(first.client, 40_001);
            for (int k = 0; k < 2; k++) {
                FtpSession.Segment syn =
                        first.toServer(from, at(first.virtual, PORT + k), 1, 0, SYN, "");
                assertThat(syn.to()).isEqualTo(at(k == 0 ? first.real : second.real, PORT));
            }
        }
    }

    /** What the server puts together is without holes and without contradictions. */
    @Test
    void shouldGiveOneStreamHoweverItIsSentAgain() {
        SplittableRandom random = new SplittableRandom(21);
        for (int round = 0; round < 20; round++) {
            try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.FULLNAT, false)) {
                chat(ftp, random);
            }
        }
    }

    private record Said(int sequence, String text, FtpSession.Segment got) {}

    static void chat(FtpSession ftp, SplittableRandom random) {
        List<Said> sent = new ArrayList<>();
        int changed = 0;
        for (int step = 0; step < 40; step++) {
            StringBuilder text = new StringBuilder();
            boolean changes = sent.isEmpty() || random.nextInt(3) == 0;
            if (changes) {
                // A client waits for the answer to a command before it says the next one.
                changed = sent.size();
            }
            for (int line = random.nextInt(3); line > 0; line--) {
                text.append("NOOP ").append("x".repeat(random.nextInt(40))).append("\r\n");
            }
            if (changes && ftp.expected() < ExpectedConnections.MAX_EXPECTED) {
                boolean extended = random.nextBoolean() || ftp.v6;
                text.append(active(ftp, extended, at(ftp.client, 1 + 997 * step)));
            }
            text.append("STAT\r\n");
            int sequence = ftp.clientNext;
            FtpSession.Segment got = ftp.command(text.toString());
            if (!sent.isEmpty()) {
                FtpSession.Segment before = sent.getLast().got();
                assertThat(got.sequence()).isEqualTo(before.sequence() + before.text().length());
            }
            sent.add(new Said(sequence, text.toString(), got));
            int from = changed + random.nextInt(sent.size() - changed);
            sayAgain(ftp, sent.subList(from, from + 1 + random.nextInt(sent.size() - from)));
            acknowledge(ftp, got);
        }
    }

    private static void sayAgain(FtpSession ftp, List<Said> segments) {
        StringBuilder text = new StringBuilder();
        StringBuilder wanted = new StringBuilder();
        for (Said said : segments) {
            text.append(said.text());
            wanted.append(said.got().text());
        }
        FtpSession.Segment got = ftp.commandAt(segments.getFirst().sequence(), text.toString());
        assertThat(got.text()).isEqualTo(wanted.toString());
        assertThat(got.sequence()).isEqualTo(segments.getFirst().got().sequence());
    }

    private static void acknowledge(FtpSession ftp, FtpSession.Segment got) {
        int mine = ftp.clientNext;
        ftp.clientNext = got.sequence() + got.text().length();
        assertThat(ftp.answer("200 ok\r\n").ack()).isEqualTo(mine);
        ftp.clientNext = mine;
    }

    @Test
    void shouldOnlyReadOnItsPorts() {
        try (FtpSession other =
                new FtpSession(
                        FtpSession.configured(lab(), ForwardingMethod.NAT, false, 2100, 1),
                        false,
                        2100,
                        40_000)) {
            other.answer("220 hello\r\n");
            other.command("PASV\r\n");
            assertThat(other.answer(passiveAnswer(other.real)).text())
                    .isEqualTo(passiveAnswer(other.real));
            assertThat(other.expected()).isZero();
        }
    }

    @Test
    void shouldListWhatItExpects() {
        try (FtpSession ftp = new FtpSession(lab(), ForwardingMethod.NAT, false)) {
            ftp.answer("220 hello\r\n");
            ftp.command("PASV\r\n");
            ftp.answer(passiveAnswer(ftp.real));
            List<ConnectionView> views = ftp.lab.dataplane.connections(10).join();
            assertThat(views)
                    .anySatisfy(view -> {
                        assertThat(view.state()).isEqualTo("LISTEN");
                        assertThat(view.clientPort()).isZero();
                        assertThat(view.virtualPort()).isEqualTo(PORT);
                        assertThat(view.realPort()).isEqualTo(PORT);
                    });
        }
    }
}
