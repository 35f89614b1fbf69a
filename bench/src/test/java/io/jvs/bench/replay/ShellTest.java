package io.jvs.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.director.RefusedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shell lines that recordings use. */
class ShellTest {
    private SimulatedDirector director;
    private Shell shell;

    @BeforeEach
    void open() throws RefusedException {
        director = new SimulatedDirector(1);
        VirtualFiles files = new VirtualFiles(new ProcFiles(director, new DirectorState(director)));
        shell = new Shell(new Programs(director, files), files);
    }

    @AfterEach
    void close() {
        director.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '`',
            value = {
                "echo a  b=>a b",
                "echo 'a  b'=>a  b",
                "echo \"a; b\"=>a; b",
                "printf -- \"x\\n\"=>x",
                "echo one; echo two=>one two",
                "true && echo yes=>yes",
                "false && echo no; echo after=>after",
                "false || echo other=>other",
                "echo x > /run/f; cat /run/f=>x",
                "echo x > /run/f; echo y >> /run/f; cat < /run/f=>x y",
                "echo in | cat=>in",
                "echo same > /run/f; echo same | diff - /run/f && echo equal=>equal",
                "for i in 1 2; do echo <$i>; done=><1> <2>",
                "echo $(echo inner)=>inner",
                "echo a > /run/dir/x; for f in /run/dir/*; do echo ${f##*/} $(cat $f); done=>x a",
                "ipvsadm -A -t 10.99.0.1:80 -s rr; ipvsadm -Sn=>-A -t 10.99.0.1:80 -s rr",
            })
    void shouldRunWhatRecordingsUse(String line, String printed) {
        String out = shell.run(line.replace("<$i>", "$i")).out();
        assertThat(out.strip().replace("\n", " ")).isEqualTo(printed.replaceAll("[<>]", ""));
    }

    @Test
    void shouldGiveTheExitCodeOfTheLastCommand() {
        assertThat(shell.run("ipvsadm -D -t 10.99.0.1:80").code()).isEqualTo(255);
        assertThat(shell.run("ipvsadm -D -t 10.99.0.1:80; true").code()).isZero();
        assertThat(shell.run("cat /run/none").code()).isEqualTo(1);
        assertThat(shell.run("nothing").code()).isEqualTo(127);
    }

    @Test
    void shouldShowTheKernelsFiles() {
        shell.run("ipvsadm -A -u [2001:db8:99::1]:53 -s rr -p 10 -M 64");
        shell.run("ipvsadm -a -u [2001:db8:99::1]:53 -r [2001:db8:77::1]:53 -g -w 2");
        assertThat(shell.run("cat /proc/net/ip_vs").out())
                .endsWith(
                        "UDP  [2001:0db8:0099:0000:0000:0000:0000:0001]:0035 rr persistent 2500"
                                + " 40000000\n"
                                + "  -> [2001:0db8:0077:0000:0000:0000:0000:0001]:0035      Route  "
                                + " 2      0          0         \n");
    }
}
