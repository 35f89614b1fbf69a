package io.jvs.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.control.api.RuleReader;
import io.jvs.control.api.RuleWriter;
import io.jvs.director.DrawnRules;
import io.jvs.director.Rules;
import io.jvs.director.ServiceRule;
import io.jvs.service.RealServer;
import io.jvs.service.VirtualService;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that can be configured is lost by a restart, whatever the values. */
class KeptRulesTest {
    private static final int ROUNDS = 100;

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldKeepEveryFieldOfEveryService(long seed) throws IOException {
        DrawnRules drawn = new DrawnRules(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Rules rules = drawn.rules();
            try (FileRuleStore store = FileRuleStore.open(directory)) {
                store.save(rules);
            }
            try (FileRuleStore store = FileRuleStore.open(directory)) {
                assertThat(store.load()).as("seed %d round %d", seed, round).isEqualTo(rules);
            }
        }
    }

    /** What GetConfig tells is what ApplyConfig takes. */
    @Test
    void shouldTellEveryFieldOfEveryService() throws Exception {
        DrawnRules drawn = new DrawnRules(4);
        for (int round = 0; round < 3 * ROUNDS; round++) {
            ServiceRule rule = drawn.rule();
            byte[] told = RuleWriter.configured(rule).toByteArray();
            ServiceRule read = RuleReader.rule(io.jvs.proto.v1.VirtualService.parseFrom(told));
            assertThat(read).as("round %d", round).isEqualTo(rule);
        }
    }

    /** Else a field that is new would be one that the other tests know nothing of. */
    @Test
    void shouldDrawEveryField() throws Exception {
        DrawnRules drawn = new DrawnRules(6);
        Map<String, Set<Object>> seen = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            drawn.rules().services().values().forEach(rule -> note(rule, seen));
        }
        assertThat(seen.keySet().stream().map(name -> name.replaceAll(" .*", "")))
                .contains(VirtualService.class.getSimpleName(), RealServer.class.getSimpleName());
        seen.remove("Drain over");
        assertThat(seen)
                .allSatisfy((field, values) -> assertThat(values).as(field).hasSizeGreaterThan(1));
    }

    private static void note(@Nullable Object value, Map<String, Set<Object>> seen) {
        if (value instanceof Collection<?> many) {
            many.forEach(one -> note(one, seen));
        } else if (value instanceof Record record) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                Object part = read(record, component);
                String name = record.getClass().getSimpleName() + " " + component.getName();
                seen.computeIfAbsent(name, key -> new HashSet<>()).add(String.valueOf(part));
                note(part, seen);
            }
        }
    }

    private static @Nullable Object read(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
