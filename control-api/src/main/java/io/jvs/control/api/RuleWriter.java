package io.jvs.control.api;

import com.google.protobuf.Duration;
import io.jvs.director.Health;
import io.jvs.director.HealthCheckSpec;
import io.jvs.director.ServerId;
import io.jvs.director.ServerView;
import io.jvs.director.ServiceRule;
import io.jvs.director.ServiceView;
import io.jvs.director.TimeoutsSpec;
import io.jvs.proto.v1.AddressFamily;
import io.jvs.proto.v1.ClientAddress;
import io.jvs.proto.v1.ForwardingMethod;
import io.jvs.proto.v1.HealthCheck;
import io.jvs.proto.v1.LocalAddress;
import io.jvs.proto.v1.Persistence;
import io.jvs.proto.v1.Protocol;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.Timeouts;
import io.jvs.proto.v1.Tunnel;
import io.jvs.proto.v1.TunnelType;
import io.jvs.proto.v1.VirtualService;
import io.jvs.service.AccessList;
import io.jvs.service.Address;
import io.jvs.service.Limits;
import io.jvs.service.SchedulerFlag;
import io.jvs.service.ServiceKey;
import io.jvs.worker.CountersView;
import java.util.Locale;

/** What the director knows into messages of the API. */
public final class RuleWriter {
    private RuleWriter() {}

    /** A service as configured; no output-only fields. */
    public static VirtualService configured(ServiceRule rule) {
        VirtualService.Builder message = service(rule);
        AccessList list = rule.service().guard().access();
        if (!list.isEmpty()) {
            message.setAccessList(AccessMapper.write(list));
        }
        return withServers(message, rule);
    }

    /** A service as it is kept on disk: its access list is in a file of that name. */
    public static VirtualService kept(ServiceRule rule, String accessSha256) {
        VirtualService.Builder message = service(rule);
        if (!accessSha256.isEmpty()) {
            message.getAccessListBuilder().setSha256(accessSha256);
        }
        return withServers(message, rule);
    }

    private static VirtualService withServers(VirtualService.Builder message, ServiceRule rule) {
        for (io.jvs.service.RealServer server : rule.service().servers()) {
            message.addRealServers(server(rule.key(), server));
        }
        return message.build();
    }

    /** A service as it is in force, with counts of connections. */
    public static VirtualService inForce(ServiceView view, CountersView counters) {
        VirtualService.Builder message = service(view.rule());
        AccessList list = view.rule().service().guard().access();
        if (!list.isEmpty()) {
            message.setAccessList(AccessMapper.summary(list));
        }
        for (ServerView server : view.servers()) {
            message.addRealServers(inForce(view.key(), server, counters));
        }
        return message.build();
    }

    private static VirtualService.Builder service(ServiceRule rule) {
        io.jvs.service.VirtualService service = rule.service();
        VirtualService.Builder message =
                VirtualService.newBuilder()
                        .setName(ResourceName.of(service.key()))
                        .setScheduler(service.scheduler())
                        .setPersistenceEngine(service.persistenceEngine())
                        .setOnePacket(service.onePacket());
        switch (service.key()) {
            case ServiceKey.Endpoint endpoint ->
                    message.setProtocol(protocol(endpoint.protocol()))
                            .setAddress(endpoint.address().toString())
                            .setPort(endpoint.port());
            case ServiceKey.Mark mark -> message.setFirewallMark(mark.mark());
        }
        message.setFamily(family(service.key()));
        for (SchedulerFlag flag : SchedulerFlag.values()) {
            if (service.flags().contains(flag)) {
                message.addSchedulerFlags(flag.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            }
        }
        if (service.clientAddress() != io.jvs.service.ClientAddress.HIDDEN) {
            message.setClientAddress(clientAddress(service.clientAddress()));
        }
        if (service.persistence() != null) {
            message.setPersistence(persistence(service.key(), service.persistence()));
        }
        service.localAddresses().forEach(local -> message.addLocalAddresses(local.toString()));
        ExitMapper.write(message, service.guard().onServerRemoved());
        if (!service.guard().limits().equals(Limits.NONE)) {
            message.setLimits(LimitsMapper.write(service.guard().limits()));
        }
        QuicMapper.writeTo(message, service.quic());
        SynProxyMapper.writeTo(message, service.guard().synProxy());
        if (!rule.healthCheck().equals(HealthCheckSpec.DEFAULT)) {
            message.setHealthCheck(healthCheck(rule.healthCheck()));
        }
        return message;
    }

    private static ClientAddress clientAddress(io.jvs.service.ClientAddress how) {
        return switch (how) {
            case HIDDEN -> ClientAddress.CLIENT_ADDRESS_HIDDEN;
            case TOA -> ClientAddress.CLIENT_ADDRESS_TOA;
            case PROXY_V1 -> ClientAddress.CLIENT_ADDRESS_PROXY_V1;
            case PROXY_V2 -> ClientAddress.CLIENT_ADDRESS_PROXY_V2;
            case UOA -> ClientAddress.CLIENT_ADDRESS_UOA;
        };
    }

    static AddressFamily family(ServiceKey key) {
        return key.family() == io.jvs.service.AddressFamily.IPV6
                ? AddressFamily.ADDRESS_FAMILY_IPV6
                : AddressFamily.ADDRESS_FAMILY_IPV4;
    }

    static Protocol protocol(io.jvs.service.Protocol protocol) {
        return switch (protocol) {
            case TCP -> Protocol.PROTOCOL_TCP;
            case UDP -> Protocol.PROTOCOL_UDP;
            case SCTP -> Protocol.PROTOCOL_SCTP;
        };
    }

    private static Persistence persistence(ServiceKey key, io.jvs.service.Persistence persistence) {
        boolean v6 = key.family() == io.jvs.service.AddressFamily.IPV6;
        return Persistence.newBuilder()
                .setTimeoutSeconds(persistence.timeoutSeconds())
                .setNetmask(
                        v6
                                ? Integer.toString(persistence.mask())
                                : Address.ofIpv4(persistence.mask()).toString())
                .build();
    }

    private static HealthCheck healthCheck(HealthCheckSpec spec) {
        HealthCheck.Builder message =
                HealthCheck.newBuilder()
                        .setDisabled(spec.disabled())
                        .setPort(spec.port())
                        .setRise(spec.rise())
                        .setFall(spec.fall());
        if (spec.intervalNs() != 0) {
            message.setInterval(duration(spec.intervalNs()));
        }
        if (spec.timeoutNs() != 0) {
            message.setTimeout(duration(spec.timeoutNs()));
        }
        if (spec.connectAddress() != null) {
            message.setConnectAddress(spec.connectAddress().toString());
        }
        if (spec.bindAddress() != null) {
            message.setBindAddress(spec.bindAddress().toString());
        }
        return message.build();
    }

    private static Duration duration(long nanos) {
        return Duration.newBuilder()
                .setSeconds(nanos / 1_000_000_000L)
                .setNanos((int) (nanos % 1_000_000_000L))
                .build();
    }

    private static RealServer.Builder server(ServiceKey key, io.jvs.service.RealServer server) {
        RealServer.Builder message =
                RealServer.newBuilder()
                        .setName(ResourceName.of(ServerId.of(key, server)))
                        .setAddress(server.address().toString())
                        .setPort(server.port())
                        .setForwardingMethod(method(server.method()))
                        .setWeight(server.weight())
                        .setUpperThreshold(server.upperThreshold())
                        .setLowerThreshold(server.lowerThreshold());
        if (server.method() == io.jvs.service.ForwardingMethod.TUNNEL) {
            message.setTunnel(tunnel(server.tunnel()));
        }
        if (!server.limits().equals(Limits.NONE)) {
            message.setLimits(LimitsMapper.write(server.limits()));
        }
        if (server.drain() != null) {
            message.setDrain(ExitMapper.write(server.drain(), false));
        }
        return message;
    }

    /** A real server as it is in force, with counts of connections. */
    public static RealServer inForce(ServiceKey key, ServerView view, CountersView counters) {
        RealServer.Builder message = server(key, view.configured());
        if (view.configured().drain() != null) {
            message.setDrain(ExitMapper.write(view.configured().drain(), view.drainOver()));
        }
        return message.setEffectiveWeight(view.effectiveWeight())
                .setHealth(health(view.health()))
                .setActiveConnections(view.slot().active(counters))
                .setInactiveConnections(view.slot().inactive(counters))
                .setPersistentConnections(view.slot().persistent(counters))
                .build();
    }

    private static io.jvs.proto.v1.Health health(Health health) {
        return switch (health) {
            case UNKNOWN -> io.jvs.proto.v1.Health.HEALTH_UNSPECIFIED;
            case UP -> io.jvs.proto.v1.Health.HEALTH_UP;
            case DOWN -> io.jvs.proto.v1.Health.HEALTH_DOWN;
        };
    }

    static ForwardingMethod method(io.jvs.service.ForwardingMethod method) {
        return switch (method) {
            case NAT -> ForwardingMethod.FORWARDING_METHOD_NAT;
            case DIRECT_ROUTE -> ForwardingMethod.FORWARDING_METHOD_DIRECT_ROUTE;
            case TUNNEL -> ForwardingMethod.FORWARDING_METHOD_TUNNEL;
            case FULLNAT -> ForwardingMethod.FORWARDING_METHOD_FULLNAT;
            case LOCAL -> ForwardingMethod.FORWARDING_METHOD_LOCAL;
        };
    }

    private static Tunnel tunnel(io.jvs.service.Tunnel tunnel) {
        TunnelType type =
                switch (tunnel.type()) {
                    case IPIP -> TunnelType.TUNNEL_TYPE_IPIP;
                    case GUE -> TunnelType.TUNNEL_TYPE_GUE;
                    case GRE -> TunnelType.TUNNEL_TYPE_GRE;
                };
        return Tunnel.newBuilder()
                .setType(type)
                .setPort(tunnel.port())
                .setChecksum(tunnel.checksum())
                .setRemoteChecksum(tunnel.remoteChecksum())
                .build();
    }

    static LocalAddress local(ServiceKey key, Address address) {
        return LocalAddress.newBuilder()
                .setName(ResourceName.of(key, address))
                .setAddress(address.toString())
                .build();
    }

    /** The timeouts. */
    public static Timeouts timeouts(TimeoutsSpec timeouts) {
        return Timeouts.newBuilder()
                .setTcpSeconds(timeouts.tcpSeconds())
                .setTcpFinSeconds(timeouts.tcpFinSeconds())
                .setUdpSeconds(timeouts.udpSeconds())
                .build();
    }
}
