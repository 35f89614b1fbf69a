package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class Aes128Test {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    /** FIPS 197 appendix B. */
    @Test
    void shouldEncryptTheStandardsExample() {
        byte[] block = hex("3243f6a8885a308d313198a2e0370734");
        Aes128 aes = new Aes128(hex("2b7e151628aed2a6abf7158809cf4f3c"));
        aes.encrypt(block);
        assertThat(block).isEqualTo(hex("3925841d02dc09fbdc118597196a0b32"));
        aes.decrypt(block);
        assertThat(block).isEqualTo(hex("3243f6a8885a308d313198a2e0370734"));
    }

    @Test
    void shouldDoWhatThePlatformDoes() throws Exception {
        Random random = new Random(197);
        for (int round = 0; round < 500; round++) {
            byte[] key = new byte[16];
            byte[] plain = new byte[16];
            random.nextBytes(key);
            random.nextBytes(plain);
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            byte[] expected = cipher.doFinal(plain);
            byte[] block = plain.clone();
            Aes128 aes = new Aes128(key);
            aes.encrypt(block);
            assertThat(block).isEqualTo(expected);
            aes.decrypt(block);
            assertThat(block).isEqualTo(plain);
        }
    }
}
