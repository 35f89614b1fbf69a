package io.jvs.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SipHashTest {

    /** Appendix A of the paper: SipHash-2-4 of 00 01 .. 0e under 00 01 .. 0f. */
    @Test
    void shouldHaveAModelThatKeepsToThePaper() {
        byte[] message = new byte[15];
        for (int i = 0; i < message.length; i++) {
            message[i] = (byte) i;
        }

        long hash = SipHashModel.hash(2, 4, 0x0706050403020100L, 0x0f0e0d0c0b0a0908L, message);

        assertThat(hash).isEqualTo(0xa129ca6149be45e5L);
    }

    @Test
    void shouldEqualTheModelCutTo32Bits() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 20_000; i++) {
            int word = random.nextInt();
            long key = random.nextLong();

            assertThat(SipHash.hash13(word, key))
                    .isEqualTo(
                            (int)
                                    SipHashModel.hash(
                                            1, 3, key, key, SipHashModel.littleEndian(word, 4)));
        }
    }
}
