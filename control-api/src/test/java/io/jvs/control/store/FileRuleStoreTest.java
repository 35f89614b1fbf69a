package io.jvs.control.store;

import static io.jvs.director.TestRules.nat;
import static io.jvs.director.TestRules.rule;
import static io.jvs.director.TestRules.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.director.HealthCheckSpec;
import io.jvs.director.Rules;
import io.jvs.director.ServiceRule;
import io.jvs.director.TimeoutsSpec;
import io.jvs.service.AccessEntry;
import io.jvs.service.AccessList;
import io.jvs.service.Address;
import io.jvs.service.AddressFamily;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Persistence;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.SchedulerFlag;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.TunnelType;
import io.jvs.service.VirtualService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRuleStoreTest {
    private static final Rules OLD =
            Rules.of(7, List.of(rule(tcp("10.0.0.1", 80))), TimeoutsSpec.DEFAULT);
    private static final Rules NEW =
            Rules.of(
                    8,
                    List.of(
                            rule(
                                    tcp("10.0.0.1", 80),
                                    nat("10.1.0.2", 8080, 5),
                                    nat("10.1.0.1", 8080, 0))),
                    new TimeoutsSpec(1, 2, 3));

    @TempDir private Path directory;
    private FileRuleStore store;

    @BeforeEach
    void open() throws IOException {
        store = FileRuleStore.open(directory.resolve("state"));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private Path file(String name) {
        return directory.resolve("state").resolve(name);
    }

    private static boolean same(@Nullable Rules a, Rules b) {
        return a != null && a.sameAs(b) && a.generation() == b.generation();
    }

    @Test
    void shouldHaveNoRulesAtFirst() throws IOException {
        assertThat(store.load()).isNull();
    }

    @Test
    void shouldKeepEverythingThatARuleHas() throws IOException {
        VirtualService web =
                new VirtualService(
                        new ServiceKey.Endpoint(Protocol.SCTP, Address.parse("2001:db8::1"), 0),
                        "sh",
                        Set.of(SchedulerFlag.FLAG_1, SchedulerFlag.FLAG_2),
                        new Persistence(77, 64),
                        false,
                        List.of(
                                new RealServer(
                                        Address.parse("192.0.2.9"),
                                        0,
                                        ForwardingMethod.TUNNEL,
                                        Integer.MAX_VALUE,
                                        10,
                                        5,
                                        new Tunnel(TunnelType.GUE, 6080, true, false))),
                        List.of(Address.parse("2001:db8::2"), Address.parse("2001:db8::1")));
        VirtualService mark =
                new VirtualService(
                        new ServiceKey.Mark(-1, AddressFamily.IPV6),
                        "wlc",
                        Set.of(),
                        null,
                        true,
                        List.of(),
                        List.of());
        HealthCheckSpec check =
                new HealthCheckSpec(
                        false,
                        8081,
                        1_500_000_000L,
                        250_000_000L,
                        2,
                        3,
                        Address.parse("127.0.0.1"),
                        Address.parse("127.0.0.2"));
        Rules rules =
                Rules.of(
                                123456789012L,
                                List.of(
                                        new ServiceRule(web, check),
                                        new ServiceRule(mark, HealthCheckSpec.DEFAULT)),
                                new TimeoutsSpec(1, 2, 3))
                        .withOrigin("00ff");
        store.save(rules);
        Rules loaded = Objects.requireNonNull(store.load());
        assertThat(loaded).isEqualTo(rules);
        assertThat(List.copyOf(loaded.services().keySet())).containsExactly(web.key(), mark.key());
    }

    @Test
    void shouldGoBackToTheLastGoodRulesHoweverTheFileIsCut() throws IOException {
        store.save(OLD);
        store.save(NEW);
        byte[] whole = Files.readAllBytes(file("rules"));
        for (int length = 0; length < whole.length; length++) {
            Files.write(file("rules"), Arrays.copyOf(whole, length));
            assertThat(same(store.load(), OLD)).as("cut to %d", length).isTrue();
            assertThat(file("rules.damaged")).hasSize(length);
        }
        Files.write(file("rules"), whole);
        assertThat(same(store.load(), NEW)).isTrue();
    }

    @Test
    void shouldGoBackToTheLastGoodRulesWhicheverByteIsWrong() throws IOException {
        store.save(OLD);
        store.save(NEW);
        byte[] whole = Files.readAllBytes(file("rules"));
        Random random = new Random(3);
        for (int i = 0; i < whole.length; i++) {
            byte[] bad = whole.clone();
            bad[i] ^= (byte) (1 << random.nextInt(8));
            Files.write(file("rules"), bad);
            assertThat(same(store.load(), OLD)).as("byte %d", i).isTrue();
        }
    }

    @Test
    void shouldStartWithNothingWhenAllIsDamaged() throws IOException {
        store.save(OLD);
        store.save(NEW);
        Files.writeString(file("rules"), "x");
        Files.writeString(file("rules.previous"), "y");
        assertThat(store.load()).isNull();
    }

    @Test
    void shouldNotPutADamagedFileInThePlaceOfTheLastGoodOne() throws IOException {
        store.save(OLD);
        store.save(NEW);
        Files.writeString(file("rules"), "x");
        assertThat(same(store.load(), OLD)).isTrue();
        store.save(NEW.withGeneration(9));
        Files.writeString(file("rules"), "x");
        assertThat(same(store.load(), OLD)).isTrue();
    }

    /** What a kill leaves between any two steps of a save: the old or the new state, whole. */
    @Test
    void shouldHaveTheOldOrTheNewStateWhereverItIsKilled() throws IOException {
        store.save(OLD);
        byte[] old = Files.readAllBytes(file("rules"));
        store.save(NEW);
        byte[] now = Files.readAllBytes(file("rules"));
        // While the new file is written.
        Files.write(file("rules"), old);
        Files.deleteIfExists(file("rules.previous"));
        Files.write(file("rules.next"), Arrays.copyOf(now, now.length / 2));
        assertThat(same(store.load(), OLD)).isTrue();
        // Written, and the old one linked under a second name.
        Files.write(file("rules.next"), now);
        Files.createLink(file("rules.link"), file("rules"));
        assertThat(same(store.load(), OLD)).isTrue();
        // The second name is in its place.
        Files.move(file("rules.link"), file("rules.previous"));
        assertThat(same(store.load(), OLD)).isTrue();
        // And a save after each of these works.
        Files.createLink(file("rules.link"), file("rules"));
        store.save(NEW);
        assertThat(same(store.load(), NEW)).isTrue();
        Files.delete(file("rules"));
        assertThat(same(store.load(), OLD)).isTrue();
    }

    private static Rules withAccess(long generation, String... entries) {
        ServiceRule rule = rule(tcp("10.0.0.1", 80));
        AccessList list = AccessList.of(List.of(entries).stream().map(AccessEntry::parse).toList());
        VirtualService service = rule.service().withGuard(ServiceGuard.NONE.withAccess(list));
        return Rules.of(generation, List.of(rule.withService(service)), TimeoutsSpec.DEFAULT);
    }

    private List<Path> accessFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("state"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("access-"))
                    .toList();
        }
    }

    @Test
    void shouldKeepAnAccessListInAFileOfItsOwnWhileItIsNamed() throws IOException {
        Rules first = withAccess(1, "deny 10.0.0.0/8", "allow 2001:db8::/32");
        store.save(first);
        assertThat(same(store.load(), first)).isTrue();
        assertThat(accessFiles()).hasSize(1);
        FileTime written = FileTime.fromMillis(1000);
        Files.setLastModifiedTime(accessFiles().getFirst(), written);
        store.save(first.withGeneration(2));
        assertThat(Files.getLastModifiedTime(accessFiles().getFirst()))
                .as("a list that did not change is not written again")
                .isEqualTo(written);
        Rules second = withAccess(3, "deny 11.0.0.0/8");
        store.save(second);
        assertThat(accessFiles()).hasSize(2);
        Files.writeString(file("rules"), "x");
        assertThat(same(store.load(), first.withGeneration(2))).isTrue();
        store.save(OLD);
        store.save(NEW);
        assertThat(accessFiles()).isEmpty();
    }

    @Test
    void shouldGoBackToTheLastGoodRulesWhenAnAccessListIsDamaged() throws IOException {
        store.save(OLD);
        store.save(withAccess(7, "deny 10.0.0.0/8"));
        byte[] bytes = Files.readAllBytes(accessFiles().getFirst());
        bytes[3] ^= 1;
        Files.write(accessFiles().getFirst(), bytes);
        assertThat(same(store.load(), OLD)).isTrue();
    }

    @Test
    void shouldLetOneDirectorAtATimeIn() {
        assertThatThrownBy(() -> FileRuleStore.open(directory.resolve("state")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another director uses the state directory");
    }

    @Test
    void shouldSayThatADirectoryCannotBeUsed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> FileRuleStore.open(file.resolve("state")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("give a state_directory that can be written");
    }
}
