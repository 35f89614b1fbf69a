package io.jvs.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.proto.v1.Quic;
import io.jvs.service.Address;
import io.jvs.service.QuicIdFormat;
import io.jvs.service.QuicRouting;
import io.jvs.service.QuicServerId;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuicMapperTest {
    @Test
    void shouldReadWhatItWrites() throws Exception {
        QuicRouting routing =
                new QuicRouting(
                        false,
                        List.of(
                                new QuicIdFormat(0, 4, 6, ""),
                                new QuicIdFormat(5, 8, 8, "8f95f09245765f80256934e50c66207f")),
                        List.of(
                                new QuicServerId(Address.parse("10.0.0.1"), 443, "0a0b0c0d"),
                                new QuicServerId(
                                        Address.parse("2001:db8::1"), 8443, "0102030405060708")));
        assertThat(QuicMapper.read(QuicMapper.write(routing))).isEqualTo(routing);
        QuicRouting suffix = new QuicRouting(true, List.of(), List.of());
        assertThat(QuicMapper.read(QuicMapper.write(suffix))).isEqualTo(suffix);
        assertThat(QuicMapper.read(Quic.getDefaultInstance())).isEqualTo(QuicRouting.NONE);
    }

    @Test
    void shouldRefuseWhatIsNoAddressOrPort() {
        Quic.Builder port = Quic.newBuilder();
        port.addServerIdsBuilder().setAddress("10.0.0.1").setPort(70_000);
        assertThatThrownBy(() -> QuicMapper.read(port.build()))
                .hasMessage("quic.server_ids.port must be 0..65535");
        Quic.Builder address = Quic.newBuilder();
        address.addServerIdsBuilder().setAddress("10.0.0").setPort(443);
        assertThatThrownBy(() -> QuicMapper.read(address.build()))
                .hasMessage("'10.0.0' is not an IPv4 or IPv6 address");
    }
}
