package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.packet.AsciiBuffer;
import io.jvs.service.Address;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FtpLineTest {
    private final MemoryRegion memory = MemoryRegion.anonymous(4096);
    private final FtpLine line = new FtpLine();

    @AfterEach
    void close() {
        memory.close();
    }

    /** The text ends where the page ends, so that nothing behind it can be read unnoticed. */
    private int read(String text, boolean fromClient) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        long at = memory.address() + memory.bytes() - bytes.length;
        Memory.copyIn(bytes, 0, at, bytes.length);
        return line.read(at, at + bytes.length, fromClient);
    }

    private Address address() {
        return line.ipv6
                ? Address.ofIpv6(Long.reverseBytes(line.first), Long.reverseBytes(line.last))
                : Address.ofIpv4(Integer.reverseBytes((int) line.first));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PASV; 1", "pasv; 1", "PaSv x; 1", "EPSV; 2", "EPSV 1; 2", "EPSV ALL; 2",
                "PASVX; 0", "USER; 0", "PAS; 0", "NOOP; 0", "227 (1,2,3,4,5,6); 0", "PORTX 1; 0"
            })
    void shouldKnowCommands(String text, int kind) {
        assertThat(read(text, true)).isEqualTo(kind);
        assertThat(read(text + "\r", true)).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PORT 10,1,2,3,4,5; 10.1.2.3; 1029",
                "port   255,255,255,255,255,255  ; 255.255.255.255; 65535",
                "PORT 010,001,2,3,0,1; 10.1.2.3; 1"
            })
    void shouldReadPort(String text, String address, int port) {
        assertThat(read(text, true)).isEqualTo(FtpLine.ACTIVE);
        assertThat(address()).isEqualTo(Address.parse(address));
        assertThat(line.port).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "EPRT |1|132.235.1.2|6275|; 132.235.1.2; 6275",
                "EPRT |2|1080::8:800:200C:417A|5282|; 1080::8:800:200c:417a; 5282",
                "eprt !2!::!65535!; ::; 65535",
                "EPRT |2|::1|1|; ::1; 1",
                "EPRT |2|2001:db8::|21|; 2001:db8::; 21",
                "EPRT |2|1:2:3:4:5:6:7:8|21|; 1:2:3:4:5:6:7:8; 21",
                "EPRT |2|1:2:3:4:5:6:7::|21|; 1:2:3:4:5:6:7:0; 21",
                "EPRT |2|::2:3:4:5:6:7:8|21|; 0:2:3:4:5:6:7:8; 21"
            })
    void shouldReadEprt(String text, String address, int port) {
        assertThat(read(text, true)).isEqualTo(FtpLine.ACTIVE_EXTENDED);
        assertThat(address()).isEqualTo(Address.parse(address));
        assertThat(line.port).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "227 Entering Passive Mode (10,1,2,3,4,5).",
                "227 Entering Passive Mode (10,1,2,3,4,5)",
                "227 Entering Passive Mode. 10,1,2,3,4,5",
                "227 2 passive (10,1,2,3,4,5)",
                "227 =10,1,2,3,4,5"
            })
    void shouldRead227(String text) {
        assertThat(read(text, false)).isEqualTo(FtpLine.PASSIVE);
        assertThat(address()).isEqualTo(Address.parse("10.1.2.3"));
        assertThat(line.port).isEqualTo(1029);
    }

    @Test
    void shouldRead229() {
        assertThat(read("229 Entering Extended Passive Mode (|||6446|)", false))
                .isEqualTo(FtpLine.PASSIVE_EXTENDED);
        assertThat(line.port).isEqualTo(6446);
        assertThat(read("227-not this one (10,1,2,3,4,5)", false)).isEqualTo(FtpLine.OTHER);
        assertThat(read("226 done", false)).isEqualTo(FtpLine.OTHER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EPRT |2|1:2:3:4:5:6:7|21|",
                "EPRT |2|1:2:3:4:5:6:7:8:9|21|",
                "EPRT |2|1::2::3|21|",
                "EPRT |2|:1::2|21|",
                "EPRT |2|1:|21|",
                "EPRT |2|12345::|21|",
                "EPRT |2|fe80::1%eth0|21|",
                "EPRT |1|1.2.3|21|",
                "EPRT |1|1.2.3.4|21|x",
                "EPRT",
                "EPRT ",
                "EPRT |",
                "PORT 1,2,3,4,5,-6",
                "PORT 1,2,3,4,5,6,7",
                "PORT 000000001,2,3,4,5,6"
            })
    void shouldNotGuess(String text) {
        assertThat(read(text, true)).isEqualTo(FtpLine.BROKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "227 (",
                "227 ",
                "227 1,2,3",
                "229 (|||6446)",
                "229 (||6446|)",
                "229 |||6446|",
                "229 (|||0|)",
                "229 (|||65536|)",
                "229 (",
                "229 (|1||6446|)"
            })
    void shouldNotGuessAnswers(String text) {
        assertThat(read(text, false)).isEqualTo(FtpLine.BROKEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PORT 10,1,2,3,4,5; 192,168,77,100,195,203",
                "EPRT |1|10.1.2.3|21|; |1|192.168.77.100|50123|",
                "EPRT !1!10.1.2.3!21!; !1!192.168.77.100!50123!"
            })
    void shouldWriteInTheLinesOwnForm(String text, String wanted) {
        int kind = read(text, true);
        int raw = Integer.reverseBytes((int) Address.parse("192.168.77.100").low());
        assertThat(written(kind, raw, 0)).isEqualTo(wanted);
    }

    @Test
    void shouldWriteIpv6AndBarePorts() {
        int kind = read("EPRT |2|::1|21|", true);
        Address local = Address.parse("2001:db8:77::aa");
        long first = Long.reverseBytes(local.high());
        long last = Long.reverseBytes(local.low());
        assertThat(written(kind, first, last)).isEqualTo("|2|2001:db8:77:0:0:0:0:aa|50123|");
        kind = read("229 ok (|||7|)", false);
        assertThat(written(kind, 0, 0)).isEqualTo("|||50123|");
        assertThat(line.to - line.from).isEqualTo(5);
    }

    private String written(int kind, long first, long last) {
        AsciiBuffer buffer = new AsciiBuffer();
        line.write(buffer, kind, first, last, 50_123);
        buffer.copyTo(memory.address());
        byte[] bytes = new byte[buffer.length()];
        Memory.copyOut(memory.address(), bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Every string that an address turns into is read back as that address. */
    @Test
    void shouldReadWhateverAddressItWrites() {
        SplittableRandom random = new SplittableRandom(6);
        for (int round = 0; round < 2000; round++) {
            Address address = Address.ofIpv6(sparse(random) | Long.MIN_VALUE, sparse(random));
            assertThat(read("EPRT |2|" + address + "|" + (round + 1) + "|", true))
                    .as("%s", address)
                    .isEqualTo(FtpLine.ACTIVE_EXTENDED);
            assertThat(address()).isEqualTo(address);
        }
    }

    private static long sparse(SplittableRandom random) {
        long value = random.nextLong();
        for (int group = 0; group < 4; group++) {
            if (random.nextBoolean()) {
                value &= ~(0xFFFFL << 16 * group);
            }
        }
        return value;
    }

    /** Neither an exception nor a text outside of the line, whatever comes. */
    @Test
    void shouldSurviveGarbage() {
        SplittableRandom random = new SplittableRandom(959);
        String[] starts = {"PORT ", "EPRT |", "EPRT |2|", "227 (", "227 ", "229 (|||"};
        String letters = "0123456789abcdefABCDEF,.:|() \r-%";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder(starts[random.nextInt(starts.length)]);
            int length = random.nextInt(50);
            for (int i = 0; i < length; i++) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            boolean fromClient = text.charAt(0) > '9';
            int kind = read(text.toString(), fromClient);
            long end = memory.address() + memory.bytes();
            if (kind != FtpLine.BROKEN && kind != FtpLine.OTHER) {
                assertThat(line.from).isBetween(end - text.length(), line.to);
                assertThat(line.to).isLessThanOrEqualTo(end);
                assertThat(line.port).isBetween(1, 65535);
            }
        }
    }
}
