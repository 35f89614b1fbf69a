package io.jvs.director;

import io.jvs.service.AccessEntry;
import io.jvs.service.AccessList;
import io.jvs.service.Address;
import io.jvs.service.AddressFamily;
import io.jvs.service.AddressPrefix;
import io.jvs.service.ClientAddress;
import io.jvs.service.Drain;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Limits;
import io.jvs.service.MarkRule;
import io.jvs.service.Persistence;
import io.jvs.service.PortRange;
import io.jvs.service.Protocol;
import io.jvs.service.QuicIdFormat;
import io.jvs.service.QuicRouting;
import io.jvs.service.QuicServerId;
import io.jvs.service.RealServer;
import io.jvs.service.SchedulerFlag;
import io.jvs.service.ServerExit;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.SynProxySpec;
import io.jvs.service.Sysctls;
import io.jvs.service.Tunnel;
import io.jvs.service.TunnelType;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rules by lot, with a value for every field that there is, about half of them left out. */
public final class DrawnRules {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long DAY_SECONDS = 86_400;

    private final Random random;

    /** Rules of that seed. */
    public DrawnRules(long seed) {
        random = new Random(seed);
    }

    /** Some services and everything that goes with them. */
    public Rules rules() {
        Set<ServiceKey> keys = new HashSet<>();
        List<ServiceRule> services = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            ServiceRule rule = rule();
            if (keys.add(rule.key())) {
                services.add(rule);
            }
        }
        TimeoutsSpec timeouts = new TimeoutsSpec(seconds(), seconds(), seconds());
        return Rules.of(random.nextLong() >>> 1, services, timeouts)
                .withMarks(list(this::markRule))
                .withSysctls(sysctls())
                .withOrigin(random.nextBoolean() ? "" : hex(32));
    }

    private Sysctls sysctls() {
        Sysctls sysctls = Sysctls.INITIAL;
        return random.nextBoolean()
                ? sysctls
                : sysctls.with(Map.of("drop_entry", Integer.toString(random.nextInt(4))));
    }

    /** A service with its servers. */
    public ServiceRule rule() {
        ServiceKey key = key();
        VirtualService service =
                new VirtualService(
                        key,
                        of("rr", "wlc", "sh", "mh"),
                        flags(),
                        persistence(key),
                        random.nextBoolean() ? "" : "sip",
                        random.nextBoolean(),
                        servers(),
                        list(this::address),
                        guard(),
                        anyOf(ClientAddress.values()),
                        quic());
        return new ServiceRule(service, healthCheck());
    }

    private ServiceKey key() {
        if (random.nextInt(4) == 0) {
            int mark = random.nextInt() | 1;
            return new ServiceKey.Mark(mark, anyOf(AddressFamily.values()));
        }
        return new ServiceKey.Endpoint(anyOf(Protocol.values()), address(), port());
    }

    private ServiceGuard guard() {
        Set<AddressPrefix> prefixes = new HashSet<>();
        List<AccessEntry> entries = new ArrayList<>();
        for (AddressPrefix prefix : list(this::prefix)) {
            if (prefixes.add(prefix)) {
                entries.add(new AccessEntry(prefix, random.nextBoolean()));
            }
        }
        SynProxySpec proxy =
                random.nextBoolean()
                        ? SynProxySpec.OFF
                        : new SynProxySpec(anyOf(SynProxySpec.Mode.values()), seconds());
        return new ServiceGuard(
                AccessList.of(entries), limits(), anyOf(ServerExit.values()), proxy);
    }

    private Limits limits() {
        return new Limits(
                number(Integer.MAX_VALUE), rate(), rate(), rate(), number(Limits.MAX_BURST_MILLIS));
    }

    private long rate() {
        return random.nextBoolean() ? 0 : random.nextLong(Limits.MAX_RATE) + 1;
    }

    private QuicRouting quic() {
        return new QuicRouting(
                random.nextBoolean(),
                list(() ->
                        new QuicIdFormat(
                                random.nextInt(7),
                                1 + random.nextInt(15),
                                4 + random.nextInt(15),
                                random.nextBoolean() ? "" : hex(16))),
                list(() -> new QuicServerId(address(), port(), hex(1 + random.nextInt(15)))));
    }

    private HealthCheckSpec healthCheck() {
        if (random.nextInt(3) == 0) {
            return HealthCheckSpec.DEFAULT;
        }
        return new HealthCheckSpec(
                random.nextBoolean(),
                port(),
                random.nextLong(DAY_SECONDS * SECOND_NS),
                random.nextLong(DAY_SECONDS * SECOND_NS),
                number(Integer.MAX_VALUE),
                number(Integer.MAX_VALUE),
                random.nextBoolean() ? null : address(),
                random.nextBoolean() ? null : address());
    }

    private List<RealServer> servers() {
        List<RealServer> servers = new ArrayList<>();
        for (RealServer server : list(this::server)) {
            if (servers.stream().noneMatch(server::sameEndpoint)) {
                servers.add(server);
            }
        }
        return servers;
    }

    private RealServer server() {
        ForwardingMethod method = anyOf(ForwardingMethod.values());
        Drain drain =
                new Drain(random.nextInt(Drain.MAX_SECONDS + 1), anyOf(ServerExit.values()), false);
        return new RealServer(
                address(),
                port(),
                method,
                number(Integer.MAX_VALUE),
                number(Integer.MAX_VALUE),
                number(Integer.MAX_VALUE),
                method == ForwardingMethod.TUNNEL ? tunnel() : Tunnel.IPIP,
                limits(),
                random.nextBoolean() ? null : drain);
    }

    private Tunnel tunnel() {
        return new Tunnel(
                anyOf(TunnelType.values()), port(), random.nextBoolean(), random.nextBoolean());
    }

    private MarkRule markRule() {
        AddressPrefix source = random.nextBoolean() ? null : prefix();
        AddressPrefix destination = random.nextBoolean() ? null : prefix();
        boolean fits =
                source == null
                        || destination == null
                        || source.address().isIpv6() == destination.address().isIpv6();
        return new MarkRule(
                random.nextBoolean() ? null : anyOf(Protocol.values()),
                source,
                fits ? destination : null,
                ports(),
                ports(),
                random.nextInt());
    }

    private PortRange ports() {
        int first = port();
        return random.nextBoolean()
                ? PortRange.ALL
                : new PortRange(first, first + random.nextInt(0x10000 - first));
    }

    private AddressPrefix prefix() {
        Address address = address();
        return new AddressPrefix(address, random.nextInt(address.family().bits() + 1));
    }

    private Address address() {
        return random.nextBoolean()
                ? Address.ofIpv4(random.nextInt())
                : Address.ofIpv6(random.nextLong() | 1L << 61, random.nextLong());
    }

    private @Nullable Persistence persistence(ServiceKey key) {
        boolean v6 = key.family() == AddressFamily.IPV6;
        int mask = v6 ? 1 + random.nextInt(128) : -1 << random.nextInt(32);
        return random.nextBoolean() ? null : new Persistence(seconds(), mask);
    }

    private Set<SchedulerFlag> flags() {
        return Set.copyOf(list(() -> anyOf(SchedulerFlag.values())));
    }

    private int port() {
        return random.nextInt(4) == 0 ? 0 : random.nextInt(0x10000);
    }

    private int seconds() {
        return 1 + random.nextInt(Integer.MAX_VALUE);
    }

    private int number(int most) {
        return random.nextBoolean() ? 0 : 1 + random.nextInt(most);
    }

    private String hex(int bytes) {
        byte[] key = new byte[bytes];
        random.nextBytes(key);
        return HexFormat.of().formatHex(key);
    }

    private String of(String... words) {
        return words[random.nextInt(words.length)];
    }

    private <E extends Enum<E>> E anyOf(E[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> List<T> list(Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }
}
