package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SynCookiesTest {
    private static final int EPOCH = SynCookies.EPOCH_TICKS;

    private final SynCookies cookies = new SynCookies(1, 2);
    private final PacketBurst burst = new PacketBurst();
    private final Random random = new Random(5);

    private void flow(boolean v6) {
        burst.clear();
        burst.add();
        burst.kind[0] = v6 ? PacketBurst.KIND_IPV6 : PacketBurst.KIND_IPV4;
        burst.key0[0] = random.nextLong();
        burst.key1[0] = random.nextLong();
        burst.key2[0] = random.nextLong();
        burst.key3[0] = random.nextLong();
        burst.ports[0] = random.nextInt();
    }

    /** The vectors that the authors of SipHash publish: bytes 0, 1, 2 and so on. */
    @Test
    void shouldHashAsPublished() {
        SipHash24 hash = new SipHash24();
        hash.begin(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        assertThat(hash.end()).isEqualTo(0x726fdb47dd0e0e31L);
        hash.begin(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        hash.add(0x0706050403020100L);
        assertThat(hash.end()).isEqualTo(0x93f5f5799a932462L);
        hash.begin(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        hash.add(0x0706050403020100L);
        hash.add(0x0f0e0d0c0b0a0908L);
        assertThat(hash.end()).isEqualTo(0x3f2acc7f57c29bdbL);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReadWhatItMade(boolean v6) {
        for (int data = 0; data < 256; data++) {
            flow(v6);
            int client = random.nextInt();
            int now = random.nextInt();
            cookies.setTime(now);
            int cookie = cookies.make(burst, 0, client, data);
            assertThat(cookies.read(burst, 0, client, cookie)).isEqualTo(data);
            cookies.setTime(now + EPOCH);
            assertThat(cookies.read(burst, 0, client, cookie)).isEqualTo(data);
            cookies.setTime(now + 2 * EPOCH);
            assertThat(cookies.read(burst, 0, client, cookie)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRefuseAnotherFlow(boolean v6) {
        cookies.setTime(1000);
        flow(v6);
        int cookie = cookies.make(burst, 0, 77, 5);
        assertThat(cookies.read(burst, 0, 78, cookie)).isEqualTo(-1);
        assertThat(cookies.read(burst, 0, 77, cookie + 256)).isEqualTo(-1);
        burst.ports[0]++;
        assertThat(cookies.read(burst, 0, 77, cookie)).isEqualTo(-1);
        burst.ports[0]--;
        long[][] words = {burst.key0, burst.key1, burst.key2, burst.key3};
        for (int word = 0; word < words.length; word++) {
            words[word][0] ^= 1;
            int expected = v6 || word == 0 ? -1 : 5;
            assertThat(cookies.read(burst, 0, 77, cookie)).isEqualTo(expected);
            words[word][0] ^= 1;
        }
        assertThat(cookies.read(burst, 0, 77, cookie)).isEqualTo(5);
    }

    @Test
    void shouldBeSharedByWorkersWithTheSameSecretOnly() {
        flow(false);
        cookies.setTime(9);
        int cookie = cookies.make(burst, 0, 1, 3);
        SynCookies same = new SynCookies(1, 2);
        same.setTime(9 + EPOCH);
        assertThat(same.read(burst, 0, 1, cookie)).isEqualTo(3);
        SynCookies other = new SynCookies(1, 3);
        other.setTime(9);
        assertThat(other.read(burst, 0, 1, cookie)).isEqualTo(-1);
    }

    @Test
    void shouldGiveASynSentOnceMoreTheSameTimeStamp() {
        flow(false);
        cookies.setTime(9);
        Set<Integer> stamps = new HashSet<>();
        for (int client = 0; client < 1000; client++) {
            cookies.make(burst, 0, client, client & 0xFF);
            int stamp = cookies.stamp();
            stamps.add(stamp);
            cookies.make(burst, 0, client + 1, 0);
            cookies.setTime(9 + EPOCH / 2);
            cookies.make(burst, 0, client, client & 0xFF);
            assertThat(cookies.stamp()).isEqualTo(stamp);
        }
        assertThat(stamps).hasSizeGreaterThan(995);
    }

    @Test
    void shouldSpreadAndResistGuesses() {
        cookies.setTime(0);
        flow(false);
        Set<Integer> seen = new HashSet<>();
        int guessed = 0;
        for (int i = 0; i < 100_000; i++) {
            seen.add(cookies.make(burst, 0, i, 0));
            guessed += cookies.read(burst, 0, 1, random.nextInt()) >= 0 ? 1 : 0;
        }
        assertThat(seen).hasSizeGreaterThan(99_900);
        assertThat(guessed).isLessThan(5);
    }

    @ParameterizedTest
    @CsvSource({
        "1460,7,true,1460",
        "1459,0,false,1440",
        "65535,14,true,8940",
        "536,15,false,536",
        "88,3,true,216"
    })
    void shouldCarryOptions(int size, int scale, boolean sack, int carried) {
        try (MemoryRegion memory = MemoryRegion.anonymous(64)) {
            HandshakeOptions options = new HandshakeOptions();
            options.segmentSize = size;
            options.windowScale = scale;
            options.sack = sack;
            int packed = options.pack();
            assertThat(packed).isBetween(0, 255);
            int bytes = TcpHeader.BYTES + options.write(memory.address() + TcpHeader.BYTES);
            Memory.putByte(memory.address() + TcpHeader.DATA_OFFSET, bytes << 2);
            HandshakeOptions read = new HandshakeOptions();
            read.read(memory.address());
            assertThat(read.segmentSize).isEqualTo(size);
            assertThat(read.windowScale).isEqualTo(scale);
            assertThat(read.sack).isEqualTo(sack);
            assertThat(read.stamped).isFalse();
            read.unpack(packed);
            assertThat(read.segmentSize).isEqualTo(carried);
            assertThat(read.windowScale).isEqualTo(scale);
            assertThat(read.sack).isEqualTo(sack);
            assertThat(HandshakeOptions.windowScale(packed)).isEqualTo(scale);
        }
    }

    @ParameterizedTest
    @CsvSource({"7,true", "15,true", "0,false", "15,false"})
    void shouldWriteTimeStamps(int scale, boolean sack) {
        try (MemoryRegion memory = MemoryRegion.anonymous(64)) {
            HandshakeOptions options = new HandshakeOptions();
            options.segmentSize = 1460;
            options.windowScale = scale;
            options.sack = sack;
            options.stamped = true;
            options.stamp = 0xCAFE_BABE;
            options.echo = 0x1234_5678;
            HandshakeOptions read = new HandshakeOptions();
            for (boolean alone : new boolean[] {false, true}) {
                long at = memory.address() + TcpHeader.BYTES;
                int bytes = alone ? options.writeStamps(at) : options.write(at);
                assertThat(bytes).isLessThanOrEqualTo(HandshakeOptions.MOST_BYTES);
                assertThat(bytes % 4).isZero();
                Memory.putByte(
                        memory.address() + TcpHeader.DATA_OFFSET, TcpHeader.BYTES + bytes << 2);
                read.read(memory.address());
                assertThat(read.stamped).isTrue();
                assertThat(read.stamp).isEqualTo(options.stamp);
                assertThat(read.echo).isEqualTo(options.echo);
                assertThat(read.sack).isEqualTo(!alone && sack);
                assertThat(read.windowScale).isEqualTo(alone ? 15 : scale);
                assertThat(read.segmentSize).isEqualTo(alone ? 536 : 1460);
            }
        }
    }

    @Test
    void shouldReadDamagedOptions() {
        try (MemoryRegion memory = MemoryRegion.anonymous(64)) {
            HandshakeOptions options = new HandshakeOptions();
            for (int round = 0; round < 10_000; round++) {
                for (int at = 20; at < 60; at++) {
                    Memory.putByte(memory.address() + at, random.nextInt(6));
                }
                Memory.putByte(memory.address() + TcpHeader.DATA_OFFSET, 0xF0);
                options.read(memory.address());
                assertThat(options.pack()).isBetween(0, 255);
            }
        }
    }
}
