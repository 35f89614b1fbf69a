package io.jvs.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.director.Rules;
import io.jvs.service.Sysctls;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptSysctlsTest {
    @TempDir private Path directory;

    @Test
    void shouldKeepSettings() throws Exception {
        Sysctls sysctls = Sysctls.INITIAL.with(Map.of("conn_reuse_mode", "0", "secure_tcp", "2"));
        try (FileRuleStore store = FileRuleStore.open(directory)) {
            store.save(Rules.EMPTY.withSysctls(sysctls));
        }
        try (FileRuleStore store = FileRuleStore.open(directory)) {
            assertThat(store.load()).isNotNull().extracting(Rules::sysctls).isEqualTo(sysctls);
        }
    }
}
