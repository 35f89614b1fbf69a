package io.jvs.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceArgumentTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0000:03:00.0 | 0000:03:00.0 | pci | ''",
                "03:00.1 | 0000:03:00.1 | pci | ''",
                "0000:AF:1f.7,queues=4 | 0000:af:1f.7 | pci | queues=4",
                "af_packet:eth0 | net_af_packet3 | vdev | iface=eth0",
                "af_packet:eth0,framesz=4096 | net_af_packet3 | vdev | iface=eth0,framesz=4096",
                "af_xdp:veth-a.1 | net_af_xdp3 | vdev | iface=veth-a.1",
                "tap:tap0,mac=fixed | net_tap3 | vdev | iface=tap0,mac=fixed",
                "pcap:in.pcap,out.pcap | net_pcap3 | vdev | rx_pcap=in.pcap,tx_pcap=out.pcap",
                "pcap:in.pcap | net_pcap3 | vdev | rx_pcap=in.pcap",
                "pcap:,out.pcap | net_pcap3 | vdev | tx_pcap=out.pcap",
                "pcap:a,b,infinite_rx=1 | net_pcap3 | vdev | rx_pcap=a,tx_pcap=b,infinite_rx=1",
                "pcap:rx_pcap=a,rx_pcap=b | net_pcap3 | vdev | rx_pcap=a,rx_pcap=b",
                "memif:/run/m.sock,role=server | net_memif3 | vdev"
                        + " | socket=/run/m.sock,socket-abstract=no,role=server",
                "memif:name | net_memif3 | vdev | socket=name,socket-abstract=yes",
                "memif:id=1,role=client | net_memif3 | vdev | id=1,role=client",
                "null | net_null3 | vdev | ''",
                "null,size=64 | net_null3 | vdev | size=64",
                "ring | net_ring3 | vdev | ''"
            })
    void shouldGiveDpdksNames(String text, String name, String bus, String arguments) {
        DeviceArgument device = DeviceArgument.parse(text);
        assertThat(device.deviceName(3)).isEqualTo(name);
        assertThat(device.bus()).isEqualTo(bus);
        assertThat(device.arguments(1)).isEqualTo(arguments);
        assertThat(DeviceArgument.parse(device.toString())).isEqualTo(device);
    }

    @Test
    void shouldAskForAsManyQueuesAsAreWantedUnlessTheUserSays() {
        assertThat(DeviceArgument.parse("af_packet:e").arguments(4)).isEqualTo("iface=e,qpairs=4");
        assertThat(DeviceArgument.parse("af_packet:e,qpairs=2").arguments(4))
                .isEqualTo("iface=e,qpairs=2");
        assertThat(DeviceArgument.parse("af_xdp:e").arguments(2))
                .isEqualTo("iface=e,queue_count=2");
        assertThat(DeviceArgument.parse("null").arguments(4)).isEmpty();
    }

    @Test
    void shouldKnowWhichPortsMakeSystemCalls() {
        assertThat(DeviceArgument.parse("af_packet:e").makesSystemCalls()).isTrue();
        assertThat(DeviceArgument.parse("tap:e").makesSystemCalls()).isTrue();
        assertThat(DeviceArgument.parse("pcap:e").makesSystemCalls()).isTrue();
        assertThat(DeviceArgument.parse("03:00.0").makesSystemCalls()).isFalse();
        assertThat(DeviceArgument.parse("null").makesSystemCalls()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "eth0",
                "af_packet",
                "0000:03:00.8",
                "3:0.0",
                "dpdk:0",
                "nullx",
                "AF_PACKET:eth0"
            })
    void shouldNameWhatIsAcceptedWhenTheKindIsUnknown(String text) {
        assertThatThrownBy(() -> DeviceArgument.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Device '"
                                + text
                                + "' is no port: a PCI address like 0000:03:00.0, af_packet:IF,"
                                + " af_xdp:IF, tap:IF, pcap:IN,OUT, memif:SOCKET, null or ring is"
                                + " accepted.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "af_packet: | af_packet: is followed by an interface's name of 1 to 15 characters",
                "tap:a b | tap: is followed by an interface's name of 1 to 15 characters",
                "af_xdp:0123456789abcdef"
                        + " | af_xdp: is followed by an interface's name of 1 to 15 characters",
                "af_packet:eth0,fast | 'fast' is no key=value option",
                "null, | '' is no key=value option",
                "03:00.0,=4 | '=4' is no key=value option",
                "pcap: | pcap: is followed by the file to read, the file to write, or both",
                "pcap:a,b,c | 'c' is no key=value option",
                "pcap:infinite_rx=1,a | files come before key=value options",
                "memif: | memif: is followed by a socket's path or by key=value options"
            })
    void shouldSayInOneSentenceWhatIsWrong(String text, String reason) {
        assertThatThrownBy(() -> DeviceArgument.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Device '" + text + "' is no port: " + reason + ".");
    }
}
