package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of RFC 7915, sections 4.2 (figures 3 and 4) and 5.2 (figures 5 and 6), in full. */
class IcmpFamilyTableTest {
    /** By ICMP type and code. */
    private static final Map<Integer, Integer> TO_IPV6 =
            Map.ofEntries(
                    Map.entry(0x0300, 0x0100),
                    Map.entry(0x0301, 0x0100),
                    Map.entry(0x0302, 0x0401),
                    Map.entry(0x0303, 0x0104),
                    Map.entry(0x0304, 0x0200),
                    Map.entry(0x0305, 0x0100),
                    Map.entry(0x0306, 0x0100),
                    Map.entry(0x0307, 0x0100),
                    Map.entry(0x0308, 0x0100),
                    Map.entry(0x0309, 0x0101),
                    Map.entry(0x030A, 0x0101),
                    Map.entry(0x030B, 0x0100),
                    Map.entry(0x030C, 0x0100),
                    Map.entry(0x030D, 0x0101),
                    Map.entry(0x030F, 0x0101),
                    Map.entry(0x0B00, 0x0300),
                    Map.entry(0x0B01, 0x0301),
                    Map.entry(0x0C00, 0x0400),
                    Map.entry(0x0C02, 0x0400));

    private static final Map<Integer, Integer> TO_IPV4 =
            Map.ofEntries(
                    Map.entry(0x0100, 0x0301),
                    Map.entry(0x0101, 0x030A),
                    Map.entry(0x0102, 0x0301),
                    Map.entry(0x0103, 0x0301),
                    Map.entry(0x0104, 0x0303),
                    Map.entry(0x0200, 0x0304),
                    Map.entry(0x0300, 0x0B00),
                    Map.entry(0x0301, 0x0B01),
                    Map.entry(0x0400, 0x0C00),
                    Map.entry(0x0401, 0x0302));

    private static final Map<Integer, Integer> POINTERS_TO_IPV6 =
            Map.ofEntries(
                    Map.entry(0, 0),
                    Map.entry(1, 1),
                    Map.entry(2, 4),
                    Map.entry(3, 4),
                    Map.entry(8, 7),
                    Map.entry(9, 6),
                    Map.entry(12, 8),
                    Map.entry(13, 8),
                    Map.entry(14, 8),
                    Map.entry(15, 8),
                    Map.entry(16, 24),
                    Map.entry(17, 24),
                    Map.entry(18, 24),
                    Map.entry(19, 24));

    @Test
    void shouldKnowEachIcmpError() {
        for (int type = 0; type < 256; type++) {
            for (int code = 0; code < 16; code++) {
                if (type != 11 || code < 2) {
                    assertThat(IcmpFamilyTable.toIpv6(type, code))
                            .as("type %d code %d", type, code)
                            .isEqualTo(TO_IPV6.getOrDefault(type << 8 | code, -1));
                }
            }
        }
    }

    @Test
    void shouldKnowEachIcmpV6Error() {
        for (int type = 0; type < 256; type++) {
            for (int code = 0; code < 16; code++) {
                if (type != 3 && type != 2 || TO_IPV4.containsKey(type << 8 | code)) {
                    assertThat(IcmpFamilyTable.toIpv4(type, code))
                            .as("type %d code %d", type, code)
                            .isEqualTo(TO_IPV4.getOrDefault(type << 8 | code, -1));
                }
            }
        }
    }

    @Test
    void shouldKnowWhereFieldsAreInTheOtherHeader() {
        for (int pointer = 0; pointer < 256; pointer++) {
            assertThat(IcmpFamilyTable.pointerToIpv6(pointer))
                    .isEqualTo(POINTERS_TO_IPV6.getOrDefault(pointer, -1));
            assertThat(IcmpFamilyTable.pointerToIpv4(pointer)).isEqualTo(pointerToIpv4(pointer));
        }
        assertThat(IcmpFamilyTable.pointerToIpv4(-1)).isEqualTo(-1);
    }

    private static int pointerToIpv4(int pointer) {
        if (pointer < 2) {
            return pointer;
        }
        if (pointer >= 8 && pointer < 40) {
            return pointer < 24 ? 12 : 16;
        }
        return pointer == 4 || pointer == 5 ? 2 : pointer == 6 ? 9 : pointer == 7 ? 8 : -1;
    }

    /** RFC 1191 section 7. */
    @ParameterizedTest
    @CsvSource({
        "65535, 32000",
        "32000, 17914",
        "17914, 8166",
        "8166, 4352",
        "4353, 4352",
        "4352, 2002",
        "2002, 1492",
        "1500, 1492",
        "1492, 1006",
        "1006, 508",
        "508, 296",
        "296, 68",
        "40, 68"
    })
    void shouldGuessTheSizeBelow(int total, int below) {
        assertThat(IcmpFamilyTable.plateau(total)).isEqualTo(below);
    }
}
