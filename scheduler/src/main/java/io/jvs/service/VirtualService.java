package io.jvs.service;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A virtual service with its real servers, as configured.
 *
 * @param key what it is known by
 * @param scheduler the scheduler's ipvsadm name, for example "wlc"
 * @param flags scheduler flags
 * @param persistence null when not persistent
 * @param persistenceEngine the persistence engine's name, empty for none; kept without persistence
 * @param onePacket one-packet scheduling (-o)
 * @param servers real servers in the order in which the scheduler sees them: the newest first
 * @param localAddresses local addresses (LIPs) for FULLNAT, in the order in which they were added
 * @param guard what it is kept from
 * @param clientAddress how real servers get to know their clients
 * @param quic how connection ids of QUIC name its real servers
 */
public record VirtualService(
        ServiceKey key,
        String scheduler,
        Set<SchedulerFlag> flags,
        @Nullable Persistence persistence,
        String persistenceEngine,
        boolean onePacket,
        List<RealServer> servers,
        List<Address> localAddresses,
        ServiceGuard guard,
        ClientAddress clientAddress,
        QuicRouting quic) {

    /** Copies its collections. */
    public VirtualService {
        flags = Set.copyOf(flags);
        servers = List.copyOf(servers);
        localAddresses = List.copyOf(localAddresses);
    }

    /** A service without persistence engine. */
    public VirtualService(
            ServiceKey key,
            String scheduler,
            Set<SchedulerFlag> flags,
            @Nullable Persistence persistence,
            boolean onePacket,
            List<RealServer> servers,
            List<Address> localAddresses) {
        this(key, scheduler, flags, persistence, "", onePacket, servers, localAddresses);
    }

    /** A service without a guard. */
    public VirtualService(
            ServiceKey key,
            String scheduler,
            Set<SchedulerFlag> flags,
            @Nullable Persistence persistence,
            String persistenceEngine,
            boolean onePacket,
            List<RealServer> servers,
            List<Address> localAddresses) {
        this(
                key,
                scheduler,
                flags,
                persistence,
                persistenceEngine,
                onePacket,
                servers,
                localAddresses,
                ServiceGuard.NONE,
                ClientAddress.HIDDEN,
                QuicRouting.NONE);
    }

    /** The same service with other real servers. */
    public VirtualService withServers(List<RealServer> newServers) {
        return new VirtualService(
                key,
                scheduler,
                flags,
                persistence,
                persistenceEngine,
                onePacket,
                newServers,
                localAddresses,
                guard,
                clientAddress,
                quic);
    }

    /** The same service with other local addresses. */
    public VirtualService withLocalAddresses(List<Address> newLocalAddresses) {
        return new VirtualService(
                key,
                scheduler,
                flags,
                persistence,
                persistenceEngine,
                onePacket,
                servers,
                newLocalAddresses,
                guard,
                clientAddress,
                quic);
    }

    /** The same service with another guard. */
    public VirtualService withGuard(ServiceGuard newGuard) {
        return new VirtualService(
                key,
                scheduler,
                flags,
                persistence,
                persistenceEngine,
                onePacket,
                servers,
                localAddresses,
                newGuard,
                clientAddress,
                quic);
    }

    /** The same service with servers that are told their clients in another way. */
    public VirtualService withClientAddress(ClientAddress newClientAddress) {
        return new VirtualService(
                key,
                scheduler,
                flags,
                persistence,
                persistenceEngine,
                onePacket,
                servers,
                localAddresses,
                guard,
                newClientAddress,
                quic);
    }

    /** The same service with other names of real servers in connection ids. */
    public VirtualService withQuic(QuicRouting newQuic) {
        return new VirtualService(
                key,
                scheduler,
                flags,
                persistence,
                persistenceEngine,
                onePacket,
                servers,
                localAddresses,
                guard,
                clientAddress,
                newQuic);
    }
}
