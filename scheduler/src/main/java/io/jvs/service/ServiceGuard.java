package io.jvs.service;

/**
 * What a virtual service is kept from, beyond what IPVS knows.
 *
 * @param access which clients may open connections
 */
public record ServiceGuard(AccessList access) {
    /** Nothing. */
    public static final ServiceGuard NONE = new ServiceGuard(AccessList.EMPTY);

    /** The same with another access list. */
    public ServiceGuard withAccess(AccessList newAccess) {
        return new ServiceGuard(newAccess);
    }
}
