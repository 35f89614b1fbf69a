package io.jvs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.cli.CommandFixture.Result;
import io.jvs.proto.v1.MarkRule;
import io.jvs.proto.v1.MarkRules;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkCommandTest {
    private final EverydayFixture jvs = new EverydayFixture();

    private void ok(String arguments) {
        assertThat(jvs.run(arguments)).isEqualTo(new Result(0, "", ""));
    }

    private String saved() {
        return jvs.run("mark save").out();
    }

    @Test
    void shouldAddReplaceAndDelete() {
        ok("mark add -p tcp -d 10.0.0.77/24 --dport 80:90 --mark 0x10");
        ok("mark add -p udp -s 2001:DB8::1/32 --sport 53 -m 4294967295");
        ok("mark add --at 1 --mark 1");
        assertThat(jvs.run("mark").out())
                .isEqualTo(
                        """
                        Num Prot Source             Destination        Sports      Dports      Mark
                        1   all  all                all                all         all         1
                        2   tcp  all                10.0.0.0/24        all         80:90       16
                        3   udp  2001:db8::/32      all                53          all         4294967295
                        """);
        ok("mark replace 1 -p sctp --mark 2");
        ok("mark delete 2");
        ok("mark delete --mark 4294967295 --sport 53 -s 2001:db8:ffff::/32 -p udp");
        assertThat(saved()).isEqualTo("add -p sctp --mark 2\n");
        ok("mark clear");
        assertThat(saved()).isEmpty();
    }

    @Test
    void shouldLoadWhatItSaves() {
        ok("mark add -p tcp -d 10.0.0.0/8 --dport 80:90 --mark 16");
        ok("mark add -s 2001:db8::1 --sport 1024-65535 --mark 0");
        String saved = saved();
        assertThat(saved)
                .isEqualTo(
                        """
                        add -p tcp -d 10.0.0.0/8 --dport 80:90 --mark 16
                        add -s 2001:db8::1/128 --sport 1024:65535 --mark 0
                        """);
        MarkRules before = jvs.director.marks;
        ok("mark clear");
        assertThat(jvs.run(List.of("mark", "load"), "# mine\n\n" + saved).code()).isZero();
        assertThat(jvs.director.marks).isEqualTo(before);
        assertThat(jvs.run(List.of("mark", "load", "-"), "--mark 1\n--mark x\n"))
                .isEqualTo(
                        new Result(
                                2,
                                "",
                                """
                                jvs mark: 'x' is not a mark, a number from 0 to 4294967295
                                -:2: --mark x
                                Nothing was changed.
                                """));
        assertThat(jvs.director.marks).isEqualTo(before);
    }

    @Test
    void shouldNotLoseARuleThatAnotherClientAddsMeanwhile() {
        MarkRule other = MarkRule.newBuilder().setMark(7).build();
        jvs.director.marksOfAnother = MarkRules.newBuilder().addMarkRules(other).build();
        ok("mark add --mark 8");
        assertThat(saved()).isEqualTo("add --mark 7\nadd --mark 8\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mark nosuch",
                "mark list 1",
                "mark add",
                "mark add --mark",
                "mark add --mark -1",
                "mark add --mark 4294967296",
                "mark add -p icmp --mark 1",
                "mark add -s 10.0.0.0/33 --mark 1",
                "mark add -s 10.0.0/8 --mark 1",
                "mark add -d 2001:db8::/129 --mark 1",
                "mark add --dport 65536 --mark 1",
                "mark add --dport 90:80 --mark 1",
                "mark add --sport x --mark 1",
                "mark add --port 1 --mark 1",
                "mark replace",
                "mark load a b",
            })
    void shouldRefuseBadArguments(String command) {
        Result result = jvs.run(command);
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).startsWith("jvs mark: ");
        assertThat(jvs.director.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mark delete 1",
                "mark delete 0",
                "mark delete x",
                "mark delete --mark 1",
                "mark replace 1 --mark 1",
                "mark add --at 2 --mark 1",
                "mark load /nonexistent/file",
            })
    void shouldRefuseWhatIsNotThere(String command) {
        Result result = jvs.run(command);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).startsWith("jvs mark: ");
        assertThat(jvs.director.calls).doesNotContain("SetMarkRules");
    }
}
