package io.jvs.director;

import io.jvs.service.Address;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;

/**
 * What a real server is known by.
 *
 * @param service its service
 * @param address its address
 * @param port its port, 0..65535
 */
public record ServerId(ServiceKey service, Address address, int port) {
    @Override
    public int hashCode() {
        return (service.hashCode() * 31 + address.hashCode()) * 31 + port;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServerId id
                && id.port == port
                && id.address.equals(address)
                && id.service.equals(service);
    }

    /** The id of a server of a service. */
    public static ServerId of(ServiceKey service, RealServer server) {
        return new ServerId(service, server.address(), server.port());
    }
}
