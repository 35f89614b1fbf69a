package io.jvs.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private record Model(Address prefix, int length, int interfaceNumber) {}

    private final RouteTable routes = new RouteTable();
    private final List<Model> model = new ArrayList<>();

    private void add(Address prefix, int length, int interfaceNumber) {
        routes.add(prefix, length, interfaceNumber, RouteTable.ON_LINK, 1500 + interfaceNumber);
        model.add(new Model(prefix, length, interfaceNumber));
    }

    private int expected(Address address) {
        Model best = null;
        for (Model each : model) {
            if (address.isIn(each.prefix, each.length)
                    && (best == null || each.length > best.length)) {
                best = each;
            }
        }
        return best == null ? -1 : best.interfaceNumber;
    }

    private void check(Address address) {
        int route = routes.lookup(address);
        int found = route < 0 ? -1 : routes.interfaceNumber(route);
        assertThat(found).as(address.toString()).isEqualTo(expected(address));
        if (route >= 0) {
            assertThat(routes.mtu(route)).isEqualTo(1500 + found);
        }
    }

    private static Address near(Address address, Random random) {
        int flips = random.nextInt(3);
        long high = address.high();
        long low = address.low();
        for (int i = 0; i < flips; i++) {
            int bit = random.nextInt(address.family().bits());
            low ^= bit < 64 ? 1L << bit : 0;
            high ^= bit < 64 ? 0 : 1L << bit - 64;
        }
        return new Address(address.family(), high, low);
    }

    @Test
    void shouldFindNothingInAnEmptyTable() {
        assertThat(routes.lookup(Address.parse("192.0.2.1"))).isEqualTo(-1);
        assertThat(routes.lookup(Address.parse("2001:db8::1"))).isEqualTo(-1);
    }

    @Test
    void shouldPreferTheLongestPrefixWhateverTheOrder() {
        routes.add(Address.parse("0.0.0.0"), 0, 1, 7, 1500);
        routes.add(Address.parse("10.1.2.3"), 32, 2, RouteTable.ON_LINK, 1400);
        routes.add(Address.parse("10.1.0.99"), 16, 3, RouteTable.ON_LINK, 9000);
        routes.add(Address.parse("::"), 0, 4, 8, 1500);
        routes.add(Address.parse("2001:db8::1"), 64, 5, RouteTable.ON_LINK, 1500);
        assertThat(route("10.1.2.3")).isEqualTo(2);
        assertThat(route("10.1.2.4")).isEqualTo(3);
        assertThat(route("8.8.8.8")).isEqualTo(1);
        assertThat(route("2001:db8::ffff")).isEqualTo(5);
        assertThat(route("2001:db8:1::1")).isEqualTo(4);
        assertThat(routes.gateway(routes.lookup(Address.parse("8.8.8.8")))).isEqualTo(7);
        assertThat(routes.mtu(routes.lookup(Address.parse("10.1.2.3")))).isEqualTo(1400);
    }

    private int route(String address) {
        return routes.interfaceNumber(routes.lookup(Address.parse(address)));
    }

    @Test
    void shouldAgreeWithASlowModel() {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            boolean v6 = i % 2 == 0;
            Address base = v6 ? Address.parse("2001:db8::") : Address.parse("10.0.0.0");
            int length = random.nextInt(base.family().bits() + 1);
            Address prefix = near(base, random).masked(length);
            boolean known =
                    model.stream().anyMatch(m -> m.prefix.equals(prefix) && m.length == length);
            if (!known) {
                add(prefix, length, i);
            }
        }
        for (int i = 0; i < 50_000; i++) {
            Address base = model.get(random.nextInt(model.size())).prefix;
            check(near(base, random));
        }
    }
}
