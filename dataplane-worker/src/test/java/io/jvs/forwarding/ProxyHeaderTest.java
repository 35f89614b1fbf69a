package io.jvs.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.connection.ConnectionLayout;
import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import io.jvs.service.Address;
import io.jvs.service.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The text of PROXY headers beside the addresses' own. */
class ProxyHeaderTest {
    /** Byte of a record that tells its family. */
    private static final int FAMILY = 5;

    @Test
    void shouldWriteAddressesAsEverybodyDoes() {
        Random random = new Random(3);
        try (MemoryRegion memory = MemoryRegion.anonymous(4096);
                ProxyHeader header = new ProxyHeader()) {
            long record = memory.address();
            for (int round = 0; round < 2000; round++) {
                boolean ipv6 = random.nextBoolean();
                byte[] client = address(random, ipv6);
                byte[] virtual = address(random, ipv6);
                Memory.putByte(
                        record + FAMILY,
                        ipv6 ? ConnectionLayout.FAMILY_IPV6 : ConnectionLayout.FAMILY_IPV4);
                Memory.copyIn(client, 0, record + ConnectionLayout.CLIENT, client.length);
                Memory.copyIn(
                        virtual,
                        0,
                        record + ConnectionLayout.CLIENT + client.length,
                        virtual.length);
                int from = random.nextInt(65536);
                int to = random.nextInt(65536);
                Memory.putShortBe(record, from);
                Memory.putShortBe(record + 2, to);
                byte[] text = new byte[header.write(record, ClientAddress.PROXY_V1.code())];
                Memory.copyOut(header.address(), text, 0, text.length);
                assertThat(new String(text, StandardCharsets.US_ASCII))
                        .isEqualTo(
                                "PROXY TCP%d %s %s %d %d\r\n"
                                        .formatted(
                                                ipv6 ? 6 : 4,
                                                Address.ofBytes(client),
                                                Address.ofBytes(virtual),
                                                from,
                                                to))
                        .hasSizeLessThanOrEqualTo(ProxyHeader.MAX_BYTES);
            }
        }
    }

    /** Many zero groups; no IPv4 address in disguise, which has another text. */
    private static byte[] address(Random random, boolean ipv6) {
        byte[] bytes = new byte[ipv6 ? 16 : 4];
        random.nextBytes(bytes);
        for (int i = 2; i < bytes.length; i += 2) {
            if (random.nextInt(3) > 0) {
                bytes[i] = 0;
                bytes[i + 1] = (byte) (random.nextInt(3) == 0 ? 1 : 0);
            }
        }
        bytes[0] = 0x20;
        return bytes;
    }
}
