package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuicIdReaderTest {
    private static final String KEY = "8f95f09245765f80256934e50c66207f";

    private final MemoryRegion memory = MemoryRegion.anonymous(4096);

    @AfterEach
    void close() {
        memory.close();
    }

    private long put(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        Memory.copyIn(bytes, 0, memory.address(), bytes.length);
        return memory.address();
    }

    private static String serverId(QuicIdReader reader, int bytes) {
        return HexFormat.of()
                .toHexDigits(reader.first())
                .concat(HexFormat.of().toHexDigits(reader.last()))
                .substring(0, 2 * bytes);
    }

    /** draft-ietf-quic-load-balancers-21, the example of section 5.4 and appendix B. */
    @ParameterizedTest
    @CsvSource({
        "c4605e, 4, '', 07c4605e4504cc4f",
        "350d28b420, 5, '', 2a350d28b4203487d9700b",
        "31441a, 4, fdf726a9893ec05c0632d3956680baf0, 0767947d29be054a",
        "ed793a, 4, " + KEY + ", 0720b1d07b359d3c",
        "ed793a51d49b8f5fab65, 5, " + KEY + ", 2fcc381bc74cb4fbad2823a3d1f8fed2",
        "ed793a51d49b8f5f, 8, " + KEY + ", 504dd2d05a7b0de9b2b9907afb5ecf8cc3",
        "ed793a51d49b8f5fab, 9, " + KEY + ", 125779c9cc86beb3a3a4a3ca96fce4bfe0cdbc",
    })
    void shouldReadTheDraftsExamples(String serverId, int nonceBytes, String key, String id) {
        int bytes = serverId.length() / 2;
        QuicIdReader reader = new QuicIdReader(bytes, nonceBytes, HexFormat.of().parseHex(key));
        long at = put(id);
        assertThat(reader.read(at, id.length() / 2)).isTrue();
        assertThat(serverId(reader, bytes)).isEqualTo(serverId);
        assertThat(reader.read(at, 20)).as("a longer one").isTrue();
        assertThat(reader.read(at, id.length() / 2 - 1)).as("a shorter one").isFalse();
        assertThat(reader.read(at, 0)).isFalse();
    }

    /** The example of DPVS: 192.168.111.222:8029, two bytes of the address and the port. */
    @Test
    void shouldReadAddressAndPort() {
        QuicIdReader reader = new QuicIdReader(1, 4, new byte[0]);
        long id = put("a5" + "36fde1f5d9" + "01234567");
        assertThat(reader.readSuffix(id, 10)).isEqualTo(2 << 1 | 1);
        assertThat(serverId(reader, 4)).isEqualTo("6fde1f5d");
    }

    @Test
    void shouldReadAnAddressWithoutPort() {
        QuicIdReader reader = new QuicIdReader(1, 4, new byte[0]);
        assertThat(reader.readSuffix(put("00e20010db800000000105"), 11)).isEqualTo(8 << 1);
        assertThat(serverId(reader, 8)).isEqualTo("20010db800000000");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 6, 11})
    void shouldNotReadBehindTheEnd(int bytes) {
        QuicIdReader reader = new QuicIdReader(1, 4, new byte[0]);
        assertThat(reader.readSuffix(put("00ffffffffffffffffffffffffff"), bytes)).isNegative();
    }
}
