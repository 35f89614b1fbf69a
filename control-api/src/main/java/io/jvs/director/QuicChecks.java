package io.jvs.director;

import static io.jvs.director.RuleChecks.invalid;

import io.jvs.service.Protocol;
import io.jvs.service.QuicIdFormat;
import io.jvs.service.QuicRouting;
import io.jvs.service.QuicServerId;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.VirtualService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/** What a service must be like for connection ids of QUIC to name its real servers. */
final class QuicChecks {
    private static final int MAX_CONFIG_ID = 6;
    private static final int MAX_SERVER_ID_BYTES = 15;
    private static final int MIN_NONCE_BYTES = 4;
    private static final int MAX_BYTES = 19;
    private static final int KEY_DIGITS = 32;

    private QuicChecks() {}

    /** The configuration by itself. */
    static void routing(VirtualService service) throws RefusedException {
        QuicRouting quic = service.quic();
        if (quic.equals(QuicRouting.NONE)) {
            return;
        }
        boolean udp =
                service.key() instanceof ServiceKey.Endpoint endpoint
                        && endpoint.protocol() == Protocol.UDP;
        if (!udp) {
            throw invalid("quic is only for UDP virtual services");
        }
        if (service.persistence() != null || service.onePacket()) {
            throw invalid(
                    "quic does not go with persistence or one-packet scheduling: the connection id"
                            + " keeps a client at its real server");
        }
        if (quic.addressSuffix() != quic.formats().isEmpty()) {
            throw invalid("quic needs formats or address_suffix, and not both");
        }
        Set<Integer> lengths = new HashSet<>();
        Set<Integer> configs = new HashSet<>();
        for (QuicIdFormat format : quic.formats()) {
            format(format);
            lengths.add(format.serverIdBytes());
            if (!configs.add(format.configId())) {
                throw invalid("quic has two formats with config_id " + format.configId());
            }
        }
        for (QuicServerId id : quic.serverIds()) {
            serverId(id, lengths);
        }
    }

    private static void format(QuicIdFormat format) throws RefusedException {
        if (format.configId() < 0 || format.configId() > MAX_CONFIG_ID) {
            throw invalid("quic config_id must be 0..6, not " + format.configId());
        }
        int server = format.serverIdBytes();
        int nonce = format.nonceBytes();
        if (server < 1
                || server > MAX_SERVER_ID_BYTES
                || nonce < MIN_NONCE_BYTES
                || nonce > MAX_BYTES
                || server + nonce > MAX_BYTES) {
            throw invalid(
                    "quic server_id_bytes must be 1..15, nonce_bytes 4..18 and both together at"
                            + " most 19, not "
                            + server
                            + " and "
                            + nonce);
        }
        if (!format.key().isEmpty()
                && (format.key().length() != KEY_DIGITS || !isHex(format.key()))) {
            throw invalid("a quic key has 32 hexadecimal digits");
        }
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(HexFormat::isHexDigit);
    }

    private static void serverId(QuicServerId id, Set<Integer> lengths) throws RefusedException {
        String text = id.id();
        if (!isHex(text) || text.length() % 2 != 0 || !lengths.contains(text.length() / 2)) {
            throw invalid(
                    "quic server_id '"
                            + text
                            + "' must be hexadecimal digits of the length of a format's"
                            + " server_id_bytes");
        }
    }

    /** That each real server has a server id of its own. */
    static void servers(VirtualService service) throws RefusedException {
        QuicRouting quic = service.quic();
        for (QuicIdFormat format : quic.formats()) {
            Map<String, RealServer> owners = new HashMap<>();
            for (RealServer server : service.servers()) {
                byte[] bytes = quic.serverId(server, format.serverIdBytes());
                String id = HexFormat.of().formatHex(bytes);
                RealServer other = owners.put(id, server);
                if (other != null) {
                    throw invalid(
                            "real servers "
                                    + text(other)
                                    + " and "
                                    + text(server)
                                    + " have the same quic server id "
                                    + id
                                    + ": give them server_ids, or server_id_bytes that tell them"
                                    + " apart");
                }
            }
        }
    }

    private static String text(RealServer server) {
        String address = server.address().toString();
        return (server.address().isIpv6() ? "[" + address + "]" : address) + ":" + server.port();
    }
}
