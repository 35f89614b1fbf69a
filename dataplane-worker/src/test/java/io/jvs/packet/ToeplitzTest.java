package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.service.Address;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against Microsoft's "Verifying the RSS hash calculation". */
class ToeplitzTest {
    static final byte[] MICROSOFT_KEY =
            HexFormat.of()
                    .parseHex(
                            "6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b4"
                                    + "77cb2da38030f20c6a42b73bbeac01fa");

    private final Toeplitz toeplitz = new Toeplitz(MICROSOFT_KEY);

    @ParameterizedTest
    @CsvSource({
        "66.9.149.187, 2794, 161.142.100.80, 1766, 323e8fc2, 51ccc178",
        "199.92.111.2, 14230, 65.69.140.83, 4739, d718262a, c626b0ea",
        "24.19.198.95, 12898, 12.22.207.184, 38024, d2d0a5de, 5c2b394a",
        "38.27.205.30, 48228, 209.142.163.6, 2217, 82989176, afc7327f",
        "153.39.163.191, 44251, 202.188.127.2, 1303, 5d1809c5, 10e828a2"
    })
    void shouldHashIpv4AsPublished(
            String source, int sport, String target, int dport, String plain, String ported) {
        long key0 = raw4(source) | raw4(target) << 32;
        int ports = ports(sport, dport);
        assertThat(Integer.toHexString(toeplitz.hash4(key0))).isEqualTo(plain);
        assertThat(Integer.toHexString(toeplitz.hash4(key0, ports))).isEqualTo(ported);
        int split = toeplitz.hash4(key0, ports & 0xFFFF) ^ toeplitz.ofDestinationPort(false, dport);
        assertThat(Integer.toHexString(split)).isEqualTo(ported);
    }

    @ParameterizedTest
    @CsvSource({
        "3ffe:2501:200:1fff::7, 2794, 3ffe:2501:200:3::1, 1766, 2cc18cd5, 40207d3d",
        "3ffe:501:8::260:97ff:fe40:efab, 14230, ff02::1, 4739, f0c461c, dde51bbf",
        "3ffe:1900:4545:3:200:f8ff:fe21:67cf, 44251, fe80::200:f8ff:fe21:67cf, 38024,"
                + " 4b61e985, 2d1feef"
    })
    void shouldHashIpv6AsPublished(
            String source, int sport, String target, int dport, String plain, String ported) {
        Address from = Address.parse(source);
        Address to = Address.parse(target);
        long k0 = Long.reverseBytes(from.high());
        long k1 = Long.reverseBytes(from.low());
        long k2 = Long.reverseBytes(to.high());
        long k3 = Long.reverseBytes(to.low());
        int ports = ports(sport, dport);
        assertThat(Integer.toHexString(toeplitz.hash6(k0, k1, k2, k3))).isEqualTo(plain);
        assertThat(Integer.toHexString(toeplitz.hash6(k0, k1, k2, k3, ports))).isEqualTo(ported);
        int split =
                toeplitz.hash6(k0, k1, k2, k3, ports & 0xFFFF)
                        ^ toeplitz.ofDestinationPort(true, dport);
        assertThat(Integer.toHexString(split)).isEqualTo(ported);
    }

    @Test
    void shouldRefuseAShortKey() {
        assertThatThrownBy(() -> new Toeplitz(new byte[39]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("An RSS key needs 40 bytes at least, not 39.");
    }

    @Test
    void shouldTellWhetherPortsReachAllEntries() {
        assertThat(new Toeplitz(new byte[40]).reachesAll(2)).isFalse();
        byte[] symmetric = new byte[40];
        for (int i = 0; i < 40; i++) {
            symmetric[i] = (byte) (i % 2 == 0 ? 0x6d : 0x5a);
        }
        assertThat(new Toeplitz(symmetric).reachesAll(512)).isEqualTo(counts(symmetric, 512));
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 200; i++) {
            byte[] key = new byte[40];
            random.nextBytes(key);
            assertThat(new Toeplitz(key).reachesAll(2048)).isEqualTo(counts(key, 2048));
        }
    }

    private static boolean counts(byte[] key, int entries) {
        Toeplitz hash = new Toeplitz(key);
        for (boolean ipv6 : new boolean[] {false, true}) {
            int[] ports = new int[entries];
            for (int port = 0; port < 65_536; port++) {
                ports[hash.ofDestinationPort(ipv6, port) & entries - 1]++;
            }
            for (int count : ports) {
                if (count != 65_536 / entries) {
                    return false;
                }
            }
        }
        return true;
    }

    @Test
    void shouldDrawAKeyThatReachesAllEntries() {
        Toeplitz hash = Toeplitz.random(2048, new SplittableRandom(9));
        assertThat(counts(hash.key(), 2048)).isTrue();
    }

    private static long raw4(String address) {
        return Integer.toUnsignedLong(Integer.reverseBytes((int) Address.parse(address).low()));
    }

    private static int ports(int source, int target) {
        return Short.reverseBytes((short) source) & 0xFFFF
                | Short.reverseBytes((short) target) << 16;
    }
}
