package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against DPDK's rte_softrss, which gcc compiles from the installed rte_thash.h. */
class SoftRssProbeTest {
    private static final Path HEADERS = Path.of("/usr/include/dpdk");
    private static final int ROUNDS = 2000;
    private static final String PROGRAM =
            """
            #include <stdio.h>
            #include <string.h>
            #include <arpa/inet.h>
            #include <rte_thash.h>
            int main(void)
            {
                static unsigned char key[40], tuple[36];
                unsigned words[9];
                int bytes;
                while (scanf("%d", &bytes) == 1) {
                    unsigned v;
                    for (int i = 0; i < 40; i++) { if (scanf("%2x", &v) != 1) return 1; key[i] = v; }
                    for (int i = 0; i < bytes; i++) { if (scanf("%2x", &v) != 1) return 1; tuple[i] = v; }
                    memcpy(words, tuple, bytes);
                    for (int i = 0; i < bytes / 4; i++) words[i] = ntohl(words[i]);
                    printf("%x\\n", rte_softrss(words, bytes / 4, key));
                }
                return 0;
            }
            """;

    @TempDir Path directory;

    @Test
    void shouldHashAsDpdkDoes() throws Exception {
        assumeTrue(
                Files.exists(HEADERS.resolve("rte_thash.h")),
                "DPDK's headers are missing: apt-get install libdpdk-dev gcc");
        SplittableRandom random = new SplittableRandom(41);
        StringBuilder input = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] key = new byte[Toeplitz.KEY_BYTES];
            byte[] tuple = new byte[List.of(8, 12, 32, 36).get(round % 4)];
            random.nextBytes(key);
            random.nextBytes(tuple);
            input.append(tuple.length).append('\n');
            input.append(HexFormat.of().formatHex(key)).append('\n');
            input.append(HexFormat.of().formatHex(tuple)).append('\n');
            expected.append(Integer.toHexString(hash(new Toeplitz(key), tuple))).append('\n');
        }
        assertThat(run(input.toString())).isEqualTo(expected.toString());
    }

    private static int hash(Toeplitz toeplitz, byte[] tuple) {
        ByteBuffer words = ByteBuffer.wrap(tuple).order(ByteOrder.nativeOrder());
        long first = words.getLong();
        if (tuple.length <= 12) {
            return tuple.length == 8
                    ? toeplitz.hash4(first)
                    : toeplitz.hash4(first, words.getInt());
        }
        long second = words.getLong();
        long third = words.getLong();
        long fourth = words.getLong();
        return tuple.length == 32
                ? toeplitz.hash6(first, second, third, fourth)
                : toeplitz.hash6(first, second, third, fourth, words.getInt());
    }

    private String run(String input) throws IOException, InterruptedException {
        Path source = directory.resolve("softrss.c");
        Path program = directory.resolve("softrss");
        Path lines = directory.resolve("input");
        Files.writeString(source, PROGRAM);
        Files.writeString(lines, input);
        execute(
                new ProcessBuilder(
                        "gcc",
                        "-O1",
                        "-w",
                        "-march=corei7",
                        "-I" + HEADERS,
                        "-I/usr/include/x86_64-linux-gnu/dpdk",
                        "-include",
                        "rte_config.h",
                        "-o",
                        program.toString(),
                        source.toString()));
        return execute(new ProcessBuilder(program.toString()).redirectInput(lines.toFile()));
    }

    private static String execute(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
