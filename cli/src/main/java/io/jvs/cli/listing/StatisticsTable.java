package io.jvs.cli.listing;

import io.jvs.proto.v1.AddressFamily;
import io.jvs.proto.v1.Rates;
import io.jvs.proto.v1.RealServerStatistics;
import io.jvs.proto.v1.ServiceStatistics;
import io.jvs.proto.v1.Statistics;

/** Counters of services and real servers as ipvsadm -L --stats and --rate print them. */
public final class StatisticsTable {
    private final TableView view;
    private final AddressText addresses;
    private final boolean exact;

    /** A table in the view STATS or RATE; large numbers are written out when exact. */
    public StatisticsTable(TableView view, AddressText addresses, boolean exact) {
        this.view = view;
        this.addresses = addresses;
        this.exact = exact;
    }

    /** The service's line. */
    public String service(ServiceStatistics service) {
        boolean ipv6 =
                service.getFirewallMark() == 0
                        ? service.getAddress().indexOf(':') >= 0
                        : service.getFamily() == AddressFamily.ADDRESS_FAMILY_IPV6;
        String protocol = ServiceText.protocolName(service.getProtocol());
        String address = addresses.format(service.getAddress(), service.getPort(), protocol);
        Row row =
                new Row()
                        .left(
                                ServiceName.of(
                                        service.getFirewallMark(),
                                        ipv6,
                                        service.getProtocol(),
                                        address),
                                33);
        if (view == TableView.STATS) {
            return totals(row, service.getTotals());
        }
        Rates rates = service.getRates();
        row.counter(rates.getConnectionsPerSecond(), exact)
                .counter(rates.getIncomingPacketsPerSecond(), exact)
                .counter(rates.getOutgoingPacketsPerSecond(), exact);
        return bytes(row, rates);
    }

    /** The line of one of the service's real servers. */
    public String server(ServiceStatistics service, RealServerStatistics server) {
        String protocol = ServiceText.protocolName(service.getProtocol());
        String address = addresses.format(server.getAddress(), server.getPort(), protocol);
        Row row = new Row().add("  -> ").left(ServiceName.ofServer(address), 28);
        if (view == TableView.STATS) {
            return totals(row, server.getTotals());
        }
        // A real server's rates of connections and packets are never shortened.
        Rates rates = server.getRates();
        row.add(" ").right(Long.toUnsignedString(rates.getConnectionsPerSecond()), 8);
        row.add(" ").right(Long.toUnsignedString(rates.getIncomingPacketsPerSecond()), 8);
        row.add(" ").right(Long.toUnsignedString(rates.getOutgoingPacketsPerSecond()), 8);
        return bytes(row, rates);
    }

    private String totals(Row row, Statistics totals) {
        return row.counter(totals.getConnections(), exact)
                .counter(totals.getIncomingPackets(), exact)
                .counter(totals.getOutgoingPackets(), exact)
                .counter(totals.getIncomingBytes(), exact)
                .counter(totals.getOutgoingBytes(), exact)
                .end();
    }

    private String bytes(Row row, Rates rates) {
        return row.counter(rates.getIncomingBytesPerSecond(), exact)
                .counter(rates.getOutgoingBytesPerSecond(), exact)
                .end();
    }
}
