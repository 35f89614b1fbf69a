package io.jvs.cli.net;

import org.jspecify.annotations.Nullable;

/** Names of hosts (hosts(5), DNS) and of services (services(5)). */
public interface NameService {

    /** The first IPv4 address of a host name as gethostbyname(3), or null. */
    @Nullable HostAddress address(String host);

    /** The name of an address as gethostbyaddr(3), or null. */
    @Nullable String host(HostAddress address);

    /**
     * The port of a service name, or -1.
     *
     * @param protocol "tcp", "udp" or "sctp"
     */
    int port(String service, String protocol);

    /**
     * The name of a port, or null.
     *
     * @param protocol "tcp", "udp" or "sctp"
     */
    @Nullable String service(int port, String protocol);
}
