package io.jvs.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OwnAddressesTest {
    private final OwnAddresses own = new OwnAddresses();

    private int flags(String address) {
        return flags(Address.parse(address));
    }

    private int flags(Address address) {
        return address.isIpv6()
                ? own.flags6(Long.reverseBytes(address.high()), Long.reverseBytes(address.low()))
                : own.flags4(Integer.reverseBytes((int) address.low()));
    }

    @Test
    void shouldCountEachUse() {
        Address vip = Address.parse("192.0.2.1");
        own.addVirtual(vip);
        own.addVirtual(vip);
        own.addLocal(vip);
        own.addOwn(vip);
        assertThat(flags("192.0.2.1"))
                .isEqualTo(OwnAddresses.VIRTUAL | OwnAddresses.LOCAL | OwnAddresses.OWN);
        own.removeVirtual(vip);
        assertThat(flags("192.0.2.1") & OwnAddresses.VIRTUAL).isNotZero();
        own.removeVirtual(vip);
        own.removeLocal(vip);
        assertThat(flags("192.0.2.1")).isEqualTo(OwnAddresses.OWN);
        own.removeLocal(vip);
        own.addLocal(vip);
        assertThat(flags("192.0.2.1")).isEqualTo(OwnAddresses.LOCAL | OwnAddresses.OWN);
    }

    @Test
    void shouldTellTheFamiliesApart() {
        own.addVirtual(Address.parse("192.0.2.1"));
        assertThat(own.flags6(0, Integer.reverseBytes(0xC000_0201) & 0xFFFF_FFFFL)).isZero();
        own.addLocal(Address.parse("::c000:201:0:0"));
        own.addVirtual(Address.parse("2001:db8::1"));
        assertThat(flags("2001:db8::1")).isEqualTo(OwnAddresses.VIRTUAL);
        assertThat(flags("2001:db8::2")).isZero();
        assertThat(flags("0.0.0.0")).isZero();
        assertThat(flags("::")).isZero();
    }

    @Test
    void shouldAgreeWithASet() {
        Random random = new Random(5);
        Set<Address> model = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            Address address =
                    random.nextBoolean()
                            ? Address.ofIpv4(0x0A00_0000 + random.nextInt(2000))
                            : Address.ofIpv6(0x2001_0DB8L << 32, random.nextInt(2000));
            if (model.add(address)) {
                own.addVirtual(address);
            } else if (random.nextInt(3) == 0) {
                model.remove(address);
                own.removeVirtual(address);
            }
        }
        for (int i = 0; i < 2000; i++) {
            Address v4 = Address.ofIpv4(0x0A00_0000 + i);
            Address v6 = Address.ofIpv6(0x2001_0DB8L << 32, i);
            assertThat(flags(v4) != 0).isEqualTo(model.contains(v4));
            assertThat(flags(v6) != 0).isEqualTo(model.contains(v6));
        }
    }
}
