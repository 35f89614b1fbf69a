package io.jvs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.cli.CommandFixture.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysctlCommandTest {
    private static final String ALL =
            """
            net.ipv4.vs.conn_reuse_mode = 1
            net.ipv4.vs.drop_entry = 0
            net.ipv4.vs.sync_threshold = 3 50
            """;

    private final EverydayFixture jvs = new EverydayFixture();

    private static Result ok(String out) {
        return new Result(0, out, "");
    }

    @Test
    void shouldShowAllInOrder() {
        assertThat(jvs.run("sysctl")).isEqualTo(ok(ALL));
        assertThat(jvs.run("sysctl -a")).isEqualTo(ok(ALL));
        assertThat(jvs.run("sysctl net.ipv4.vs")).isEqualTo(ok(ALL));
        assertThat(jvs.run("sysctl -an")).isEqualTo(ok("1\n0\n3 50\n"));
        assertThat(jvs.run("sysctl -N drop_entry")).isEqualTo(ok("net.ipv4.vs.drop_entry\n"));
        assertThat(jvs.director.calls).containsOnly("GetSysctls");
    }

    @Test
    void shouldReadNamesAsSysctlDoes() {
        String line = "net.ipv4.vs.conn_reuse_mode = 1\n";
        assertThat(jvs.run("sysctl conn_reuse_mode")).isEqualTo(ok(line));
        assertThat(jvs.run("sysctl net.ipv4.vs.conn_reuse_mode")).isEqualTo(ok(line));
        assertThat(jvs.run("sysctl net/ipv4/vs/conn_reuse_mode")).isEqualTo(ok(line));
        assertThat(jvs.run("sysctl -n sync_threshold drop_entry")).isEqualTo(ok("3 50\n0\n"));
        assertThat(jvs.run("sysctl -b drop_entry")).isEqualTo(ok("0"));
    }

    @Test
    void shouldSetTogether() {
        assertThat(jvs.run("sysctl -w net.ipv4.vs.conn_reuse_mode=2 drop_entry=3"))
                .isEqualTo(ok("net.ipv4.vs.conn_reuse_mode = 2\nnet.ipv4.vs.drop_entry = 3\n"));
        assertThat(jvs.director.calls).containsExactly("GetSysctls", "SetSysctls");
        assertThat(jvs.run("sysctl -q drop_entry=1")).isEqualTo(ok(""));
        assertThat(jvs.run("sysctl -n drop_entry")).isEqualTo(ok("1\n"));
    }

    @Test
    void shouldRefuseWhatIsNotKnown() {
        assertThat(jvs.run("sysctl nosuch drop_entry"))
                .isEqualTo(
                        new Result(
                                1,
                                "net.ipv4.vs.drop_entry = 0\n",
                                "jvs sysctl: 'nosuch' is not a setting of net.ipv4.vs\n"));
        assertThat(jvs.run("sysctl -e nosuch drop_entry nosuch=1"))
                .isEqualTo(ok("net.ipv4.vs.drop_entry = 0\n"));
        assertThat(jvs.run("sysctl drop_entry=1 nosuch=1"))
                .isEqualTo(new Result(1, "", "jvs sysctl: not a setting\n"));
        assertThat(jvs.run("sysctl -n drop_entry")).isEqualTo(ok("0\n"));
        Result bad = jvs.run("sysctl --nosuch");
        assertThat(bad.code()).isEqualTo(2);
        assertThat(bad.err()).startsWith("jvs sysctl: '--nosuch' is not an option\nusage: ");
        assertThat(jvs.run("sysctl -w drop_entry").err())
                .startsWith("jvs sysctl: 'drop_entry' has no value, which -w asks for\n");
        assertThat(jvs.run("sysctl -p").err()).startsWith("jvs sysctl: -p needs a file\n");
        assertThat(jvs.run("sysctl -h").out()).startsWith("usage: jvs sysctl ");
    }

    @Test
    void shouldLoadFiles(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("lvs.conf");
        Files.writeString(
                file,
                """
                # of the old director
                ; and more
                net.ipv4.ip_forward = 1
                net.ipv4.vs.conn_reuse_mode=0
                -net/ipv4/vs/drop_entry = 3
                """);
        assertThat(jvs.run("sysctl -p " + file))
                .isEqualTo(
                        new Result(
                                0,
                                "net.ipv4.vs.conn_reuse_mode = 0\nnet.ipv4.vs.drop_entry = 3\n",
                                "jvs sysctl: %s:3: net.ipv4.ip_forward is not of net.ipv4.vs: left out\n"
                                        .formatted(file)));
        assertThat(jvs.run(List.of("sysctl", "-q", "--load=-"), "sync_threshold = 5 100\n"))
                .isEqualTo(ok(""));
        assertThat(jvs.director.sysctls).containsEntry("sync_threshold", "5 100");
        assertThat(jvs.run(List.of("sysctl", "-p", "-"), "drop_entry\n"))
                .isEqualTo(
                        new Result(1, "", "jvs sysctl: -:1: 'drop_entry' is not NAME = VALUE\n"));
        Result missing = jvs.run("sysctl -p " + directory.resolve("none"));
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("none' cannot be read");
    }

    @Test
    void shouldSayWhatThereIs() {
        assertThat(jvs.run("nosuch"))
                .isEqualTo(
                        new Result(
                                2,
                                "",
                                "jvs: 'nosuch' is none of acl, drain, limits, local-ports, mark, status, sysctl\n"));
    }
}
