package io.jvs.service;

import org.jspecify.annotations.Nullable;

/**
 * Gives packets a firewall mark, by which a virtual service can be known. Of several rules that fit
 * a packet the last one wins, as with iptables' MARK target.
 *
 * @param protocol null for every one that can be balanced
 * @param source prefix of the client's address, null for every one
 * @param destination prefix of the address that the packet is for, null for every one
 * @param sourcePorts ports of the client
 * @param destinationPorts ports that the packet is for
 * @param mark 32 bits; 0 takes an earlier rule's mark away
 */
public record MarkRule(
        @Nullable Protocol protocol,
        @Nullable AddressPrefix source,
        @Nullable AddressPrefix destination,
        PortRange sourcePorts,
        PortRange destinationPorts,
        int mark) {}
