package io.jvs.control.api;

import com.google.protobuf.Duration;
import io.jvs.director.HealthCheckSpec;
import io.jvs.director.RefusedException;
import io.jvs.director.RefusedException.Reason;
import io.jvs.director.ServerId;
import io.jvs.director.ServiceRule;
import io.jvs.director.TimeoutsSpec;
import io.jvs.service.Address;
import io.jvs.service.AddressFamily;
import io.jvs.service.ClientAddress;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.Persistence;
import io.jvs.service.Protocol;
import io.jvs.service.RealServer;
import io.jvs.service.SchedulerFlag;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.Tunnel;
import io.jvs.service.TunnelType;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Messages of the API into what the director knows. What cannot be is refused here. */
public final class RuleReader {
    private static final String BAD_VIRTUAL = "illegal virtual server address[:port] specified";
    private static final String BAD_REAL = "illegal real server address[:port] specified";
    private static final int DEFAULT_PERSISTENCE_SECONDS = 360;

    private RuleReader() {}

    static RefusedException invalid(String message) {
        return new RefusedException(Reason.INVALID, message);
    }

    /** A service with its servers and local addresses. */
    public static ServiceRule rule(io.jvs.proto.v1.VirtualService message) throws RefusedException {
        ServiceKey key = key(message);
        List<RealServer> servers = new ArrayList<>(message.getRealServersCount());
        for (io.jvs.proto.v1.RealServer server : message.getRealServersList()) {
            servers.add(server(key, server));
        }
        List<Address> locals = new ArrayList<>(message.getLocalAddressesCount());
        for (String local : message.getLocalAddressesList()) {
            locals.add(address(local));
        }
        VirtualService service =
                new VirtualService(
                        key,
                        scheduler(message),
                        flags(scheduler(message), message.getSchedulerFlagsList()),
                        message.hasPersistence() ? persistence(key, message) : null,
                        message.getPersistenceEngine(),
                        message.getOnePacket(),
                        servers,
                        locals,
                        new ServiceGuard(
                                AccessMapper.read(message.getAccessList()),
                                LimitsMapper.read(message.getLimits()),
                                ExitMapper.onRemoved(message),
                                SynProxyMapper.read(message.getSynProxy())),
                        clientAddress(message.getClientAddress()),
                        QuicMapper.read(message.getQuic()));
        return new ServiceRule(service, healthCheck(message));
    }

    private static ClientAddress clientAddress(io.jvs.proto.v1.ClientAddress message)
            throws RefusedException {
        return switch (message) {
            case CLIENT_ADDRESS_UNSPECIFIED, CLIENT_ADDRESS_HIDDEN -> ClientAddress.HIDDEN;
            case CLIENT_ADDRESS_TOA -> ClientAddress.TOA;
            case CLIENT_ADDRESS_PROXY_V1 -> ClientAddress.PROXY_V1;
            case CLIENT_ADDRESS_PROXY_V2 -> ClientAddress.PROXY_V2;
            case CLIENT_ADDRESS_UOA -> ClientAddress.UOA;
            case UNRECOGNIZED ->
                    throw invalid(
                            "client_address: unknown; it can be HIDDEN, TOA, PROXY_V1, PROXY_V2 or"
                                    + " UOA");
        };
    }

    /** What a message's service is known by: its name, its fields, or both when they agree. */
    public static ServiceKey key(io.jvs.proto.v1.VirtualService message) throws RefusedException {
        boolean hasFields = message.getFirewallMark() != 0 || !message.getAddress().isEmpty();
        if (message.getName().isEmpty()) {
            return keyOfFields(message);
        }
        ServiceKey named = ResourceName.service(message.getName());
        if (hasFields && !named.equals(keyOfFields(message))) {
            throw invalid(
                    "the name " + message.getName() + " does not fit the service's other fields");
        }
        return named;
    }

    private static ServiceKey keyOfFields(io.jvs.proto.v1.VirtualService message)
            throws RefusedException {
        if (message.getFirewallMark() != 0) {
            if (!message.getAddress().isEmpty() || message.getPort() != 0) {
                throw invalid("a service has an address and port or a firewall mark, not both");
            }
            boolean v6 = message.getFamily() == io.jvs.proto.v1.AddressFamily.ADDRESS_FAMILY_IPV6;
            return new ServiceKey.Mark(
                    message.getFirewallMark(), v6 ? AddressFamily.IPV6 : AddressFamily.IPV4);
        }
        Protocol protocol =
                switch (message.getProtocol()) {
                    case PROTOCOL_TCP -> Protocol.TCP;
                    case PROTOCOL_UDP -> Protocol.UDP;
                    case PROTOCOL_SCTP -> Protocol.SCTP;
                    default ->
                            throw invalid(
                                    "a service needs a protocol (TCP, UDP or SCTP) or a firewall"
                                            + " mark");
                };
        return new ServiceKey.Endpoint(
                protocol,
                address(message.getAddress(), BAD_VIRTUAL),
                port(message.getPort(), BAD_VIRTUAL));
    }

    private static String scheduler(io.jvs.proto.v1.VirtualService message) {
        return message.getScheduler().isEmpty() ? "wlc" : message.getScheduler();
    }

    private static Set<SchedulerFlag> flags(String scheduler, List<String> names)
            throws RefusedException {
        Set<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
        for (String name : names) {
            flags.add(flag(scheduler, name));
        }
        return flags;
    }

    private static SchedulerFlag flag(String scheduler, String name) throws RefusedException {
        SchedulerFlag flag =
                switch (name) {
                    case "flag-1", "sh-fallback", "mh-fallback" -> SchedulerFlag.FLAG_1;
                    case "flag-2", "sh-port", "mh-port" -> SchedulerFlag.FLAG_2;
                    case "flag-3" -> SchedulerFlag.FLAG_3;
                    default -> throw invalid("invalid scheduler flag `" + name + "'");
                };
        if (!name.startsWith("flag-") && !name.startsWith(scheduler + "-")) {
            throw invalid("incompatible scheduler flag `" + name + "'");
        }
        return flag;
    }

    private static Persistence persistence(ServiceKey key, io.jvs.proto.v1.VirtualService service)
            throws RefusedException {
        io.jvs.proto.v1.Persistence message = service.getPersistence();
        int timeout = message.getTimeoutSeconds();
        if (timeout < 0) {
            throw invalid(
                    "invalid timeout value `" + Integer.toUnsignedString(timeout) + "' specified");
        }
        return new Persistence(
                timeout == 0 ? DEFAULT_PERSISTENCE_SECONDS : timeout,
                key.family() == AddressFamily.IPV6
                        ? prefixLength(message.getNetmask())
                        : netmask(message.getNetmask()));
    }

    private static int netmask(String text) throws RefusedException {
        if (text.isEmpty()) {
            return -1;
        }
        Address mask = address(text, "illegal virtual server persistent mask specified");
        if (mask.isIpv6()) {
            throw invalid("illegal virtual server persistent mask specified");
        }
        return (int) mask.low();
    }

    private static int prefixLength(String text) throws RefusedException {
        if (text.isEmpty()) {
            return 128;
        }
        try {
            int length = Integer.parseInt(text);
            if (length >= 1 && length <= 128) {
                return length;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw invalid("illegal ipv6 netmask specified");
    }

    private static HealthCheckSpec healthCheck(io.jvs.proto.v1.VirtualService service)
            throws RefusedException {
        if (!service.hasHealthCheck()) {
            return HealthCheckSpec.DEFAULT;
        }
        io.jvs.proto.v1.HealthCheck message = service.getHealthCheck();
        if (message.getRise() < 0 || message.getFall() < 0) {
            throw invalid("health_check.rise and health_check.fall must be below 2147483648");
        }
        return new HealthCheckSpec(
                message.getDisabled(),
                port(message.getPort(), "health_check.port must be 0..65535"),
                nanos(message.getInterval(), "health_check.interval"),
                nanos(message.getTimeout(), "health_check.timeout"),
                message.getRise(),
                message.getFall(),
                optionalAddress(message.getConnectAddress()),
                optionalAddress(message.getBindAddress()));
    }

    private static @Nullable Address optionalAddress(String text) throws RefusedException {
        return text.isEmpty() ? null : address(text);
    }

    /** A duration in nanoseconds, 0 when not set; negative ones and more than a day are refused. */
    public static long nanos(Duration duration, String field) throws RefusedException {
        if (duration.getSeconds() < 0 || duration.getNanos() < 0 || duration.getSeconds() > 86400) {
            throw invalid(field + " must be a duration of at most one day, for example \"1s\"");
        }
        return duration.getSeconds() * 1_000_000_000L + duration.getNanos();
    }

    /** A real server of a service; its port filled in by ipvsadm's rules. */
    public static RealServer server(ServiceKey key, io.jvs.proto.v1.RealServer message)
            throws RefusedException {
        ServerId id = serverId(key, message);
        ForwardingMethod method = method(message.getForwardingMethod());
        return new RealServer(
                id.address(),
                id.port(),
                method,
                nonNegative(message.hasWeight() ? message.getWeight() : 1, "illegal weight"),
                nonNegative(message.getUpperThreshold(), "illegal u_threshold"),
                nonNegative(message.getLowerThreshold(), "illegal l_threshold"),
                tunnel(method, message),
                LimitsMapper.read(message.getLimits()),
                ExitMapper.drain(message));
    }

    /** By its name, with address and port where they are given. */
    private static ServerId serverId(ServiceKey key, io.jvs.proto.v1.RealServer message)
            throws RefusedException {
        if (message.getName().isEmpty()) {
            return new ServerId(
                    key,
                    address(message.getAddress(), BAD_REAL),
                    message.hasPort()
                            ? port(message.getPort(), BAD_REAL)
                            : key instanceof ServiceKey.Endpoint endpoint ? endpoint.port() : 0);
        }
        ServerId named = ResourceName.server(message.getName());
        if (!named.service().equals(key)) {
            throw invalid("the real server " + message.getName() + " is of another service");
        }
        return new ServerId(
                key,
                message.getAddress().isEmpty()
                        ? named.address()
                        : address(message.getAddress(), BAD_REAL),
                message.hasPort() ? port(message.getPort(), BAD_REAL) : named.port());
    }

    private static int nonNegative(int value, String words) throws RefusedException {
        if (value < 0) {
            throw invalid(words + " specified");
        }
        return value;
    }

    private static ForwardingMethod method(io.jvs.proto.v1.ForwardingMethod message)
            throws RefusedException {
        return switch (message) {
            case FORWARDING_METHOD_UNSPECIFIED, FORWARDING_METHOD_DIRECT_ROUTE ->
                    ForwardingMethod.DIRECT_ROUTE;
            case FORWARDING_METHOD_NAT -> ForwardingMethod.NAT;
            case FORWARDING_METHOD_TUNNEL -> ForwardingMethod.TUNNEL;
            case FORWARDING_METHOD_FULLNAT -> ForwardingMethod.FULLNAT;
            case FORWARDING_METHOD_LOCAL -> ForwardingMethod.LOCAL;
            case UNRECOGNIZED -> throw invalid("unknown forwarding method");
        };
    }

    private static Tunnel tunnel(ForwardingMethod method, io.jvs.proto.v1.RealServer server)
            throws RefusedException {
        if (!server.hasTunnel()) {
            return Tunnel.IPIP;
        }
        if (method != ForwardingMethod.TUNNEL) {
            throw invalid("Tunnel options conflict with forward method");
        }
        io.jvs.proto.v1.Tunnel message = server.getTunnel();
        TunnelType type =
                switch (message.getType()) {
                    case TUNNEL_TYPE_UNSPECIFIED, TUNNEL_TYPE_IPIP -> TunnelType.IPIP;
                    case TUNNEL_TYPE_GUE -> TunnelType.GUE;
                    case TUNNEL_TYPE_GRE -> TunnelType.GRE;
                    case UNRECOGNIZED -> throw invalid("illegal tunnel type specified");
                };
        return new Tunnel(
                type,
                port(message.getPort(), "illegal tunnel port specified"),
                message.getChecksum(),
                message.getRemoteChecksum());
    }

    /** The timeouts of a message. */
    public static TimeoutsSpec timeouts(io.jvs.proto.v1.Timeouts message) {
        return new TimeoutsSpec(
                message.getTcpSeconds(), message.getTcpFinSeconds(), message.getUdpSeconds());
    }

    /** A literal address. */
    public static Address address(String text) throws RefusedException {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid("'" + text + "' is not an IPv4 or IPv6 address");
        }
    }

    private static Address address(String text, String words) throws RefusedException {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(words);
        }
    }

    private static int port(int port, String words) throws RefusedException {
        if (port < 0 || port > 0xFFFF) {
            throw invalid(words);
        }
        return port;
    }
}
