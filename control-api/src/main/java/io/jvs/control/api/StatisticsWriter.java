package io.jvs.control.api;

import io.jvs.director.Rates;
import io.jvs.director.ServerId;
import io.jvs.director.ServerView;
import io.jvs.director.ServiceView;
import io.jvs.director.Totals;
import io.jvs.proto.v1.RealServerStatistics;
import io.jvs.proto.v1.ServiceStatistics;
import io.jvs.proto.v1.Statistics;
import io.jvs.service.ServiceKey;
import io.jvs.worker.CountersView;

/** Statistics into messages of the API. */
final class StatisticsWriter {
    private StatisticsWriter() {}

    static ServiceStatistics service(ServiceView view, CountersView counters) {
        ServiceStatistics.Builder message =
                ServiceStatistics.newBuilder()
                        .setName(ResourceName.of(view.key()))
                        .setFamily(RuleWriter.family(view.key()))
                        .setTotals(totals(view.slot().totals(counters)))
                        .setRates(rates(view.slot().rates()));
        switch (view.key()) {
            case ServiceKey.Endpoint endpoint ->
                    message.setProtocol(RuleWriter.protocol(endpoint.protocol()))
                            .setAddress(endpoint.address().toString())
                            .setPort(endpoint.port());
            case ServiceKey.Mark mark -> message.setFirewallMark(mark.mark());
        }
        for (ServerView server : view.servers()) {
            message.addRealServers(server(view.key(), server, counters));
        }
        return message.build();
    }

    private static RealServerStatistics server(
            ServiceKey key, ServerView server, CountersView counters) {
        return RealServerStatistics.newBuilder()
                .setName(ResourceName.of(ServerId.of(key, server.configured())))
                .setAddress(server.configured().address().toString())
                .setPort(server.configured().port())
                .setForwardingMethod(RuleWriter.method(server.configured().method()))
                .setTotals(totals(server.slot().totals(counters)))
                .setRates(rates(server.slot().rates()))
                .build();
    }

    static Statistics totals(Totals totals) {
        return Statistics.newBuilder()
                .setConnections(totals.connections())
                .setIncomingPackets(totals.incomingPackets())
                .setOutgoingPackets(totals.outgoingPackets())
                .setIncomingBytes(totals.incomingBytes())
                .setOutgoingBytes(totals.outgoingBytes())
                .build();
    }

    static io.jvs.proto.v1.Rates rates(Rates rates) {
        return io.jvs.proto.v1.Rates.newBuilder()
                .setConnectionsPerSecond(rates.connections())
                .setIncomingPacketsPerSecond(rates.incomingPackets())
                .setOutgoingPacketsPerSecond(rates.outgoingPackets())
                .setIncomingBytesPerSecond(rates.incomingBytes())
                .setOutgoingBytesPerSecond(rates.outgoingBytes())
                .build();
    }
}
