package io.jvs.service;

/**
 * Persistence of a virtual service (ipvsadm -p, -M).
 *
 * @param timeoutSeconds how long a template lives after its last use, at least 1
 * @param mask the IPv4 netmask as 32 bits in host order, or the IPv6 prefix length
 */
public record Persistence(int timeoutSeconds, int mask) {}
