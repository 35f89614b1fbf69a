package io.jvs.service;

/**
 * What a virtual service is kept from, beyond what IPVS knows.
 *
 * @param access which clients may open connections
 * @param limits what it may get at most
 */
public record ServiceGuard(AccessList access, Limits limits) {
    /** Nothing. */
    public static final ServiceGuard NONE = new ServiceGuard(AccessList.EMPTY, Limits.NONE);

    /** The same with another access list. */
    public ServiceGuard withAccess(AccessList newAccess) {
        return new ServiceGuard(newAccess, limits);
    }

    /** The same with other limits. */
    public ServiceGuard withLimits(Limits newLimits) {
        return new ServiceGuard(access, newLimits);
    }
}
