package io.jvs.control.api;

import static io.jvs.control.api.RuleReader.invalid;

import io.jvs.director.RefusedException;
import io.jvs.service.Limits;

/** Limits between the API and the director. */
final class LimitsMapper {
    private LimitsMapper() {}

    static Limits read(io.jvs.proto.v1.Limits message) throws RefusedException {
        long most = Limits.MAX_RATE;
        int connections = (int) inRange(message.getConnections(), Integer.MAX_VALUE, "connections");
        return new Limits(
                connections,
                inRange(message.getConnectionsPerSecond(), most, "connections_per_second"),
                inRange(message.getPacketsPerSecond(), most, "packets_per_second"),
                inRange(message.getBytesPerSecond(), most, "bytes_per_second"),
                (int) inRange(message.getBurstMillis(), Limits.MAX_BURST_MILLIS, "burst_millis"));
    }

    private static long inRange(long value, long most, String field) throws RefusedException {
        if (value < 0 || value > most) {
            throw invalid("limits." + field + " must be 0.." + most);
        }
        return value;
    }

    static io.jvs.proto.v1.Limits write(Limits limits) {
        return io.jvs.proto.v1.Limits.newBuilder()
                .setConnections(limits.connections())
                .setConnectionsPerSecond(limits.connectionsPerSecond())
                .setPacketsPerSecond(limits.packetsPerSecond())
                .setBytesPerSecond(limits.bytesPerSecond())
                .setBurstMillis(limits.burstMillis())
                .build();
    }
}
