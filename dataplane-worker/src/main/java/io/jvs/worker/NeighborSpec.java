package io.jvs.worker;

import io.jvs.service.Address;

/**
 * A static neighbour.
 *
 * @param address its address, on a connected network
 * @param mac its MAC address, 48 bits, first byte of the wire in bits 47..40
 */
public record NeighborSpec(Address address, long mac) {}
