package io.jvs.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.RealServer;
import io.jvs.service.SchedulerFlag;
import io.jvs.service.Tunnel;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten thousand random steps for each scheduler against the slow model of its rule. */
class SchedulerModelTest {
    private static final int STEPS = 10_000;

    static Stream<Arguments> schedulers() {
        List<Arguments> all = new ArrayList<>();
        for (String name : Scheduler.names()) {
            if (name.equals("twos")) {
                continue; // draws lots: see TwoChoicesSchedulerTest
            }
            boolean hashes = name.equals("sh") || name.equals("mh");
            for (int flags = 0; flags < (hashes ? 4 : 1); flags++) {
                Set<SchedulerFlag> set = EnumSet.noneOf(SchedulerFlag.class);
                if ((flags & 1) != 0) {
                    set.add(SchedulerFlag.FLAG_1);
                }
                if ((flags & 2) != 0) {
                    set.add(SchedulerFlag.FLAG_2);
                }
                for (long seed = 1; seed <= 3; seed++) {
                    all.add(Arguments.of(name, set, seed));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("schedulers")
    void shouldPickWhatTheModelPicks(String name, Set<SchedulerFlag> flags, long seed) {
        new Walk(name, flags, seed).run();
    }

    private static final class Walk {
        private final String name;
        private final Set<SchedulerFlag> flags;
        private final SplittableRandom random;
        private final DestinationList list = new DestinationList();
        private final List<Destination> removed = new ArrayList<>();
        private final Flow flow = new Flow();
        private final int highestWeight;
        private Scheduler scheduler;
        private SchedulerModel model;

        Walk(String name, Set<SchedulerFlag> flags, long seed) {
            this.name = name;
            this.flags = flags;
            this.random = new SplittableRandom(seed);
            this.highestWeight = seed == 1 ? 3 : seed == 2 ? 12 : 400;
            scheduler = Scheduler.create(name, flags, list, seed);
            model = SchedulerModel.of(name, flags);
        }

        void run() {
            int picked = 0;
            for (int step = 0; step < STEPS; step++) {
                int dice = random.nextInt(100);
                if (dice < 3) {
                    changeServers();
                } else if (dice < 14) {
                    changeOneServer();
                } else if (dice == 14 && random.nextInt(20) == 0) {
                    startAgain();
                } else {
                    picked += pick(step);
                }
            }
            assertThat(picked).isGreaterThan(STEPS / 20);
        }

        private int pick(int step) {
            fillFlow();
            Destination expected = model.pick(flow);
            scheduler.settle();
            Destination actual = Scheduler.pick(scheduler, flow);
            assertThat(actual).as("%s %s step %d", name, flags, step).isSameAs(expected);
            if (actual == null) {
                return 0;
            }
            actual.addConnection();
            if (random.nextInt(3) != 0) {
                actual.moveConnection(true);
            }
            return 1;
        }

        private void fillFlow() {
            boolean ipv6 = random.nextInt(3) == 0;
            flow.clientHigh = ipv6 ? random.nextLong() : 0;
            flow.clientLow = ipv6 ? random.nextLong() : random.nextInt() & 0xFFFF_FFFFL;
            flow.clientPort = random.nextInt(65536);
            flow.virtualHigh = ipv6 ? 0x2001_0DB8_0099_0000L : 0;
            flow.virtualLow = (ipv6 ? 0L : 0x0A63_0000L) + random.nextInt(60);
            flow.virtualPort = 80;
            flow.nowSeconds += random.nextInt(100) == 0 ? random.nextInt(90_000) : 1;
        }

        private void changeServers() {
            boolean add = list.size() < 2 || list.size() < 9 && random.nextBoolean();
            if (!add) {
                Destination gone = list.get(random.nextInt(list.size()));
                list.remove(gone);
                scheduler.onRemoved(gone);
                model.remove(gone);
                removed.add(gone);
                return;
            }
            Destination added;
            if (!removed.isEmpty() && random.nextBoolean()) {
                added = removed.remove(random.nextInt(removed.size()));
                added.revive(added.spec.withWeight(weight()));
            } else {
                added = new Destination(0, server(random));
                added.edit(added.spec.withWeight(weight()));
            }
            list.addFirst(added);
            scheduler.onAdded(added);
            model.add(added);
        }

        private void changeOneServer() {
            if (list.size() == 0) {
                return;
            }
            Destination d = list.get(random.nextInt(list.size()));
            switch (random.nextInt(8)) {
                case 0 -> {
                    d.edit(d.spec.withWeight(weight()));
                    scheduler.onEdited(d);
                    model.edit(d);
                }
                case 1 -> d.setOverloaded(!d.isOverloaded());
                case 2 ->
                        d.setForeign(
                                random.nextInt(2) * random.nextInt(20),
                                d.inactiveConnections() - d.inactive());
                case 3 -> d.setForeign(d.activeConnections() - d.active(), random.nextInt(2000));
                default ->
                        Counts.set(
                                d,
                                random.nextInt(d.active() + 1),
                                random.nextInt(d.inactive() + 1));
            }
        }

        /** As -E with another scheduler: built anew over the list as it is. */
        private void startAgain() {
            scheduler = Scheduler.create(name, flags, list, random.nextLong());
            model = SchedulerModel.of(name, flags);
            for (int i = list.size() - 1; i >= 0; i--) {
                model.servers.addFirst(list.get(i));
            }
            if (list.size() > 0) {
                model.edit(list.get(0));
            }
            if (model instanceof SchedulerModel.DestinationHash hash) {
                hash.onChange(list.get(0), "init");
            }
        }

        private int weight() {
            return random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(highestWeight);
        }
    }

    private static RealServer server(SplittableRandom random) {
        Address address =
                random.nextBoolean()
                        ? Address.ofIpv4(random.nextInt())
                        : Address.ofIpv6(random.nextLong(), random.nextLong());
        return new RealServer(
                address,
                random.nextInt(65536),
                ForwardingMethod.NAT,
                1,
                random.nextInt(4) == 0 ? 50 : 0,
                0,
                Tunnel.IPIP);
    }
}
