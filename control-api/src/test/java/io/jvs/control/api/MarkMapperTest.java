package io.jvs.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.director.RefusedException;
import io.jvs.proto.v1.MarkRule;
import io.jvs.proto.v1.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mark rules between the API and the director. */
class MarkMapperTest {
    @Test
    void shouldGiveBackWhatItRead() throws RefusedException {
        MarkRule all = MarkRule.newBuilder().setMark(-1).build();
        MarkRule one =
                MarkRule.newBuilder()
                        .setProtocol(Protocol.PROTOCOL_UDP)
                        .setSource("2001:db8:c::/48")
                        .setDestination("2001:db8:99::1/128")
                        .setSourcePorts("1024:65535")
                        .setDestinationPorts("53")
                        .setMark(7)
                        .build();
        assertThat(MarkMapper.write(MarkMapper.read(List.of(all, one)))).containsExactly(all, one);
    }

    @Test
    void shouldTakeAnAddressForAPrefixAndClearItsHostBits() throws RefusedException {
        MarkRule rule =
                MarkRule.newBuilder().setSource("10.1.2.3/8").setDestination("10.99.0.1").build();
        MarkRule read = MarkMapper.write(MarkMapper.read(List.of(rule))).getFirst();
        assertThat(read.getSource()).isEqualTo("10.0.0.0/8");
        assertThat(read.getDestination()).isEqualTo("10.99.0.1/32");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "::/129", "net/8", "10.0.0.0/"})
    void shouldRefuseAPrefixThatIsNone(String prefix) {
        MarkRule rule = MarkRule.newBuilder().setSource(prefix).build();
        assertThatThrownBy(() -> MarkMapper.read(List.of(rule)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(prefix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "65536", "-1", "5:4", "1:", ":1"})
    void shouldRefusePortsThatAreNone(String ports) {
        MarkRule rule = MarkRule.newBuilder().setDestinationPorts(ports).build();
        assertThatThrownBy(() -> MarkMapper.read(List.of(rule)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("'" + ports + "'");
    }

    @Test
    void shouldRefuseTwoFamiliesInOneRule() {
        MarkRule rule =
                MarkRule.newBuilder()
                        .setSource("10.0.0.0/8")
                        .setDestination("2001:db8::/32")
                        .build();
        assertThatThrownBy(() -> MarkMapper.read(List.of(rule)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("family");
    }
}
