package io.jvs.worker;

import io.jvs.service.Address;

/**
 * A static route.
 *
 * @param destination the prefix; length 0 is the default route
 * @param gateway the next hop, on a connected network
 */
public record RouteSpec(InterfaceSpec.Prefix destination, Address gateway) {}
