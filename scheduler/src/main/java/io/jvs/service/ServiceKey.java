package io.jvs.service;

/** What a virtual service is known by: protocol, virtual address and port, or a firewall mark. */
public sealed interface ServiceKey {

    /** The family of the packets that it takes. */
    AddressFamily family();

    /**
     * A service on an address and port.
     *
     * @param protocol TCP, UDP or SCTP
     * @param address the virtual address (VIP)
     * @param port 0..65535; 0 means every port and needs persistence
     */
    record Endpoint(Protocol protocol, Address address, int port) implements ServiceKey {
        @Override
        public int hashCode() {
            return (address.hashCode() * 31 + port) * 31 + protocol.number();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Endpoint endpoint
                    && endpoint.port == port
                    && endpoint.protocol == protocol
                    && endpoint.address.equals(address);
        }

        @Override
        public AddressFamily family() {
            return address.family();
        }

        @Override
        public String toString() {
            String host = address.isIpv6() ? "[" + address + "]" : address.toString();
            return protocol + " " + host + ":" + port;
        }
    }

    /**
     * A service on a firewall mark.
     *
     * @param mark 32 bits, never 0
     * @param family the family of the packets that it takes
     */
    record Mark(int mark, AddressFamily family) implements ServiceKey {
        @Override
        public String toString() {
            return "FWM "
                    + Integer.toUnsignedString(mark)
                    + (family == AddressFamily.IPV6 ? " IPv6" : "");
        }
    }
}
