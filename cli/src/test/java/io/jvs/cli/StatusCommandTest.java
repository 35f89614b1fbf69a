package io.jvs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.proto.v1.DirectorInfo;
import io.jvs.proto.v1.PortInfo;
import io.jvs.proto.v1.WorkerInfo;
import org.junit.jupiter.api.Test;

class StatusCommandTest {
    private final EverydayFixture jvs = new EverydayFixture();

    @Test
    void shouldTellOfPortsAndWorkers() {
        jvs.director.info =
                DirectorInfo.newBuilder()
                        .setVersion("0.1.0")
                        .setUptimeSeconds(90_061)
                        .setGeneration(7)
                        .setConnections(12)
                        .setConnectionTableSize(4096)
                        .addPorts(
                                PortInfo.newBuilder()
                                        .setName("lan")
                                        .setDevice("af_packet:eth1")
                                        .setDriver("net_af_packet")
                                        .setMac("02:00:00:00:00:01")
                                        .setMtu(1500)
                                        .setLinkUp(true)
                                        .setSteering("SINGLE"))
                        .addPorts(
                                PortInfo.newBuilder()
                                        .setName("wan")
                                        .setDevice("0000:01:00.0")
                                        .setDriver("net_ice")
                                        .setMac("02:00:00:00:00:02")
                                        .setMtu(1500)
                                        .setSteering("RSS"))
                        .addPorts(
                                PortInfo.newBuilder()
                                        .setName("dmz")
                                        .setDevice("0000:01:00.1")
                                        .setDriver("net_cxgbe")
                                        .setMac("02:00:00:00:00:03")
                                        .setMtu(1500)
                                        .setSteering("FLOW_RULES")
                                        .setFlowRules(24))
                        .addWorkers(
                                WorkerInfo.newBuilder()
                                        .setCycles(1000)
                                        .setBusyCycles(125)
                                        .setGeneration(7))
                        .build();
        assertThat(jvs.run("status"))
                .isEqualTo(
                        new CommandFixture.Result(
                                0,
                                """
                                jvs 0.1.0, up 1 d 1:01:01
                                generation  7
                                connections 12 of 4096
                                port        lan: af_packet:eth1, net_af_packet, 02:00:00:00:00:01, mtu 1500, link up
                                port        wan: 0000:01:00.0, net_ice, 02:00:00:00:00:02, mtu 1500, link down, steering rss
                                port        dmz: 0000:01:00.1, net_cxgbe, 02:00:00:00:00:03, mtu 1500, link down, steering flow rules (24)
                                worker 0    generation 7, busy in 12.5 % of its turns
                                """,
                                ""));
    }

    @Test
    void shouldRefuseOptions() {
        assertThat(jvs.run("status -h").out()).startsWith("usage: jvs status\n");
        assertThat(jvs.run("status all").code()).isEqualTo(2);
        assertThat(jvs.director.calls).isEmpty();
    }
}
