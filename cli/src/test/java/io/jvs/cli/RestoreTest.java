package io.jvs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.cli.CommandFixture.Result;
import org.junit.jupiter.api.Test;

class RestoreTest {
    private static final String RULES =
            """
            # services
            ipvsadm -A -t 10.0.0.1:80 -s rr

              -a -t 10.0.0.1:80 -r 10.0.0.2:80 -g   # the first
            -A -f 7 -6 -s wlc -p 60
            """;

    private final CommandFixture jvsadm = new CommandFixture("jvsadm");

    @Test
    void shouldApplyAllLinesAsOneTransaction() {
        assertThat(jvsadm.run("-R", RULES)).isEqualTo(new Result(0, "", ""));
        assertThat(jvsadm.director.calls).startsWith("ApplyConfig");
        String saved = jvsadm.run("-Sn").out();
        assertThat(saved).hasLineCount(3);

        CommandFixture other = new CommandFixture("jvsadm");
        assertThat(other.run("-R", saved).code()).isZero();
        assertThat(other.run("-Sn").out()).isEqualTo(saved);
    }

    @Test
    void shouldChangeNothingWhenTheDirectorRefusesALine() {
        jvsadm.run("-R", RULES);
        String before = jvsadm.run("-Sn").out();
        Result result =
                jvsadm.run("-R", "-C\n\n-A -t 10.0.0.9:80\n-d -t 10.0.0.9:80 -r 10.0.0.2\n");
        assertThat(result)
                .isEqualTo(
                        new Result(
                                255,
                                "",
                                """
                                No such destination
                                line 4: -d -t 10.0.0.9:80 -r 10.0.0.2
                                Nothing was changed.
                                """));
        assertThat(jvsadm.run("-Sn").out()).isEqualTo(before);
    }

    @Test
    void shouldChangeNothingWhenALineIsWrong() {
        Result result = jvsadm.run("-R", "-A -t 10.0.0.9:80\n-A -t 10.0.0.9:99999 -s rr\n");
        assertThat(result.code()).isEqualTo(ExitCode.ARGUMENT);
        assertThat(result.err())
                .startsWith("illegal virtual server address[:port] specified\nline 2: ");
        assertThat(jvsadm.director.calls).isEmpty();
    }

    @Test
    void shouldRefuseCommandsThatChangeNothing() {
        assertThat(jvsadm.run("-R", "-L -n\n").code()).isEqualTo(ExitCode.ARGUMENT);
        assertThat(jvsadm.run("-R", "-R\n").code()).isEqualTo(ExitCode.ARGUMENT);
        assertThat(jvsadm.run("-R", "\n# nothing\n")).isEqualTo(new Result(0, "", ""));
    }

    @Test
    void shouldPrintIpvsadmsWordsOnlyUnderItsName() {
        CommandFixture ipvsadm = new CommandFixture("ipvsadm");
        assertThat(ipvsadm.run("-R", "-A -t 10.0.0.9:80 -s nosuch\n"))
                .isEqualTo(new Result(255, "", "Scheduler or persistence engine not found\n"));
    }
}
