package io.jvs.service;

/**
 * What a virtual service is kept from, beyond what IPVS knows.
 *
 * @param access which clients may open connections
 * @param limits what it may get at most
 * @param onServerRemoved what becomes of the connections of a real server that is removed
 * @param synProxy whether its clients' handshakes are begun without its real servers
 */
public record ServiceGuard(
        AccessList access, Limits limits, ServerExit onServerRemoved, SynProxySpec synProxy) {
    /** Nothing. */
    public static final ServiceGuard NONE =
            new ServiceGuard(AccessList.EMPTY, Limits.NONE, ServerExit.KEEP, SynProxySpec.OFF);

    /** The same with another access list. */
    public ServiceGuard withAccess(AccessList newAccess) {
        return new ServiceGuard(newAccess, limits, onServerRemoved, synProxy);
    }

    /** The same with other limits. */
    public ServiceGuard withLimits(Limits newLimits) {
        return new ServiceGuard(access, newLimits, onServerRemoved, synProxy);
    }

    /** The same with another end for the connections of removed servers. */
    public ServiceGuard withOnServerRemoved(ServerExit exit) {
        return new ServiceGuard(access, limits, exit, synProxy);
    }

    /** The same with another SYN proxy. */
    public ServiceGuard withSynProxy(SynProxySpec newSynProxy) {
        return new ServiceGuard(access, limits, onServerRemoved, newSynProxy);
    }
}
