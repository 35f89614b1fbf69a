package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.scheduler.Destination;
import io.jvs.service.Drain;
import io.jvs.service.Limits;
import io.jvs.service.ServerExit;
import org.jspecify.annotations.Nullable;

/** A real server on one worker: what its scheduler sees, its local ports. */
final class ServerState {
    /** {@link #exit}: connections go on, or as IPVS has it. */
    static final int EXIT_KEEP = 0;

    /** {@link #exit}: both ends of its connections are told. */
    static final int EXIT_RESET = 1;

    /** {@link #exit}: its flows go to other servers where they can. */
    static final int EXIT_RESCHEDULE = 2;

    final Destination destination;
    final int protocol;

    /** The service that it is of, or was last. */
    ServiceState service;

    /** Its limits, null for none, and the configuration that they are made from. */
    @Nullable LimitState limits;

    Limits limitsSpec = Limits.NONE;

    /** What becomes of its connections now. */
    int exit;

    /** Whether its connections are being ended. */
    boolean isLeaving;

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

    /** The number of an end. */
    static int code(ServerExit exit) {
        return switch (exit) {
            case KEEP -> EXIT_KEEP;
            case RESET -> EXIT_RESET;
            case RESCHEDULE -> EXIT_RESCHEDULE;
        };
    }

    /** Takes from its configuration what becomes of its connections now. */
    void readExit() {
        Drain drain = destination.spec.drain();
        exit = drain != null && drain.over() ? code(drain.then()) : EXIT_KEEP;
    }

    /** Whether connections or templates refer to it. */
    boolean hasConnections() {
        return destination.active() + destination.inactive() + destination.persistent() > 0;
    }

    /** Comes to a service, with the connections that it has. */
    void join(ServiceState joined) {
        int open = destination.active() + destination.inactive();
        service.open -= open;
        joined.open += open;
        service = joined;
    }

    /** Whether it gets no new connections because of its weight. */
    boolean isQuiescent() {
        return destination.weight() == 0;
    }

    /** Whether replies come back through the director. */
    boolean hasOutput() {
        return methodCode == ConnectionLayout.METHOD_NAT
                || methodCode == ConnectionLayout.METHOD_FULLNAT;
    }
}
