package io.jvs.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    /**
     * What inet_pton(3) and inet_ntop(3) of glibc 2.36 made of these texts: text, tab, text or "-".
     */
    static Stream<String[]> recordedByGlibc() throws IOException {
        try (InputStream in = AddressTest.class.getResourceAsStream("/address/glibc.tsv")) {
            String all =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return all.lines().map(line -> line.split("\t", -1)).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("recordedByGlibc")
    void shouldReadAndWriteAsGlibcDoes(String text, String expected) {
        if (expected.equals("-")) {
            assertThatThrownBy(() -> Address.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("'" + text + "' is not an IPv4 or IPv6 address");
        } else {
            assertThat(Address.parse(text)).hasToString(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"١.2.3.4", "１.2.3.4", "::１", "localhost", "10.0.0.1\n"})
    void shouldTakeNothingButAsciiLiterals(String text) {
        assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldHoldIpv4InTheLowWord() {
        Address address = Address.parse("10.99.0.1");

        assertThat(address).isEqualTo(Address.ofIpv4(0x0A63_0001));
        assertThat(address.high()).isZero();
        assertThat(address.low()).isEqualTo(0x0A63_0001L);
        assertThat(Address.parse("255.255.255.255").low()).isEqualTo(0xFFFF_FFFFL);
    }

    @Test
    void shouldHoldIpv6InTwoWords() {
        Address address = Address.parse("2001:db8:99::1");

        assertThat(address).isEqualTo(Address.ofIpv6(0x2001_0DB8_0099_0000L, 1));
        assertThat(address.isIpv6()).isTrue();
    }

    @Test
    void shouldKeepMappedAddressesInTheIpv6Family() {
        Address address = Address.parse("::ffff:10.0.0.1");

        assertThat(address.family()).isEqualTo(AddressFamily.IPV6);
        assertThat(address.bytes()).hasSize(16);
        assertThat(address).isNotEqualTo(Address.parse("10.0.0.1"));
    }

    @Test
    void shouldComeBackFromTextAndBytes() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 5000; i++) {
            Address v4 = Address.ofIpv4(random.nextInt());
            Address v6 = Address.ofIpv6(sparse(random), sparse(random));
            for (Address address : List.of(v4, v6)) {
                assertThat(Address.parse(address.toString())).isEqualTo(address);
                assertThat(Address.ofBytes(address.bytes())).isEqualTo(address);
            }
        }
    }

    private static long sparse(SplittableRandom random) {
        long word = random.nextLong();
        for (int group = 0; group < 4; group++) {
            if (random.nextBoolean()) {
                word &= ~(0xFFFFL << group * 16);
            }
        }
        return word;
    }

    @Test
    void shouldWriteBytesInNetworkOrder() {
        assertThat(Address.parse("1.2.3.4").bytes()).containsExactly(1, 2, 3, 4);
        assertThat(Address.parse("102:304:506:708:90a:b0c:d0e:f10").bytes())
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
        assertThat(Address.parse("1.2.3.4").toInetAddress().getAddress())
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void shouldRefuseBytesOfAnotherLength() {
        assertThatThrownBy(() -> Address.ofBytes(new byte[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an address has 4 or 16 bytes, not 5");
    }

    @ParameterizedTest
    @CsvSource({
        "10.99.7.1, 0, 0.0.0.0",
        "10.99.7.1, 8, 10.0.0.0",
        "10.99.7.1, 23, 10.99.6.0",
        "10.99.7.1, 32, 10.99.7.1",
        "2001:db8:ffff::1, 0, ::",
        "2001:db8:ffff::1, 33, 2001:db8:8000::",
        "2001:db8::ffff:0:0:1, 64, 2001:db8::",
        "2001:db8::ffff:0:0:1, 65, 2001:db8:0:0:8000::",
        "2001:db8::ffff:0:0:1, 127, 2001:db8::ffff:0:0:0",
        "2001:db8::ffff:0:0:1, 128, 2001:db8::ffff:0:0:1"
    })
    void shouldMaskToThePrefix(String text, int prefixLength, String expected) {
        assertThat(Address.parse(text).masked(prefixLength)).isEqualTo(Address.parse(expected));
    }

    @Test
    void shouldMaskBitByBit() {
        SplittableRandom random = new SplittableRandom(12);
        for (int i = 0; i < 2000; i++) {
            Address address = Address.ofIpv6(random.nextLong(), random.nextLong());
            int prefixLength = random.nextInt(129);
            byte[] bytes = address.bytes();
            for (int bit = prefixLength; bit < 128; bit++) {
                bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
            }
            assertThat(address.masked(prefixLength)).isEqualTo(Address.ofBytes(bytes));
        }
    }

    @Test
    void shouldTellWhatIsInANetwork() {
        assertThat(Address.parse("10.1.2.3").isIn(Address.parse("10.1.0.0"), 16)).isTrue();
        assertThat(Address.parse("10.2.2.3").isIn(Address.parse("10.1.0.0"), 16)).isFalse();
        assertThat(Address.parse("::1").isIn(Address.parse("0.0.0.1"), 0)).isFalse();
        assertThat(Address.parse("2001:db8::1").isIn(Address.parse("2001:db8:7::"), 32)).isTrue();
    }

    @Test
    void shouldSortByFamilyThenUnsigned() {
        List<Address> sorted =
                Stream.of("::1", "200.0.0.1", "8000::", "10.0.0.1", "::8000:0:0:0")
                        .map(Address::parse)
                        .sorted()
                        .toList();

        assertThat(sorted)
                .extracting(Address::toString)
                .containsExactly("10.0.0.1", "200.0.0.1", "::1", "::8000:0:0:0", "8000::");
    }
}
