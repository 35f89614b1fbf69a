package io.jvs.service;

import java.util.HexFormat;
import java.util.List;

/**
 * How connection ids of QUIC name the real server of a connection, so that its packets find it from
 * any address (docs/design/015-quic.md).
 *
 * @param addressSuffix connection ids are made as for DPVS: the end of the server's address, and
 *     its port, as they are; then there are no formats
 * @param formats how connection ids of QUIC-LB are made, by configuration
 * @param serverIds server ids that are not derived from address and port
 */
public record QuicRouting(
        boolean addressSuffix, List<QuicIdFormat> formats, List<QuicServerId> serverIds) {
    /** By addresses and ports of packets alone. */
    public static final QuicRouting NONE = new QuicRouting(false, List.of(), List.of());

    /** Copies its lists. */
    public QuicRouting {
        formats = List.copyOf(formats);
        serverIds = List.copyOf(serverIds);
    }

    /** Whether connection ids are not looked at. */
    public boolean isNone() {
        return !addressSuffix && formats.isEmpty();
    }

    /**
     * The server id of a real server in connection ids with server ids of that length: the
     * configured one; else the end of its address, or of address and port where both have room,
     * with zeros in front where there is more.
     *
     * @param bytes its length, 1 to 15
     */
    public byte[] serverId(RealServer server, int bytes) {
        for (QuicServerId given : serverIds) {
            if (given.address().equals(server.address())
                    && given.port() == server.port()
                    && given.id().length() == 2 * bytes) {
                return HexFormat.of().parseHex(given.id());
            }
        }
        return derived(server, bytes);
    }

    private static byte[] derived(RealServer server, int bytes) {
        byte[] address = server.address().bytes();
        int portBytes = bytes >= address.length + 2 ? 2 : 0;
        byte[] id = new byte[bytes];
        int used = Math.min(address.length, bytes - portBytes);
        System.arraycopy(address, address.length - used, id, bytes - portBytes - used, used);
        if (portBytes != 0) {
            id[bytes - 2] = (byte) (server.port() >>> 8);
            id[bytes - 1] = (byte) server.port();
        }
        return id;
    }
}
