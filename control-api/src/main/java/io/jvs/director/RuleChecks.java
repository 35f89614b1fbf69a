package io.jvs.director;

import io.jvs.director.RefusedException.Reason;
import io.jvs.service.AccessList;
import io.jvs.service.Address;
import io.jvs.service.AddressFamily;
import io.jvs.service.ClientAddress;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Persistence;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import io.jvs.service.SynProxySpec;
import io.jvs.service.TunnelType;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What ip_vs_add_service(), ip_vs_add_dest() and ipvsadm itself check, in their order and with
 * ipvsadm's words.
 */
final class RuleChecks {
    /** Persistence engines that are known; the empty name is none. */
    private static final Set<String> ENGINES = Set.of("", "sip");

    /** EINVAL as ipvs_strerror() of libipvs words it. */
    static final String INVALID =
            "Invalid operation.  Possibly wrong module version, address not unicast, ...";

    /** ERANGE. */
    private static final String RANGE = "Numerical result out of range";

    /** INT_MAX / HZ with HZ = 250 (ip_vs_set_timeout). */
    private static final int MAX_TIMEOUT_SECONDS = Integer.MAX_VALUE / 250;

    private final Set<String> schedulers;

    RuleChecks(Set<String> schedulers) {
        this.schedulers = Set.copyOf(schedulers);
    }

    static RefusedException invalid(String message) {
        return new RefusedException(Reason.INVALID, message);
    }

    /** A service with its servers and local addresses, checked and normalized. */
    ServiceRule service(ServiceRule rule) throws RefusedException {
        VirtualService service = rule.service();
        checkScheduling(service);
        checkPersistence(service);
        QuicChecks.routing(service);
        access(service);
        checkClientAddress(service);
        checkSynProxy(service);
        List<RealServer> servers = new ArrayList<>();
        Set<ServerId> seen = new HashSet<>();
        for (RealServer given : service.servers()) {
            RealServer server = server(service.key(), given);
            if (!seen.add(ServerId.of(service.key(), server))) {
                throw new RefusedException(Reason.ALREADY_EXISTS, "Destination already exists");
            }
            servers.add(server);
        }
        Set<Address> locals = new HashSet<>();
        for (Address local : service.localAddresses()) {
            localAddress(local);
            if (!locals.add(local)) {
                throw new RefusedException(Reason.ALREADY_EXISTS, "Local address already exists");
            }
        }
        return rule.withServers(servers);
    }

    /** The size of a service's access list. */
    static void access(VirtualService service) throws RefusedException {
        int size = service.guard().access().size();
        if (size > AccessList.MAX_ENTRIES) {
            throw invalid(
                    "an access list has at most "
                            + AccessList.MAX_ENTRIES
                            + " entries, this one would have "
                            + size);
        }
    }

    /** What its packets can carry; by DR and TUN servers see their clients themselves. */
    private static void checkClientAddress(VirtualService service) throws RefusedException {
        if (service.clientAddress() == ClientAddress.HIDDEN
                || !(service.key() instanceof ServiceKey.Endpoint endpoint)) {
            return;
        }
        Protocol wanted =
                service.clientAddress() == ClientAddress.UOA ? Protocol.UDP : Protocol.TCP;
        if (endpoint.protocol() != wanted) {
            throw invalid(
                    "client_address "
                            + service.clientAddress()
                            + " is only for "
                            + wanted
                            + " virtual services");
        }
    }

    /** Only TCP shakes hands. */
    private static void checkSynProxy(VirtualService service) throws RefusedException {
        SynProxySpec.Mode mode = service.guard().synProxy().mode();
        if (mode != SynProxySpec.Mode.OFF
                && service.key() instanceof ServiceKey.Endpoint endpoint
                && endpoint.protocol() != Protocol.TCP) {
            throw invalid("syn_proxy " + mode + " is only for TCP virtual services");
        }
    }

    /** What the SYN proxy needs: real servers whose answers come through the director. */
    static void synProxy(ServiceRule rule) throws RefusedException {
        VirtualService service = rule.service();
        if (service.guard().synProxy().mode() == SynProxySpec.Mode.OFF) {
            return;
        }
        for (RealServer server : service.servers()) {
            if (server.method() != ForwardingMethod.NAT
                    && server.method() != ForwardingMethod.FULLNAT) {
                throw invalid(
                        "syn_proxy needs real servers by NAT or FULLNAT; "
                                + server.address()
                                + " is by "
                                + server.method());
            }
        }
    }

    private void checkScheduling(VirtualService service) throws RefusedException {
        if (!schedulers.contains(service.scheduler())
                || !ENGINES.contains(service.persistenceEngine())) {
            throw new RefusedException(
                    Reason.NOT_FOUND, "Scheduler or persistence engine not found");
        }
        if (service.onePacket()
                && service.key() instanceof ServiceKey.Endpoint endpoint
                && endpoint.protocol() != Protocol.UDP) {
            throw invalid("One-Packet Scheduling is only for UDP virtual services");
        }
        if (service.key() instanceof ServiceKey.Mark mark && mark.mark() == 0) {
            throw invalid("invalid fwmark value `0' specified");
        }
    }

    private static void checkPersistence(VirtualService service) throws RefusedException {
        Persistence persistence = service.persistence();
        if (persistence == null) {
            if (service.key() instanceof ServiceKey.Endpoint endpoint && endpoint.port() == 0) {
                throw invalid("Zero port specified for non-persistent service");
            }
            return;
        }
        if (persistence.timeoutSeconds() < 1) {
            throw invalid("invalid timeout value `" + persistence.timeoutSeconds() + "' specified");
        }
    }

    /** A server of a service, checked, its port filled in from the service's. */
    RealServer server(ServiceKey key, RealServer given) throws RefusedException {
        RealServer server = normalized(key, given);
        ranges(server);
        if (server.address().family() != key.family()
                && server.method() != ForwardingMethod.TUNNEL
                && server.method() != ForwardingMethod.FULLNAT) {
            throw invalid("Different address family is allowed only for tunneling servers");
        }
        if (server.method() == ForwardingMethod.LOCAL) {
            throw invalid(
                    "forwarding method local cannot be configured: a director serves nothing"
                            + " itself");
        }
        if (server.method() == ForwardingMethod.TUNNEL
                && server.tunnel().type() == TunnelType.GUE
                && server.tunnel().port() == 0) {
            throw invalid("You need to supply the 'tun-port' option for the 'gue' tunnel type");
        }
        if (!isUnicast(server.address())) {
            throw invalid(INVALID);
        }
        return server;
    }

    /** What the kernel looks at before it looks for the server (ip_vs_edit_dest). */
    static void ranges(RealServer server) throws RefusedException {
        if (server.weight() < 0 || server.lowerThreshold() > server.upperThreshold()) {
            throw invalid(RANGE);
        }
    }

    /**
     * That each real server of FULLNAT and of another address family than its service can be talked
     * to: from a local address of its own family.
     */
    static void families(ServiceRule rule) throws RefusedException {
        VirtualService service = rule.service();
        for (RealServer server : service.servers()) {
            AddressFamily family = server.address().family();
            if (server.method() == ForwardingMethod.FULLNAT
                    && family != service.key().family()
                    && service.localAddresses().stream().noneMatch(a -> a.family() == family)) {
                throw invalid(
                        "real server "
                                + server.address()
                                + " is of another address family than its service: FULLNAT needs"
                                + " a local address of the real server's family for it, and the"
                                + " service has none");
            }
        }
    }

    /** The port rules of ipvsadm: DR and TUN cannot change the service's port. */
    static RealServer normalized(ServiceKey key, RealServer server) {
        int port = server.port();
        if (key instanceof ServiceKey.Endpoint endpoint && keepsPort(server.method())) {
            port = endpoint.port();
        }
        return port == server.port() ? server : server.withPort(port);
    }

    /** Whether the method leaves the destination port as it is. */
    static boolean keepsPort(ForwardingMethod method) {
        return method == ForwardingMethod.DIRECT_ROUTE || method == ForwardingMethod.TUNNEL;
    }

    /** A local address of a service. */
    void localAddress(Address address) throws RefusedException {
        if (!isUnicast(address)) {
            throw invalid(INVALID);
        }
    }

    /** The timeouts of --set (ip_vs_set_timeout). */
    void timeouts(TimeoutsSpec timeouts) throws RefusedException {
        if (!inRange(timeouts.tcpSeconds())
                || !inRange(timeouts.tcpFinSeconds())
                || !inRange(timeouts.udpSeconds())) {
            throw invalid(INVALID);
        }
    }

    private static boolean inRange(int seconds) {
        return seconds >= 0 && seconds <= MAX_TIMEOUT_SECONDS;
    }

    /** RTN_UNICAST or RTN_LOCAL; IPv6 global unicast only (ip_vs_new_dest). */
    private static boolean isUnicast(Address address) {
        if (address.isIpv6()) {
            boolean multicast = address.high() >>> 56 == 0xFF;
            boolean linkLocal = address.high() >>> 54 == 0xFE80 >>> 6;
            boolean unspecified = address.high() == 0 && address.low() == 0;
            return !multicast && !linkLocal && !unspecified;
        }
        int first = (int) (address.low() >>> 24);
        return first != 0 && first < 224;
    }
}
