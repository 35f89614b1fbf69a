package io.jvs.director;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jvs.service.Address;
import io.jvs.service.Persistence;
import io.jvs.service.Protocol;
import io.jvs.service.QuicIdFormat;
import io.jvs.service.QuicRouting;
import io.jvs.service.QuicServerId;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.VirtualService;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuicChecksTest {
    private static final Address VIP = Address.parse("10.99.0.1");

    private static VirtualService service(
            Protocol protocol,
            @Nullable Persistence persistence,
            QuicRouting quic,
            RealServer... servers) {
        return new VirtualService(
                        new ServiceKey.Endpoint(protocol, VIP, 443),
                        "rr",
                        Set.of(),
                        persistence,
                        false,
                        List.of(servers),
                        List.of())
                .withQuic(quic);
    }

    private static QuicRouting format(int config, int server, int nonce, String key) {
        return new QuicRouting(
                false, List.of(new QuicIdFormat(config, server, nonce, key)), List.of());
    }

    private static void check(VirtualService service) throws RefusedException {
        QuicChecks.routing(service);
        QuicChecks.servers(service);
    }

    @Test
    void shouldTakeWhatTheDraftAllows() {
        String key = "8f95f09245765f80256934e50c66207f";
        for (QuicRouting quic :
                List.of(
                        format(0, 1, 4, ""),
                        format(6, 15, 4, key),
                        format(3, 1, 18, key),
                        new QuicRouting(true, List.of(), List.of()))) {
            assertThatCode(() -> check(service(Protocol.UDP, null, quic)))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "7, 4, 4, '', 'quic config_id must be 0..6, not 7'",
        "0, 0, 4, '', 'and both together at most 19, not 0 and 4'",
        "0, 16, 4, '', 'and both together at most 19, not 16 and 4'",
        "0, 4, 3, '', 'and both together at most 19, not 4 and 3'",
        "0, 10, 10, '', 'and both together at most 19, not 10 and 10'",
        "0, 4, 4, 00ff, a quic key has 32 hexadecimal digits",
        "0, 4, 4, zz95f09245765f80256934e50c66207f, a quic key has 32 hexadecimal digits"
    })
    void shouldRefuseFormatsThatCannotBe(
            int config, int server, int nonce, String key, String words) {
        assertThatThrownBy(() ->
                        check(service(Protocol.UDP, null, format(config, server, nonce, key))))
                .hasMessageContaining(words);
    }

    @Test
    void shouldRefuseOtherServices() {
        QuicRouting quic = format(0, 4, 4, "");
        assertThatThrownBy(() -> check(service(Protocol.TCP, null, quic)))
                .hasMessage("quic is only for UDP virtual services");
        assertThatThrownBy(() -> check(service(Protocol.UDP, new Persistence(60, -1), quic)))
                .hasMessageContaining("quic does not go with persistence");
        QuicRouting both = new QuicRouting(true, quic.formats(), List.of());
        assertThatThrownBy(() -> check(service(Protocol.UDP, null, both)))
                .hasMessage("quic needs formats or address_suffix, and not both");
        QuicIdFormat format = quic.formats().getFirst();
        QuicRouting twice = new QuicRouting(false, List.of(format, format), List.of());
        assertThatThrownBy(() -> check(service(Protocol.UDP, null, twice)))
                .hasMessage("quic has two formats with config_id 0");
    }

    @ParameterizedTest
    @CsvSource({"aabb", "aabbccd", "xxbbccdd", "''"})
    void shouldRefuseServerIdsThatNoFormatHas(String id) {
        QuicServerId given = new QuicServerId(VIP, 443, id);
        QuicRouting quic =
                new QuicRouting(false, List.of(new QuicIdFormat(0, 4, 4, "")), List.of(given));
        assertThatThrownBy(() -> check(service(Protocol.UDP, null, quic)))
                .hasMessage(
                        "quic server_id '"
                                + id
                                + "' must be hexadecimal digits of the length of a format's"
                                + " server_id_bytes");
    }

    /** One byte does not tell 10.0.1.5 from 10.0.2.5. */
    @Test
    void shouldRefuseServersThatCannotBeToldApart() {
        RealServer one = TestRules.nat("10.0.1.5", 443, 1);
        RealServer two = TestRules.nat("10.0.2.5", 443, 1);
        assertThatThrownBy(() -> check(service(Protocol.UDP, null, format(0, 1, 4, ""), one, two)))
                .hasMessage(
                        "real servers 10.0.1.5:443 and 10.0.2.5:443 have the same quic server id"
                                + " 05: give them server_ids, or server_id_bytes that tell them"
                                + " apart");
        assertThatCode(() -> check(service(Protocol.UDP, null, format(0, 2, 4, ""), one, two)))
                .doesNotThrowAnyException();
    }
}
