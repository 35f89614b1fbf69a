package io.jvs.director;

import static io.jvs.director.TestRules.nat;
import static io.jvs.director.TestRules.rule;
import static io.jvs.director.TestRules.server;
import static io.jvs.director.TestRules.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.service.Address;
import io.jvs.service.AddressFamily;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Persistence;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.TunnelType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The errors of shared golden/cli.json that come from the kernel, and those of ipvsadm itself. */
class RuleChecksTest {
    private static final ServiceKey WEB = tcp("10.99.0.1", 80);

    private final RuleChecks checks = new RuleChecks(TestRules.SCHEDULERS);

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "255.255.255.255", "224.0.0.5", "240.0.0.1"})
    void shouldRefuseIpv4AddressesThatAreNotUnicast(String address) {
        assertThatThrownBy(() -> checks.server(WEB, nat(address, 80, 1)))
                .hasMessage(
                        "Invalid operation.  Possibly wrong module version, address not unicast,"
                                + " ...");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fe80::1", "ff02::1", "::"})
    void shouldRefuseIpv6AddressesThatAreNotGlobalUnicast(String address) {
        assertThatThrownBy(() -> checks.server(tcp("2001:db8:99::1", 80), nat(address, 80, 1)))
                .hasMessage(RuleChecks.INVALID);
    }

    @Test
    void shouldAllowAnotherFamilyOnlyWhereThePacketBecomesOfThatFamily() throws Exception {
        for (ForwardingMethod method : ForwardingMethod.values()) {
            RealServer other = server(method, "2001:db8:77::1", 80, 1);
            if (method == ForwardingMethod.TUNNEL || method == ForwardingMethod.FULLNAT) {
                assertThat(checks.server(WEB, other)).isEqualTo(other);
            } else {
                assertThatThrownBy(() -> checks.server(WEB, other))
                        .hasMessage(
                                "Different address family is allowed only for tunneling servers");
            }
        }
    }

    @Test
    void shouldAskForALocalAddressOfTheServersFamily() throws Exception {
        RealServer other = server(ForwardingMethod.FULLNAT, "2001:db8:77::1", 80, 1);
        ServiceRule alone = rule(WEB, other);
        ServiceRule wrong = withLocal(alone, "192.168.77.100");
        for (ServiceRule refused : List.of(alone, wrong)) {
            assertThatThrownBy(() -> RuleChecks.families(refused))
                    .hasMessage(
                            "real server 2001:db8:77::1 is of another address family than its"
                                    + " service: FULLNAT needs a local address of the real"
                                    + " server's family for it, and the service has none");
        }
        RuleChecks.families(withLocal(alone, "2001:db8:77::aa"));
        RuleChecks.families(rule(WEB, server(ForwardingMethod.FULLNAT, "192.168.77.1", 80, 1)));
    }

    private static ServiceRule withLocal(ServiceRule rule, String address) {
        return rule.withService(rule.service().withLocalAddresses(List.of(Address.parse(address))));
    }

    @Test
    void shouldRefuseToBeARealServerItself() {
        assertThatThrownBy(
                        () -> checks.server(WEB, server(ForwardingMethod.LOCAL, "10.1.0.1", 80, 1)))
                .hasMessageContaining("a director serves nothing itself");
    }

    @Test
    void shouldRefuseALowerThresholdAboveTheUpper() {
        RealServer bad =
                new RealServer(
                        Address.parse("192.168.77.6"),
                        80,
                        ForwardingMethod.NAT,
                        1,
                        5,
                        10,
                        Tunnel.IPIP);
        assertThatThrownBy(() -> checks.server(WEB, bad))
                .hasMessage("Numerical result out of range");
    }

    @Test
    void shouldRefuseGueWithoutAPort() {
        RealServer bad =
                new RealServer(
                        Address.parse("192.168.77.8"),
                        80,
                        ForwardingMethod.TUNNEL,
                        1,
                        0,
                        0,
                        new Tunnel(TunnelType.GUE, 0, false, false));
        assertThatThrownBy(() -> checks.server(WEB, bad))
                .hasMessage("You need to supply the 'tun-port' option for the 'gue' tunnel type");
    }

    @Test
    void shouldGiveDirectRouteAndTunnelThePortOfTheService() throws Exception {
        assertThat(
                        checks.server(
                                        WEB,
                                        server(
                                                ForwardingMethod.DIRECT_ROUTE,
                                                "192.168.77.3",
                                                8080,
                                                1))
                                .port())
                .isEqualTo(80);
        assertThat(checks.server(WEB, nat("192.168.77.3", 8080, 1)).port()).isEqualTo(8080);
        assertThat(checks.server(WEB, nat("192.168.77.3", 0, 1)).port()).isZero();
        ServiceKey mark = new ServiceKey.Mark(5, AddressFamily.IPV4);
        assertThat(
                        checks.server(
                                        mark,
                                        server(
                                                ForwardingMethod.DIRECT_ROUTE,
                                                "192.168.77.3",
                                                8080,
                                                1))
                                .port())
                .isEqualTo(8080);
    }

    @Test
    void shouldRefuseUnknownSchedulersAndEngines() {
        assertThatThrownBy(() -> checks.service(TestRules.withScheduler(rule(WEB), "nosuch")))
                .hasMessage("Scheduler or persistence engine not found");
        assertThatThrownBy(() -> checks.service(TestRules.withEngine(rule(WEB), "nosuch")))
                .hasMessage("Scheduler or persistence engine not found");
    }

    @Test
    void shouldWantPersistenceForPortZero() throws Exception {
        ServiceKey every = tcp("10.99.0.3", 0);
        assertThatThrownBy(() -> checks.service(rule(every)))
                .hasMessage("Zero port specified for non-persistent service");
        ServiceRule persistent = TestRules.withPersistence(rule(every), new Persistence(300, -1));
        assertThat(checks.service(persistent)).isEqualTo(persistent);
    }

    @Test
    void shouldRefuseTimeoutsThatTheKernelRefuses() throws Exception {
        checks.timeouts(new TimeoutsSpec(0, 0, 0));
        checks.timeouts(new TimeoutsSpec(86400 * 31, 1, 1));
        assertThatThrownBy(() -> checks.timeouts(new TimeoutsSpec(-1, 0, 0)))
                .hasMessage(RuleChecks.INVALID);
        assertThatThrownBy(() -> checks.timeouts(new TimeoutsSpec(Integer.MAX_VALUE, 0, 0)))
                .hasMessage(RuleChecks.INVALID);
    }
}
