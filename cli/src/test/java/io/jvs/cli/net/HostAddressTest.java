package io.jvs.cli.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAddressTest {
    @ParameterizedTest
    @CsvSource({
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "2001:db8:0:1:0:0:0:1, 2001:db8:0:1::1",
        "1:0:0:2:0:0:3:4, 1::2:0:0:3:4",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
        "::, ::",
        "::1, ::1",
        "::1.2.3.4, ::1.2.3.4",
        "::ffff:1.2.3.4, ::ffff:1.2.3.4",
        "64:ff9b::1.2.3.4, 64:ff9b::102:304",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "fe80::, fe80::",
        "10.0.0.1, 10.0.0.1",
        "255.255.255.255, 255.255.255.255",
    })
    void shouldReadAndWriteLiterals(String text, String written) {
        assertThat(HostAddress.parse(text)).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "12345::",
                "g::",
                "1:",
                ":1",
                "::1:",
                "1.2.3.4::",
                "::1.2.3",
                "10.0.0",
                "10.0.0.256",
                "10.0.0.01",
                "10.0.0.1.",
                ".1.2.3",
                "10.0.0.1.2",
                "1.2.3.4x",
                "::1%eth0"
            })
    void shouldRefuseWhatIsNoLiteral(String text) {
        assertThat(HostAddress.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1, 10.0.0.1",
        "10.1.2, 10.1.0.2",
        "24, 0.0.0.24",
        "0x7f.1, 127.0.0.1",
        "0xFFFFFF00, 255.255.255.0",
        "010.0.0.1, 8.0.0.1",
        "10.99.0.1, 10.99.0.1",
    })
    void shouldReadShortFormsAsInetAton(String text, String written) {
        assertThat(HostAddressParser.parseLenientIpv4(text)).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.", "10..1", "256.1", "1.2.3.256", "08.1.1.1", "4294967296", "abc"})
    void shouldRefuseWhatInetAtonRefuses(String text) {
        assertThat(HostAddressParser.parseLenientIpv4(text)).isNull();
    }

    @Test
    void shouldReadBackWhatItWrites() throws UnknownHostException {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 16 : 4];
            random.nextBytes(bytes);
            for (int b = 0; b < bytes.length; b++) {
                bytes[b] = random.nextInt(3) == 0 ? bytes[b] : 0;
            }
            HostAddress address = HostAddress.ofBytes(bytes);
            assertThat(address.bytes()).isEqualTo(bytes);
            assertThat(HostAddress.parse(address.toString())).isEqualTo(address);
            assertThat(InetAddress.getByName(address.toString()))
                    .isEqualTo(InetAddress.getByAddress(bytes));
        }
    }
}
