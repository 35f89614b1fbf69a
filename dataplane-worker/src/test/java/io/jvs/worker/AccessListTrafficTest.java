package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.packet.Verdict;
import io.jvs.service.AccessEntry;
import io.jvs.service.AccessList;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Protocol;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Access lists through the whole pipeline. */
class AccessListTrafficTest {
    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    private void set(boolean v6, String... entries) {
        AccessList list = AccessList.of(List.of(entries).stream().map(AccessEntry::parse).toList());
        ServiceKey key = new ServiceKey.Endpoint(Protocol.TCP, Lab.virtual(v6).address(), 80);
        VirtualService spec =
                new VirtualService(key, "rr", Set.of(), null, false, List.of(), List.of());
        lab.apply(
                List.of(
                        new Change.EditService(
                                0, spec.withGuard(ServiceGuard.NONE.withAccess(list)))));
    }

    private void send(boolean v6, int flags) {
        lab.dataplane.inject(Lab.WAN, lab.fromClient(v6, Frames.TCP, flags, new byte[0]));
    }

    private long denied() {
        assertThat(lab.dataplane.counters().service(0, ServiceCounter.DENIED))
                .isEqualTo(lab.verdict(Verdict.DROP_DENIED));
        return lab.verdict(Verdict.DROP_DENIED);
    }

    @ParameterizedTest
    @CsvSource({
        "false,deny 172.16.0.0/24,172.16.0.0/24;allow 172.16.0.9",
        "false,172.16.0.9,172.16.0.8;172.16.0.10",
        "true,2001:db8:c::/64,2001:db8:c::/64;allow 2001:db8:c::9",
    })
    void shouldAskTheListWhenAConnectionIsMade(boolean v6, String denies, String allows) {
        lab.service(Protocol.TCP, v6, ForwardingMethod.NAT, Tunnel.IPIP, 8080, 1);
        set(v6, denies);
        send(v6, Frames.SYN);
        send(v6, Frames.ACK);
        assertThat(denied()).isEqualTo(2);
        assertThat(lab.sent(Lab.WAN)).as("no answer to the denied").isEmpty();
        assertThat(lab.sent(Lab.LAN)).isEmpty();
        set(v6, allows.split(";", -1));
        send(v6, Frames.SYN);
        assertThat(lab.sent(Lab.LAN)).hasSize(1);
        set(v6, denies);
        send(v6, Frames.ACK);
        assertThat(lab.sent(Lab.LAN)).as("an established connection goes on").hasSize(1);
        assertThat(denied()).isEqualTo(2);
    }

    @Test
    void shouldLetOnlyTheAllowedIn() {
        lab.service(Protocol.TCP, false, ForwardingMethod.NAT, Tunnel.IPIP, 8080, 1);
        set(false, "allow 10.0.0.0/8");
        send(false, Frames.SYN);
        assertThat(denied()).isEqualTo(1);
        set(false, "allow 2001:db8::/32");
        send(false, Frames.SYN);
        assertThat(denied()).as("IPv6 entries say nothing about IPv4 clients").isEqualTo(1);
        assertThat(lab.sent(Lab.LAN)).hasSize(1);
    }
}
