package io.jvs.control.api;

import io.jvs.director.RefusedException;
import io.jvs.director.RefusedException.Reason;
import io.jvs.director.ServerId;
import io.jvs.service.Address;
import io.jvs.service.AddressFamily;
import io.jvs.service.Protocol;
import io.jvs.service.ServiceKey;
import java.util.Locale;

/**
 * Resource names (AIP-122) of the API, made from what a thing is known by: {@code
 * virtualServices/tcp-10.0.0.1-80}, {@code virtualServices/fwm-100-ipv4}, and below a service
 * {@code /realServers/10.0.0.2-80} and {@code /localAddresses/10.0.0.200}.
 */
public final class ResourceName {
    private static final String SERVICES = "virtualServices/";
    private static final String SERVERS = "/realServers/";
    private static final String LOCALS = "/localAddresses/";

    private ResourceName() {}

    /** The name of a service. */
    public static String of(ServiceKey key) {
        return SERVICES
                + switch (key) {
                    case ServiceKey.Endpoint endpoint ->
                            endpoint.protocol().name().toLowerCase(Locale.ROOT)
                                    + "-"
                                    + endpoint.address()
                                    + "-"
                                    + endpoint.port();
                    case ServiceKey.Mark mark ->
                            "fwm-"
                                    + Integer.toUnsignedString(mark.mark())
                                    + "-"
                                    + mark.family().name().toLowerCase(Locale.ROOT);
                };
    }

    /** The name of a real server. */
    public static String of(ServerId id) {
        return of(id.service()) + SERVERS + id.address() + "-" + id.port();
    }

    /** The name of a local address. */
    public static String of(ServiceKey key, Address local) {
        return of(key) + LOCALS + local;
    }

    private static RefusedException bad(String name, String form) {
        return new RefusedException(
                Reason.INVALID, "'" + name + "' is not a name of the form " + form);
    }

    /** Reads the name of a service. */
    public static ServiceKey service(String name) throws RefusedException {
        String form = "virtualServices/tcp-ADDRESS-PORT or virtualServices/fwm-MARK-ipv4";
        if (!name.startsWith(SERVICES)) {
            throw bad(name, form);
        }
        String[] parts = name.substring(SERVICES.length()).split("-", -1);
        if (parts.length != 3) {
            throw bad(name, form);
        }
        try {
            return switch (parts[0]) {
                case "tcp" -> endpoint(Protocol.TCP, parts);
                case "udp" -> endpoint(Protocol.UDP, parts);
                case "sctp" -> endpoint(Protocol.SCTP, parts);
                case "fwm" ->
                        new ServiceKey.Mark(
                                Integer.parseUnsignedInt(parts[1]),
                                AddressFamily.valueOf(parts[2].toUpperCase(Locale.ROOT)));
                default -> throw bad(name, form);
            };
        } catch (IllegalArgumentException e) {
            throw bad(name, form);
        }
    }

    private static ServiceKey endpoint(Protocol protocol, String[] parts) {
        return new ServiceKey.Endpoint(protocol, Address.parse(parts[1]), port(parts[2]));
    }

    private static int port(String text) {
        int port = Integer.parseInt(text);
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("port " + port);
        }
        return port;
    }

    /** Reads the name of a real server. */
    public static ServerId server(String name) throws RefusedException {
        int split = name.indexOf(SERVERS);
        int dash = name.lastIndexOf('-');
        String form = "virtualServices/SERVICE/realServers/ADDRESS-PORT";
        if (split < 0 || dash < split + SERVERS.length()) {
            throw bad(name, form);
        }
        ServiceKey service = service(name.substring(0, split));
        try {
            Address address = Address.parse(name.substring(split + SERVERS.length(), dash));
            return new ServerId(service, address, port(name.substring(dash + 1)));
        } catch (IllegalArgumentException e) {
            throw bad(name, form);
        }
    }

    /** A local address of a service. */
    public record Local(ServiceKey service, Address address) {}

    /** Reads the name of a local address. */
    public static Local local(String name) throws RefusedException {
        int split = name.indexOf(LOCALS);
        String form = "virtualServices/SERVICE/localAddresses/ADDRESS";
        if (split < 0) {
            throw bad(name, form);
        }
        ServiceKey service = service(name.substring(0, split));
        try {
            return new Local(service, Address.parse(name.substring(split + LOCALS.length())));
        } catch (IllegalArgumentException e) {
            throw bad(name, form);
        }
    }
}
