package io.jvs.cli.listing;

import io.jvs.proto.v1.ForwardingMethod;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.VirtualService;

/** Services as the rules that make them, what ipvsadm -S prints and -R reads. */
public final class ServiceRules {
    private final AddressText addresses;

    /** Rules with these addresses. */
    public ServiceRules(AddressText addresses) {
        this.addresses = addresses;
    }

    /** The rule that makes the service. */
    public String service(VirtualService service) {
        Row row = new Row().add("-A ").add(key(service)).add(" -s ").add(service.getScheduler());
        if (service.hasPersistence()) {
            row.add(" -p ").add(Integer.toString(ServiceText.timeout(service.getPersistence())));
            String mask = ServiceText.mask(service);
            row.add(mask.isEmpty() ? "" : " -M ").add(mask);
        }
        String engine = service.getPersistenceEngine();
        row.add(engine.isEmpty() ? "" : " --pe ").add(engine);
        row.add(service.getOnePacket() ? " -o" : "");
        String flags = ServiceText.flags(service);
        return row.add(flags.isEmpty() ? "" : " -b ").add(flags).end();
    }

    /** The rule that adds one of its real servers; thresholds are left out, as ipvsadm does. */
    public String server(VirtualService service, RealServer server) {
        ForwardingMethod method = server.getForwardingMethod();
        String protocol = ServiceText.protocolName(service.getProtocol());
        return new Row()
                .add("-a ")
                .add(key(service))
                .add(" -r ")
                .add(addresses.format(server.getAddress(), server.getPort(), protocol))
                .add(" ")
                .add(ServiceText.forwardOption(method))
                .add(" -w ")
                .add(Integer.toString(server.getWeight()))
                .add(ServiceText.tunnelOptions(server))
                .end();
    }

    /** The rule that adds one of its local addresses. */
    public String localAddress(VirtualService service, String address) {
        return new Row().add("-P ").add(key(service)).add(" -z ").add(address).end();
    }

    /** The options that name the service. */
    private String key(VirtualService service) {
        if (service.getFirewallMark() != 0) {
            return "-f " + service.getFirewallMark() + (ServiceText.isIpv6(service) ? " -6" : "");
        }
        String protocol = ServiceText.protocolName(service.getProtocol());
        return ServiceText.option(service.getProtocol())
                + addresses.format(service.getAddress(), service.getPort(), protocol);
    }
}
