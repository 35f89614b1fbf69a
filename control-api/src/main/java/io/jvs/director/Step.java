package io.jvs.director;

import io.jvs.service.Address;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.VirtualService;
import java.util.List;

/** A difference between two states, before numbers are given: what {@link RulesDiff} finds. */
sealed interface Step {
    /** A service that was not there; its servers come as steps of their own. */
    record ServiceAdded(VirtualService service) implements Step {}

    /** Scheduler, flags, persistence or one-packet changed. */
    record ServiceEdited(VirtualService service) implements Step {}

    /** A service that is gone, with all its servers. */
    record ServiceRemoved(ServiceKey key) implements Step {}

    /** A server that comes to the head of the list. */
    record ServerAdded(ServiceKey key, RealServer server) implements Step {}

    /** A server with other properties. */
    record ServerEdited(ServiceKey key, RealServer server) implements Step {}

    /** A server that is gone. */
    record ServerRemoved(ServiceKey key, RealServer server) implements Step {}

    /** The local addresses of a service. */
    record LocalAddressesSet(ServiceKey key, List<Address> addresses) implements Step {}
}
