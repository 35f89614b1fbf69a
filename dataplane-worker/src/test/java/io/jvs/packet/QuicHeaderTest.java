package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuicHeaderTest {
    private final MemoryRegion memory = MemoryRegion.anonymous(4096);

    @AfterEach
    void close() {
        memory.close();
    }

    /** First octet, version, length of the id, what follows; offset and length found. */
    @ParameterizedTest
    @CsvSource({
        "40, '', 30, 1, 20",
        "40, '', 5, 1, 5",
        "00, '', 1, 1, 1",
        "40, '', 0, -1, 0",
        "e0, 0000000108, 8, 6, 8",
        "e0, 0000000114, 20, 6, 20",
        "e0, 0000000115, 30, -1, 0",
        "e0, 0000000108, 7, -1, 0",
        "e0, 00000001, 0, -1, 0",
        "c0, 0000000108, 8, -1, 0",
        "d0, 0000000108, 8, -1, 0",
        "f0, 0000000108, 8, -1, 0",
        "f0, 6b3343cf08, 8, 6, 8",
        "d0, 6b3343cf08, 8, -1, 0",
        "e0, 6b3343cf08, 8, -1, 0",
        "e0, ff00001d08, 8, 6, 8",
        "e0, 0000000008, 8, -1, 0",
        "e0, babababa08, 8, -1, 0",
        "e0, 0000000100, 0, 6, 0"
    })
    void shouldFindIdsThatServersHaveChosen(
            String octet, String version, int following, int offset, int bytes) {
        byte[] start = HexFormat.of().parseHex(octet + version);
        Memory.copyIn(start, 0, memory.address(), start.length);
        int found = QuicHeader.serverId(memory.address(), start.length + following);
        assertThat(found).isEqualTo(offset < 0 ? QuicHeader.NONE : offset << 8 | bytes);
    }
}
