package io.jvs.control.api;

import io.jvs.director.RefusedException;
import io.jvs.proto.v1.Quic;
import io.jvs.proto.v1.VirtualService;
import io.jvs.service.QuicIdFormat;
import io.jvs.service.QuicRouting;
import io.jvs.service.QuicServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How connection ids of QUIC name real servers, as a message and as the director knows it. */
final class QuicMapper {
    private static final int MAX_PORT = 0xFFFF;

    private QuicMapper() {}

    static QuicRouting read(Quic message) throws RefusedException {
        List<QuicIdFormat> formats = new ArrayList<>();
        for (Quic.Format format : message.getFormatsList()) {
            formats.add(
                    new QuicIdFormat(
                            format.getConfigId(),
                            format.getServerIdBytes(),
                            format.getNonceBytes(),
                            format.getKey().toLowerCase(Locale.ROOT)));
        }
        List<QuicServerId> ids = new ArrayList<>();
        for (Quic.ServerId id : message.getServerIdsList()) {
            if (id.getPort() < 0 || id.getPort() > MAX_PORT) {
                throw RuleReader.invalid("quic.server_ids.port must be 0..65535");
            }
            ids.add(
                    new QuicServerId(
                            RuleReader.address(id.getAddress()),
                            id.getPort(),
                            id.getServerId().toLowerCase(Locale.ROOT)));
        }
        return new QuicRouting(message.getAddressSuffix(), formats, ids);
    }

    /** Sets it where there is something to set. */
    static void writeTo(VirtualService.Builder message, QuicRouting routing) {
        if (!routing.equals(QuicRouting.NONE)) {
            message.setQuic(write(routing));
        }
    }

    static Quic write(QuicRouting routing) {
        Quic.Builder message = Quic.newBuilder().setAddressSuffix(routing.addressSuffix());
        for (QuicIdFormat format : routing.formats()) {
            message.addFormatsBuilder()
                    .setConfigId(format.configId())
                    .setServerIdBytes(format.serverIdBytes())
                    .setNonceBytes(format.nonceBytes())
                    .setKey(format.key());
        }
        for (QuicServerId id : routing.serverIds()) {
            message.addServerIdsBuilder()
                    .setAddress(id.address().toString())
                    .setPort(id.port())
                    .setServerId(id.id());
        }
        return message.build();
    }
}
