package io.jvs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.cli.CommandFixture.Result;
import io.jvs.proto.v1.Connection;
import io.jvs.proto.v1.ForwardingMethod;
import io.jvs.proto.v1.Statistics;
import org.junit.jupiter.api.Test;

class IpvsadmCommandTest {
    private final CommandFixture jvsadm = new CommandFixture("jvsadm");

    private void ok(String arguments) {
        assertThat(jvsadm.run(arguments)).isEqualTo(new Result(0, "", ""));
    }

    private String saved() {
        return jvsadm.run("-Sn").out();
    }

    @Test
    void shouldTakeOptionsInAnyOrder() {
        ok("-t 10.0.0.1:80 -s rr -A -p 60 -M 255.255.255.0");
        ok("-r 10.0.0.2 -m -a -w 3 -t 10.0.0.1:80");
        ok("-6 -s rr -A -M 64 -p 5 -f 7");
        assertThat(saved())
                .isEqualTo(
                        """
                        -A -t 10.0.0.1:80 -s rr -p 60 -M 255.255.255.0
                        -a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 3
                        -A -f 7 -6 -s rr -p 5 -M 64
                        """);
        assertThat(jvsadm.run("-nL").out()).contains("  -> 10.0.0.2:80 ");
    }

    @Test
    void shouldReadOrdersAsIpvsadmDoesWhenCalledSo() {
        CommandFixture ipvsadm = new CommandFixture("ipvsadm");
        String help = "Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n";
        assertThat(ipvsadm.run("-nL")).isEqualTo(new Result(255, "", help));
        assertThat(ipvsadm.run("-t 10.0.0.1:80 -A")).isEqualTo(new Result(255, "", help));
        assertThat(ipvsadm.run("-A -6 -f 7")).isEqualTo(new Result(2, "", "-6 used before -f\n\n"));
        assertThat(ipvsadm.run("-A -M x:: -f 7 -6").err())
                .isEqualTo("illegal virtual server persistent mask specified\n");
        assertThat(ipvsadm.run("-A -p 5 -M 129 -t [2001:db8::1]:80 -s rr").code()).isZero();
        assertThat(ipvsadm.run("-A -f 7 -p 5 -M 64 -6 -s rr").code()).isZero();
        assertThat(ipvsadm.run("-a -r [2001:db8::2]:x -t x:y").err())
                .isEqualTo("illegal real server address[:port] specified\n");
        assertThat(ipvsadm.run("-Sn").out())
                .isEqualTo(
                        """
                        -A -t [2001:db8::1]:80 -s rr -p 5
                        -A -f 7 -6 -s rr -p 5
                        """);
    }

    @Test
    void shouldRefuseAMaskOfTheOtherFamily() {
        assertThat(jvsadm.run("-A -t 10.0.0.1:80 -p 5 -M ffff::"))
                .isEqualTo(new Result(2, "", "illegal virtual server persistent mask specified\n"));
    }

    @Test
    void shouldTakeBundledAndAttachedArguments() {
        ok("-At10.0.0.1:80 -srr -p60");
        ok("-a --tcp-service=10.0.0.1:80 -r=10.0.0.2:8080 -mw7");
        assertThat(saved())
                .isEqualTo(
                        """
                        -A -t 10.0.0.1:80 -s rr -p 60
                        -a -t 10.0.0.1:80 -r 10.0.0.2:8080 -m -w 7
                        """);
        assertThat(jvsadm.run("-L --numeric=1"))
                .isEqualTo(new Result(255, "", "--numeric=1: option does not take an argument\n"));
    }

    @Test
    void shouldKeepTheDirectorOutOfArgumentErrors() {
        Result result = jvsadm.run("-A -t 10.0.0.1:80 -s rr -w 1");
        assertThat(result.code()).isEqualTo(ExitCode.ARGUMENT);
        assertThat(jvsadm.director.calls).isEmpty();
    }

    @Test
    void shouldAddAndListLocalAddresses() {
        ok("-A -t 10.0.0.1:80 -s rr");
        ok("-a -t 10.0.0.1:80 -r 10.0.9.2:8080 --fullnat");
        ok("-P -z 10.0.0.200 -t 10.0.0.1:80 -F dpdk0");
        ok("--add-laddr --local-address 10.0.0.201 -t 10.0.0.1:80");
        jvsadm.director.connections.add(
                Connection.newBuilder()
                        .setProtocol(6)
                        .setVirtualAddress("10.0.0.1")
                        .setVirtualPort(80)
                        .setLocalAddress("10.0.0.201")
                        .setForwardingMethod(ForwardingMethod.FORWARDING_METHOD_FULLNAT)
                        .build());
        assertThat(jvsadm.run("-G -n").out())
                .isEqualTo(
                        """
                        VIP:VPORT            TOTAL    LIP                  CONNS
                        10.0.0.1:80          2       \s
                                                      10.0.0.200           0
                                                      10.0.0.201           1
                        """);
        assertThat(jvsadm.run("-Ln").out())
                .contains(
                        "  -> 10.0.9.2:8080                FullNat 1      0          0         \n");
        ok("-Q -t 10.0.0.1:80 -z 10.0.0.200");
        assertThat(saved())
                .isEqualTo(
                        """
                        -A -t 10.0.0.1:80 -s rr
                        -a -t 10.0.0.1:80 -r 10.0.9.2:8080 --fullnat -w 1
                        -P -t 10.0.0.1:80 -z 10.0.0.201
                        """);
    }

    @Test
    void shouldTakeServersAndLocalAddressesOfAnotherFamilyTogether() {
        ok("-A -t 10.0.0.1:80 -s rr");
        ok("-P -t 10.0.0.1:80 -z 2001:db8::1");
        ok("-a -t 10.0.0.1:80 -r [2001:db8::2]:8080 --fullnat");
        assertThat(saved())
                .isEqualTo(
                        """
                        -A -t 10.0.0.1:80 -s rr
                        -a -t 10.0.0.1:80 -r [2001:db8::2]:8080 --fullnat -w 1
                        -P -t 10.0.0.1:80 -z 2001:db8::1
                        """);
        assertThat(jvsadm.run("-a -t 10.0.0.1:80 -r [2001:db8::3]:8080 -m").code())
                .isEqualTo(ExitCode.ARGUMENT);
    }

    @Test
    void shouldKeepWideColumnsApart() {
        ok("-A -t [2001:db8:1234:5678:9abc:def0:1234:5678]:8080 -s rr");
        ok(
                "-a -t [2001:db8:1234:5678:9abc:def0:1234:5678]:8080"
                        + " -r [2001:db8:1234:5678:9abc:def0:1234:5679]:8080 -m -w 2147483647"
                        + " -x 2147483647");
        String name = "  -> [2001:db8:1234:5678:9abc:def0:1234:5679]:8080 ";
        assertThat(jvsadm.run("-Ln").out())
                .contains(name + "Masq    2147483647 0          0         \n");
        assertThat(jvsadm.run("-Ln --thresholds").out())
                .contains(name + "2147483647 0          0          0         \n");
        assertThat(jvsadm.run("-Ln --persistent-conn").out())
                .contains(name + "2147483647 0           0          0         \n");
    }

    @Test
    void shouldShortenLargeCountersUnlessExact() {
        ok("-A -u 10.0.0.1:53 -s rr");
        jvsadm.director.totals =
                Statistics.newBuilder()
                        .setConnections(99_999_999L)
                        .setIncomingPackets(100_000_000L)
                        .setOutgoingPackets(1_000_000_000L)
                        .setIncomingBytes(123_456_789_012_345L)
                        .setOutgoingBytes(-1L)
                        .build();
        assertThat(jvsadm.run("-Ln --stats").out())
                .endsWith(
                        "UDP  10.0.0.1:53                  "
                                + "99999999  100000K    1000M     123T18446744T\n");
        assertThat(jvsadm.run("-Ln --stats --exact").out())
                .endsWith(" 99999999 100000000 1000000000 123456789012345 18446744073709551615\n");
    }

    @Test
    void shouldListConnections() {
        jvsadm.director.connections.add(
                Connection.newBuilder()
                        .setProtocol(6)
                        .setClientAddress("2001:db8::3")
                        .setClientPort(1234)
                        .setVirtualAddress("2001:db8::1")
                        .setVirtualPort(80)
                        .setRealAddress("10.0.0.2")
                        .setRealPort(8080)
                        .setState("ESTABLISHED")
                        .setExpiresMillis(6_039_999)
                        .build());
        assertThat(jvsadm.run("-Lc").out())
                .isEqualTo(
                        """
                        IPVS connection entries
                        pro expire state       source             virtual            destination
                        TCP 100:39 ESTABLISHED [2001:db8::3]:1234 [2001:db8::1]:http 10.0.0.2:8080
                        """);
        assertThat(jvsadm.run("-Lnc --persistent-conn").out())
                .contains("destination        pe name          pe_data\n");
    }

    @Test
    void shouldTellHelpOfItsOwnOptionsUnderItsOwnName() {
        assertThat(jvsadm.run("-h").out()).contains("\n  jvsadm -D virtual-service\n", "--fullnat");
        assertThat(new CommandFixture("ipvsadm").run("-h").out())
                .contains("\n  ipvsadm -D virtual-service\n")
                .doesNotContain("fullnat");
    }

    @Test
    void shouldSayThatThereIsNoDaemon() {
        assertThat(jvsadm.run("-L --daemon")).isEqualTo(new Result(0, "", ""));
        assertThat(jvsadm.run("--stop-daemon master"))
                .isEqualTo(new Result(255, "", "No daemon is running\n"));
        assertThat(jvsadm.run("--start-daemon nobody").code()).isEqualTo(ExitCode.ARGUMENT);
        assertThat(jvsadm.run("--start-daemon master --mcast-group 10.0.0.1"))
                .isEqualTo(new Result(2, "", "invalid IPv4 mcast-group `10.0.0.1'\n"));
        assertThat(jvsadm.run("--start-daemon master --mcast-group ff02::1").code())
                .isEqualTo(ExitCode.REFUSED);
    }
}
