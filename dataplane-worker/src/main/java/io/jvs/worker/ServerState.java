package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.scheduler.Destination;
import io.jvs.service.Limits;
import org.jspecify.annotations.Nullable;

/** A real server on one worker: what its scheduler sees, its local ports. */
final class ServerState {
    final Destination destination;
    final int protocol;

    /** The service that it is of, or was last. */
    ServiceState service;

    /** Its limits, null for none, and the configuration that they are made from. */
    @Nullable LimitState limits;

    Limits limitsSpec = Limits.NONE;

    /** Pairs of {@code LocalAddressPool}, one for each local address of its service. */
    int[] pairs = new int[0];

    /** Still in its service's list; a removed one lives on while connections refer to it. */
    boolean present = true;

    /** The forwarding method as a record has it. */
    int methodCode;

    ServerState(Destination destination, int protocol, ServiceState service) {
        this.service = service;
        this.destination = destination;
        this.protocol = protocol;
        this.methodCode = ConnectionLayout.methodCode(destination.spec.method());
    }

    /** Comes to a service, with the connections that it has. */
    void join(ServiceState joined) {
        int open = destination.active + destination.inactive;
        service.open -= open;
        joined.open += open;
        service = joined;
    }

    /** Whether it gets no new connections because of its weight. */
    boolean isQuiescent() {
        return destination.weight == 0;
    }

    /** Whether replies come back through the director. */
    boolean hasOutput() {
        return methodCode == ConnectionLayout.METHOD_NAT
                || methodCode == ConnectionLayout.METHOD_FULLNAT;
    }
}
