package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.PacketBurst;
import io.jvs.service.Address;
import io.jvs.service.Protocol;
import io.jvs.service.ServiceKey;
import io.jvs.service.VirtualService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerServicesTest {
    private static final int TCP = 6;

    private final WorkerServices services = new WorkerServices();
    private final PacketBurst burst = new PacketBurst();
    private final SplittableRandom random = new SplittableRandom(11);

    private static ServiceState service(int index, Address address, int port) {
        ServiceKey key = new ServiceKey.Endpoint(Protocol.TCP, address, port);
        return new ServiceState(
                index,
                new VirtualService(key, "rr", Set.of(), null, false, List.of(), List.of()),
                1);
    }

    private static Address address(int number) {
        return number % 3 == 0
                ? Address.ofIpv6(0x2001_0DB8_0000_0000L, number)
                : Address.ofIpv4(0x0A63_0000 + number);
    }

    private void row(Address address, int port) {
        int rawPort = Short.reverseBytes((short) port) & 0xFFFF;
        burst.protocol[0] = TCP;
        burst.ports[0] = rawPort << 16;
        if (address.isIpv6()) {
            burst.kind[0] = PacketBurst.KIND_IPV6;
            burst.key2[0] = Long.reverseBytes(address.high());
            burst.key3[0] = Long.reverseBytes(address.low());
        } else {
            burst.kind[0] = PacketBurst.KIND_IPV4;
            burst.key0[0] = (long) Integer.reverseBytes((int) address.low()) << 32;
        }
    }

    /** Few addresses, so that services come and go at places that others want, too. */
    @ParameterizedTest
    @ValueSource(ints = {20, 300, 20_000})
    void shouldFindThoseThatAreThereAndNoOthers(int addresses) {
        Map<Integer, ServiceState> there = new HashMap<>();
        for (int step = 0; step < 40_000; step++) {
            int number = random.nextInt(addresses);
            if (there.containsKey(number)) {
                services.remove(number);
                there.remove(number);
            } else {
                ServiceState added = service(number, address(number), 80 + number % 2);
                services.add(added);
                there.put(number, added);
            }
            int asked = random.nextInt(addresses);
            row(address(asked), 80 + asked % 2);
            assertThat(services.find(burst, 0)).isSameAs(there.get(asked));
            row(address(asked), 90);
            assertThat(services.find(burst, 0)).isNull();
        }
    }

    @Test
    void shouldFallBackOnTheServiceOfEveryPortWhileItIsThere() {
        ServiceState every = service(1, address(1), 0);
        services.add(every);
        services.add(service(2, address(1), 80));
        row(address(1), 443);
        assertThat(services.find(burst, 0)).isSameAs(every);
        services.remove(1);
        assertThat(services.find(burst, 0)).isNull();
        row(address(1), 80);
        assertThat(services.find(burst, 0)).isNotNull();
    }
}
