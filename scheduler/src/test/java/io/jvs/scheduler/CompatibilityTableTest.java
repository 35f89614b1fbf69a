package io.jvs.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/ipvs-compatibility.md claims nothing without a test, and leaves no row of ipvsadm(8) out.
 */
class CompatibilityTableTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern TEST_NAME = Pattern.compile("`([A-Z]\\w*(?:Test|IT|Stress))`");
    private static final Set<String> CLAIMS = Set.of("same", "better", "differs");

    private static final Pattern DAEMON = Pattern.compile("daemon`|`(--)?(sync|mcast|backup_only)");

    /** The long options of ipvsadm(8) 1.31. */
    private static final List<String> OPTIONS =
            List.of(
                    "add-service",
                    "edit-service",
                    "delete-service",
                    "clear",
                    "restore",
                    "save",
                    "add-server",
                    "edit-server",
                    "delete-server",
                    "list",
                    "zero",
                    "set",
                    "start-daemon",
                    "stop-daemon",
                    "help",
                    "version",
                    "tcp-service",
                    "udp-service",
                    "sctp-service",
                    "fwmark-service",
                    "scheduler",
                    "persistent",
                    "netmask",
                    "pe",
                    "sched-flags",
                    "real-server",
                    "gatewaying",
                    "ipip",
                    "tun-type",
                    "tun-port",
                    "tun-nocsum",
                    "tun-csum",
                    "tun-remcsum",
                    "masquerading",
                    "weight",
                    "u-threshold",
                    "l-threshold",
                    "connection",
                    "timeout",
                    "daemon",
                    "stats",
                    "rate",
                    "thresholds",
                    "persistent-conn",
                    "tun-info",
                    "sort",
                    "nosort",
                    "numeric",
                    "exact",
                    "ipv6",
                    "ops",
                    "syncid",
                    "sync-maxlen",
                    "mcast-interface",
                    "mcast-group",
                    "mcast-port",
                    "mcast-ttl");

    /** The files of /proc/sys/net/ipv4/vs in Linux 6.12. */
    private static final List<String> SYSCTLS =
            List.of(
                    "am_droprate",
                    "amemthresh",
                    "backup_only",
                    "cache_bypass",
                    "conn_reuse_mode",
                    "conntrack",
                    "drop_entry",
                    "drop_packet",
                    "est_cpulist",
                    "est_nice",
                    "expire_nodest_conn",
                    "expire_quiescent_template",
                    "ignore_tunneled",
                    "lblc_expiration",
                    "lblcr_expiration",
                    "nat_icmp_send",
                    "pmtu_disc",
                    "run_estimation",
                    "schedule_icmp",
                    "secure_tcp",
                    "sloppy_sctp",
                    "sloppy_tcp",
                    "snat_reroute",
                    "sync_persist_mode",
                    "sync_ports",
                    "sync_qlen_max",
                    "sync_refresh_period",
                    "sync_retries",
                    "sync_sock_size",
                    "sync_threshold",
                    "sync_version");

    private record Row(String feature, String status, String jvs, String proof) {}

    @Test
    void shouldHaveARowForEveryOptionSysctlAndScheduler() throws IOException {
        List<String> features = rows().stream().map(Row::feature).toList();

        assertThat(features).isNotEmpty();
        for (String option : OPTIONS) {
            assertThat(features).as(option).anyMatch(f -> f.contains("`--" + option + "`"));
        }
        for (String sysctl : SYSCTLS) {
            assertThat(features).contains("`" + sysctl + "`");
        }
        for (String scheduler : Scheduler.names()) {
            assertThat(features).contains("`" + scheduler + "`");
        }
    }

    @Test
    void shouldUseTheFourStatusesOnly() throws IOException {
        for (Row row : rows()) {
            assertThat(row.status()).as(row.feature()).isIn("same", "better", "differs", "not yet");
        }
    }

    /** What is not built yet is known here; the daemon's rows are those of its own section. */
    @Test
    void shouldMissNothingButWhatIsPlanned() throws IOException {
        assertThat(
                        rows().stream()
                                .filter(row -> row.status().equals("not yet"))
                                .map(Row::feature)
                                .filter(feature -> !DAEMON.matcher(feature).find()))
                .isSubsetOf("`--pe`");
        for (Row row : rows()) {
            assertThat(row.jvs() + row.proof()).as(row.feature()).containsPattern("\\w");
        }
    }

    @Test
    void shouldProveWhatItClaims() throws IOException {
        for (Row row : rows()) {
            if (CLAIMS.contains(row.status())) {
                assertThat(TEST_NAME.matcher(row.proof()).find()).as(row.feature()).isTrue();
            }
        }
    }

    @Test
    void shouldNameTestsThatExist() throws IOException {
        Set<String> named = new TreeSet<>();
        for (Row row : rows()) {
            Matcher matcher = TEST_NAME.matcher(row.jvs() + row.proof());
            while (matcher.find()) {
                named.add(matcher.group(1));
            }
        }

        assertThat(named).isNotEmpty();
        assertThat(testClasses()).containsAll(named);
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        boolean inTable = false;
        for (String line : Files.readAllLines(ROOT.resolve("docs/ipvs-compatibility.md"))) {
            if (line.startsWith("| feature |")) {
                inTable = true;
            } else if (!line.startsWith("|")) {
                inTable = false;
            } else if (inTable && !line.startsWith("|---")) {
                String[] cells = line.substring(1).split("\\|");
                assertThat(cells).as(line).hasSize(4);
                rows.add(new Row(cells[0].strip(), cells[1].strip(), cells[2], cells[3]));
            }
        }
        return rows;
    }

    private static Set<String> testClasses() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path module : modules()) {
            try (Stream<Path> files = Files.walk(module.resolve("src/test/java"))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java"))
                        .forEach(name -> names.add(name.replace(".java", "")));
            }
        }
        return names;
    }

    private static List<Path> modules() throws IOException {
        try (Stream<Path> directories = Files.list(ROOT)) {
            return directories
                    .filter(directory -> Files.isDirectory(directory.resolve("src/test/java")))
                    .toList();
        }
    }
}
