package io.jvs.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostInterfaceTest {
    @Test
    void shouldReadTheInterfacesOfThisMachine() {
        assertThat(HostInterface.of("lo")).isEqualTo(new HostInterface("lo", 1, false));
        assertThat(HostInterface.of("no-such-if")).extracting("rxQueues").isEqualTo(1);
        assertThat(HostInterface.all()).extracting(HostInterface::name).contains("lo").isSorted();
    }

    @Test
    void shouldNameTheCommandThatChangesQueues() {
        assertThat(new HostInterface("eth0", 4, true).queueCommand(2))
                .isEqualTo("ethtool -L eth0 combined 2");
        assertThat(new HostInterface("veth0", 4, false).queueCommand(2))
                .isEqualTo("ethtool -L veth0 rx 2 tx 2");
    }
}
