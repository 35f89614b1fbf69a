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
                        .left(
                                ServiceName.ofServer(
                                        addresses.format(
                                                server.getAddress(), server.getPort(), protocol)),
                                29);
        switch (view) {
            case THRESHOLDS ->
                    row.left(server.getUpperThreshold(), 11).left(server.getLowerThreshold(), 11);
            case PERSISTENT_CONN ->
                    row.left(server.getEffectiveWeight(), 10)
                            .left(server.getPersistentConnections(), 12);
            case TUN_INFO ->
                    row.left(ServiceText.forward(server.getForwardingMethod()), 8)
                            .left(ServiceText.tunnelInfo(server), 14)
                            .left(server.getEffectiveWeight(), 7);
            default ->
                    row.left(ServiceText.forward(server.getForwardingMethod()), 8)
                            .left(server.getEffectiveWeight(), 7);
        }
        return row.left(server.getActiveConnections(), 11)
                .left(server.getInactiveConnections(), 10)
                .end();
    }
}
