package io.jvs.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.memory.MemoryRegion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class HeadersTest {
    private static final MemoryRegion REGION = MemoryRegion.anonymous(4096);
    private static final long BASE = REGION.address();

    @AfterAll
    static void close() {
        REGION.close();
    }

    private static void load(byte[] data) {
        Memory.copyIn(data, 0, BASE, data.length);
    }

    private static byte[] stored(int bytes) {
        return TestBurst.bytes(BASE, bytes);
    }

    @Test
    void shouldReadAndWriteEthernet() {
        load(Frames.hex("aabbccddeeff 112233445566 8100 e064 0800"));
        assertThat(EthernetHeader.destination(BASE)).isEqualTo(0xAABB_CCDD_EEFFL);
        assertThat(EthernetHeader.source(BASE)).isEqualTo(0x1122_3344_5566L);
        assertThat(EthernetHeader.type(BASE)).isEqualTo(0x8100);
        assertThat(EthernetHeader.vlanId(BASE)).isEqualTo(100);
        assertThat(EthernetHeader.taggedType(BASE)).isEqualTo(0x0800);
        EthernetHeader.write(BASE, 0x0102_0304_0506L, 0xF1F2_F3F4_F5F6L, 7, 0x86DD);
        assertThat(stored(18)).isEqualTo(Frames.hex("010203040506 f1f2f3f4f5f6 8100 0007 86dd"));
        EthernetHeader.write(BASE, 0xFFFF_FFFF_FFFFL, 0x0000_0000_0001L, 0, 0x0806);
        assertThat(stored(14)).isEqualTo(Frames.hex("ffffffffffff 000000000001 0806"));
        assertThat(EthernetHeader.isGroup(EthernetHeader.BROADCAST)).isTrue();
        assertThat(EthernetHeader.isGroup(Frames.PEER)).isFalse();
        assertThat(EthernetHeader.bytes(0)).isEqualTo(14);
        assertThat(EthernetHeader.bytes(5)).isEqualTo(18);
    }

    @Test
    void shouldReadAndWriteArp() {
        byte[] arp = Frames.arp(2, 0x0102_0304_0506L, "10.0.0.1", 0xA1A2_A3A4_A5A6L, "10.0.0.254");
        load(arp);
        assertThat(ArpHeader.isEthernetIpv4(BASE)).isTrue();
        assertThat(ArpHeader.operation(BASE)).isEqualTo(ArpHeader.REPLY);
        assertThat(ArpHeader.senderMac(BASE)).isEqualTo(0x0102_0304_0506L);
        assertThat(ArpHeader.targetMac(BASE)).isEqualTo(0xA1A2_A3A4_A5A6L);
        int sender = ArpHeader.senderIp(BASE);
        int target = ArpHeader.targetIp(BASE);
        assertThat(Integer.reverseBytes(sender)).isEqualTo(0x0A00_0001);
        assertThat(Integer.reverseBytes(target)).isEqualTo(0x0A00_00FE);
        Memory.zero(BASE, 64);
        ArpHeader.write(BASE, 2, 0x0102_0304_0506L, sender, 0xA1A2_A3A4_A5A6L, target);
        assertThat(stored(28)).isEqualTo(arp);
        assertThat(Memory.getInt(BASE + 28)).isZero();
    }

    @Test
    void shouldReadIpv4AndChangeItsTtl() {
        byte[] packet = Frames.ip("192.0.2.1", "198.51.100.7", 17, 64, new byte[10]);
        load(packet);
        assertThat(Ipv4Header.version(BASE)).isEqualTo(4);
        assertThat(Ipv4Header.headerBytes(BASE)).isEqualTo(20);
        assertThat(Ipv4Header.totalLength(BASE)).isEqualTo(30);
        assertThat(Ipv4Header.fragment(BASE)).isEqualTo(Ipv4Header.DONT_FRAGMENT);
        assertThat(Ipv4Header.protocol(BASE)).isEqualTo(17);
        for (int ttl = 0; ttl < 256; ttl++) {
            Ipv4Header.changeTtl(BASE, ttl);
            assertThat(Ipv4Header.ttl(BASE)).isEqualTo(ttl);
            assertThat(InternetChecksum.isRight(BASE, 20)).isTrue();
        }
    }

    @Test
    void shouldWriteAnIpv4Header() {
        Memory.fill(BASE, 20, 0xEE);
        Ipv4Header.writeStart(BASE, 0xC0 << 16 | 0xABCD, 56, 64, 1);
        Memory.putIntBe(BASE + Ipv4Header.SOURCE, 0xC000_0201);
        Memory.putIntBe(BASE + Ipv4Header.DESTINATION, 0xC633_6407);
        InternetChecksum.writeIpv4Header(BASE);
        byte[] expected = Frames.hex("45c0 0038 abcd 0000 4001 0000 c0000201 c6336407");
        assertThat(stored(20)).isEqualTo(Frames.fixIpv4(expected));
    }

    @Test
    void shouldWriteAnIpv6Header() {
        Ipv6Header.writeStart(BASE, 32, 58, 255);
        Memory.putLongBe(BASE + 40, 0x2001_0DB8_0000_0000L);
        Memory.putLongBe(BASE + 48, 9);
        Ipv6Header.putSource(BASE, Memory.getLong(BASE + 40), Memory.getLong(BASE + 48));
        Ipv6Header.putDestination(BASE, 0x80FE, 1L << 56);
        byte[] expected = Frames.ip("2001:db8::9", "fe80::1", 58, 255, new byte[32]);
        assertThat(stored(40)).isEqualTo(Frames.slice(expected, 0, 40));
        assertThat(Ipv6Header.isLinkLocal(Ipv6Header.destinationHigh(BASE))).isTrue();
        assertThat(Ipv6Header.isLinkLocal(Ipv6Header.sourceHigh(BASE))).isFalse();
        assertThat(Ipv6Header.isMulticast(0x02FF)).isTrue();
    }

    @Test
    void shouldChangeAnIcmpType() {
        load(Frames.icmp("192.0.2.1", "192.0.2.2", 8, 0, 0x1234_0001, new byte[] {1, 2, 3}));
        IcmpHeader.changeType(BASE + 20, IcmpHeader.ECHO_REPLY);
        assertThat(IcmpHeader.type(BASE + 20)).isZero();
        assertThat(InternetChecksum.isRight(BASE + 20, 11)).isTrue();
    }

    @Test
    void shouldWriteNeighborDiscovery() {
        byte[] packet =
                Frames.discovery(
                        "2001:db8::1",
                        "2001:db8::2",
                        136,
                        0x6000_0000,
                        "2001:db8::1",
                        Frames.linkOption(2, Frames.DIRECTOR));
        load(packet);
        long header = BASE + 40;
        assertThat(NeighborDiscoveryHeader.areOptionsWhole(header + 24, header + 32)).isTrue();
        assertThat(NeighborDiscoveryHeader.linkAddress(header + 24, header + 32, 2))
                .isEqualTo(Frames.DIRECTOR);
        assertThat(NeighborDiscoveryHeader.linkAddress(header + 24, header + 32, 1)).isZero();
        assertThat(NeighborDiscoveryHeader.flags(header))
                .isEqualTo(NeighborDiscoveryHeader.SOLICITED | NeighborDiscoveryHeader.OVERRIDE);
        long high = NeighborDiscoveryHeader.targetHigh(header);
        long low = NeighborDiscoveryHeader.targetLow(header);
        Memory.zero(header, 64);
        NeighborDiscoveryHeader.write(header, 136, 0x6000_0000, high, low, Frames.DIRECTOR);
        byte[] expected = Frames.slice(packet, 40, 32);
        Frames.put16(expected, 2, 0);
        assertThat(TestBurst.bytes(header, 32)).isEqualTo(expected);
    }

    @Test
    void shouldRefuseBrokenOptions() {
        load(new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
        assertThat(NeighborDiscoveryHeader.areOptionsWhole(BASE, BASE + 8)).isFalse();
        load(new byte[] {1, 2, 0, 0, 0, 0, 0, 0});
        assertThat(NeighborDiscoveryHeader.areOptionsWhole(BASE, BASE + 8)).isFalse();
        assertThat(NeighborDiscoveryHeader.areOptionsWhole(BASE, BASE + 1)).isFalse();
        assertThat(NeighborDiscoveryHeader.areOptionsWhole(BASE, BASE)).isTrue();
    }
}
