package io.jvs.dpdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFactsTest {
    @TempDir Path root;

    @Test
    void shouldReadThisMachineWithoutStartingAnything() {
        HostFacts facts = HostFacts.read();
        assertThat(facts.onlineCpus().size())
                .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(facts.root()).isEqualTo("root".equals(System.getProperty("user.name")));
        assertThat(facts.hugepages()).allMatch(pages -> pages.free() <= pages.total());
        facts.dpdk()
                .ifPresent(dpdk -> {
                    assertThat(dpdk.library()).exists();
                    assertThat(dpdk.release()).isIn("22.11", "24.11");
                    assertThat(facts.otherDpdk()).doesNotContain(dpdk);
                    assertThat(facts.drivers()).allMatch(name -> name.matches("net_[a-z0-9_]+"));
                });
    }

    @Test
    void shouldListNetworkDevicesOfThePciBus() throws IOException {
        device("0000:03:00.1", "0x020000", "ixgbe", "7");
        Files.createDirectories(root.resolve("0000:03:00.1/net/eth7"));
        device("0000:03:00.0", "0x028000", "", "");
        device("0000:00:02.0", "0x030000", "i915", "");
        assertThat(PciDevice.read(root))
                .isEqualTo(
                        List.of(
                                new PciDevice("0000:03:00.0", "8086:10fb", "", "", 1, ""),
                                new PciDevice(
                                        "0000:03:00.1", "8086:10fb", "ixgbe", "7", 1, "eth7")));
    }

    @Test
    void shouldFindTheInterfaceOfAVirtioDevice() throws IOException {
        device("0000:00:03.0", "0x020000", "virtio-pci", "");
        Files.createDirectories(root.resolve("0000:00:03.0/virtio1/net/ens3"));
        assertThat(PciDevice.read(root).getFirst().interfaceName()).isEqualTo("ens3");
    }

    @Test
    void shouldFindNothingWhereThereIsNoPciBus() {
        assertThat(PciDevice.read(root.resolve("none"))).isEmpty();
    }

    private void device(String address, String type, String driver, String group)
            throws IOException {
        Path device = Files.createDirectories(root.resolve(address));
        Files.writeString(device.resolve("class"), type + "\n");
        Files.writeString(device.resolve("vendor"), "0x8086\n");
        Files.writeString(device.resolve("device"), "0x10fb\n");
        Files.writeString(device.resolve("numa_node"), "1\n");
        if (!driver.isEmpty()) {
            Files.createSymbolicLink(device.resolve("driver"), Path.of("/drivers/" + driver));
        }
        if (!group.isEmpty()) {
            Files.createSymbolicLink(device.resolve("iommu_group"), Path.of("/groups/" + group));
        }
    }
}
