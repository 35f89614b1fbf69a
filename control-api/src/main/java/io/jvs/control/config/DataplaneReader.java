package io.jvs.control.config;

import io.jvs.control.api.MacAddress;
import io.jvs.proto.v1.DirectorConfig;
import io.jvs.proto.v1.Neighbor;
import io.jvs.proto.v1.Port;
import io.jvs.proto.v1.Route;
import io.jvs.proto.v1.Vlan;
import io.jvs.service.Address;
import io.jvs.worker.DataplaneSpec;
import io.jvs.worker.InterfaceSpec;
import io.jvs.worker.NeighborSpec;
import io.jvs.worker.PortSpec;
import io.jvs.worker.RouteSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The part of a configuration that the data plane is opened with. */
final class DataplaneReader {
    private static final int MAX_WORKERS = 64;
    private static final int MAX_MTU = 65_535;
    private static final int MAX_PORT = 65_535;

    /** IP_VS_APP_MAX_PORTS. */
    private static final int MAX_FTP_PORTS = 8;

    /** IFNAMSIZ less its final zero (linux/if.h). */
    private static final int MAX_INTERFACE_NAME = 15;

    private static final Set<String> MEMORY = Set.of("auto", "hugepages", "no-huge");

    private DataplaneReader() {}

    static DataplaneSpec read(DirectorConfig config, String filePrefix, int maxConnections)
            throws ConfigException {
        int workers = config.getWorkers() == 0 ? 1 : config.getWorkers();
        check(
                workers > 0 && workers <= MAX_WORKERS,
                "workers",
                "must be 1.." + MAX_WORKERS + ", not " + Integer.toUnsignedString(workers));
        String memory = config.getMemory().isEmpty() ? "auto" : config.getMemory();
        check(
                MEMORY.contains(memory),
                "memory",
                "'" + memory + "' is not one of auto, hugepages, no-huge");
        int megabytes = config.getMemoryMegabytes() == 0 ? 256 : config.getMemoryMegabytes();
        check(megabytes >= 64 && megabytes <= 1 << 20, "memory_megabytes", "must be 64..1048576");
        List<Integer> cpus = config.getWorkerCpusList();
        check(
                cpus.isEmpty() || cpus.size() == workers,
                "worker_cpus",
                "must name a CPU for each of the " + workers + " workers, or none");
        return new DataplaneSpec(
                ports(config.getPortsList()),
                routes(config.getRoutesList()),
                neighbors(config.getNeighborsList()),
                workers,
                cpus,
                (maxConnections + workers - 1) / workers,
                memory,
                megabytes,
                filePrefix,
                config.getSeed(),
                config.getBusyPoll(),
                ftpPorts(config.getFtpPortsList()));
    }

    private static List<Integer> ftpPorts(List<Integer> ports) throws ConfigException {
        if (ports.isEmpty()) {
            return DataplaneSpec.FTP_PORTS;
        }
        if (ports.equals(List.of(0))) {
            return List.of();
        }
        check(
                ports.size() <= MAX_FTP_PORTS
                        && ports.stream().allMatch(port -> port > 0 && port <= MAX_PORT),
                "ftp_ports",
                "must be at most "
                        + MAX_FTP_PORTS
                        + " ports of 1..65535, or a single 0 for none, not "
                        + ports);
        return ports;
    }

    private static void check(boolean fine, String place, String sentence) throws ConfigException {
        if (!fine) {
            throw new ConfigException(place, sentence);
        }
    }

    private static List<PortSpec> ports(List<Port> messages) throws ConfigException {
        check(!messages.isEmpty(), "ports", "at least one port is needed");
        List<PortSpec> ports = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < messages.size(); i++) {
            String place = "ports[" + i + "]";
            Port message = messages.get(i);
            String name = message.getName().isEmpty() ? "port" + i : message.getName();
            check(names.add(name), place + ".name", "'" + name + "' is taken by another port");
            ports.add(port(message, name, place));
        }
        return ports;
    }

    private static PortSpec port(Port message, String name, String place) throws ConfigException {
        check(
                !message.getDevice().isEmpty(),
                place + ".device",
                "is needed: a PCI address, af_packet:IF, af_xdp:IF, tap:IF, pcap:IN,OUT or"
                        + " memif:...");
        check(
                message.getMtu() >= 0 && message.getMtu() <= MAX_MTU,
                place + ".mtu",
                "must be at most " + MAX_MTU);
        check(
                message.getQueues() >= 0 && message.getQueues() <= MAX_WORKERS,
                place + ".queues",
                "must be at most " + MAX_WORKERS);
        String host = message.getHostInterface();
        check(
                host.length() <= MAX_INTERFACE_NAME,
                place + ".host_interface",
                "'" + host + "' is longer than " + MAX_INTERFACE_NAME + " characters");
        return new PortSpec(
                name,
                message.getDevice(),
                message.getMtu(),
                interfaces(message, place),
                host,
                message.getQueues());
    }

    private static List<InterfaceSpec> interfaces(Port port, String place) throws ConfigException {
        List<InterfaceSpec> interfaces = new ArrayList<>();
        interfaces.add(new InterfaceSpec(0, prefixes(port.getAddressesList(), place)));
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < port.getVlansCount(); i++) {
            Vlan vlan = port.getVlans(i);
            String inner = place + ".vlans[" + i + "]";
            check(
                    vlan.getId() >= 1 && vlan.getId() <= 4094 && ids.add(vlan.getId()),
                    inner + ".id",
                    "must be 1..4094, each once, not " + Integer.toUnsignedString(vlan.getId()));
            interfaces.add(
                    new InterfaceSpec(vlan.getId(), prefixes(vlan.getAddressesList(), inner)));
        }
        return interfaces;
    }

    private static List<InterfaceSpec.Prefix> prefixes(List<String> texts, String place)
            throws ConfigException {
        List<InterfaceSpec.Prefix> prefixes = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            prefixes.add(prefix(texts.get(i), place + ".addresses[" + i + "]"));
        }
        return prefixes;
    }

    private static InterfaceSpec.Prefix prefix(String text, String place) throws ConfigException {
        int slash = text.indexOf('/');
        try {
            Address address = Address.parse(slash < 0 ? text : text.substring(0, slash));
            int bits = address.family().bits();
            int length = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            if (length >= 0 && length <= bits) {
                return new InterfaceSpec.Prefix(address, length);
            }
        } catch (IllegalArgumentException e) {
            // Said below, with the place.
        }
        throw new ConfigException(
                place,
                "'" + text + "' is not an address with a prefix length such as 192.0.2.1/24");
    }

    private static List<RouteSpec> routes(List<Route> messages) throws ConfigException {
        List<RouteSpec> routes = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            String place = "routes[" + i + "]";
            InterfaceSpec.Prefix to = prefix(messages.get(i).getTo(), place + ".to");
            Address via = address(messages.get(i).getVia(), place + ".via");
            check(
                    to.address().family() == via.family(),
                    place,
                    "the next hop " + via + " is of another address family than " + to);
            routes.add(
                    new RouteSpec(
                            new InterfaceSpec.Prefix(to.address().masked(to.length()), to.length()),
                            via));
        }
        return routes;
    }

    private static List<NeighborSpec> neighbors(List<Neighbor> messages) throws ConfigException {
        List<NeighborSpec> neighbors = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            String place = "neighbors[" + i + "]";
            Address address = address(messages.get(i).getAddress(), place + ".address");
            try {
                neighbors.add(
                        new NeighborSpec(address, MacAddress.parse(messages.get(i).getMac())));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(place + ".mac", String.valueOf(e.getMessage()));
            }
        }
        return neighbors;
    }

    static Address address(String text, String place) throws ConfigException {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(place, String.valueOf(e.getMessage()));
        }
    }
}
