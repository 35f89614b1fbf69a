package io.jvs.cli.listing;

import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.VirtualService;

/** Services and their real servers as ipvsadm -L prints them, without --stats and --rate. */
public final class ServiceTable {
    private final TableView view;
    private final AddressText addresses;

    /** A table in one of the views without counters. */
    public ServiceTable(TableView view, AddressText addresses) {
        this.view = view;
        this.addresses = addresses;
    }

    /** The service's line. */
    public String service(VirtualService service) {
        Row row = new Row().add(serviceName(service)).add(" ").add(service.getScheduler());
        String flags = ServiceText.flags(service);
        if (!flags.isEmpty()) {
            row.add(" (").add(flags).add(")");
        }
        if (service.hasPersistence()) {
            row.add(" persistent ")
                    .add(Integer.toString(ServiceText.timeout(service.getPersistence())));
            String mask = ServiceText.mask(service);
            row.add(mask.isEmpty() ? "" : " mask ").add(mask);
            String engine = service.getPersistenceEngine();
            row.add(engine.isEmpty() ? "" : " pe ").add(engine);
        }
        return row.add(service.getOnePacket() ? " ops" : "").end();
    }

    private String serviceName(VirtualService service) {
        return ServiceName.of(
                service.getFirewallMark(),
                ServiceText.isIpv6(service),
                service.getProtocol(),
                addresses.format(
                        service.getAddress(),
                        service.getPort(),
                        ServiceText.protocolName(service.getProtocol())));
    }

    /** The line of one of the service's real servers. */
    public String server(VirtualService service, RealServer server) {
        String protocol = ServiceText.protocolName(service.getProtocol());
        Row row =
                new Row()
                        .add("  -> ")
                        .column(
                                ServiceName.ofServer(
                                        addresses.format(
                                                server.getAddress(), server.getPort(), protocol)),
                                28);
        switch (view) {
            case THRESHOLDS ->
                    row.column(server.getUpperThreshold(), 10)
                            .column(server.getLowerThreshold(), 10);
            case PERSISTENT_CONN ->
                    row.column(server.getEffectiveWeight(), 9)
                            .column(server.getPersistentConnections(), 11);
            case TUN_INFO ->
                    row.column(ServiceText.forward(server.getForwardingMethod()), 7)
                            .column(ServiceText.tunnelInfo(server), 13)
                            .column(server.getEffectiveWeight(), 6);
            default ->
                    row.column(ServiceText.forward(server.getForwardingMethod()), 7)
                            .column(server.getEffectiveWeight(), 6);
        }
        return row.column(server.getActiveConnections(), 10)
                .left(server.getInactiveConnections(), 10)
                .end();
    }
}
