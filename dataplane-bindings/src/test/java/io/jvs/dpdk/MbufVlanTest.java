package io.jvs.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.dpdk.raw.v22.Layouts;
import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MbufVlanTest {
    private static final int BUFFER = 1024;
    private static final byte[] FRAME =
            HexFormat.of().parseHex("020000000001020000000002" + "0800" + "45000014");
    private static final byte[] TAGGED =
            HexFormat.of().parseHex("020000000001020000000002" + "81006007" + "0800" + "45000014");

    private final MemoryRegion region = MemoryRegion.anonymous(4096);
    private final long mbuf = region.address();

    @AfterEach
    void close() {
        region.close();
    }

    private void received(int headroom) {
        Memory.putLong(mbuf + Layouts.MBUF_BUF_ADDR(), mbuf + BUFFER);
        Memory.putShort(mbuf + Layouts.MBUF_BUF_LEN(), 2048);
        Mbuf.setDataOffset(mbuf, headroom);
        Mbuf.setLengths(mbuf, FRAME.length);
        Memory.copyIn(FRAME, 0, Mbuf.dataAddress(mbuf), FRAME.length);
        Mbuf.setVlanTci(mbuf, 0x6007);
        Mbuf.setOffloadFlags(mbuf, Mbuf.RX_VLAN_STRIPPED | Mbuf.RX_RSS_HASH);
    }

    private byte[] frame() {
        byte[] bytes = new byte[Mbuf.dataLength(mbuf)];
        Memory.copyOut(Mbuf.dataAddress(mbuf), bytes, 0, bytes.length);
        return bytes;
    }

    @Test
    void shouldPutAStrippedTagBack() {
        received(128);
        assertThat(Mbuf.restoreVlan(mbuf)).isTrue();
        assertThat(frame()).isEqualTo(TAGGED);
        assertThat(Mbuf.packetLength(mbuf)).isEqualTo(TAGGED.length);
        assertThat(Mbuf.headroom(mbuf)).isEqualTo(124);
        assertThat(Mbuf.offloadFlags(mbuf)).isEqualTo(Mbuf.RX_RSS_HASH);
    }

    @Test
    void shouldLeaveAFrameWithoutHeadroomAsItIs() {
        received(3);
        assertThat(Mbuf.restoreVlan(mbuf)).isFalse();
        assertThat(frame()).isEqualTo(FRAME);
        assertThat(Mbuf.offloadFlags(mbuf) & Mbuf.RX_VLAN_STRIPPED).isNotZero();
    }
}
