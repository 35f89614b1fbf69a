package io.jvs.control.config;

import io.jvs.control.api.MarkMapper;
import io.jvs.control.api.RuleReader;
import io.jvs.director.Director;
import io.jvs.director.Operation;
import io.jvs.director.RefusedException;
import io.jvs.director.ServiceRule;
import io.jvs.director.TimeoutsSpec;
import io.jvs.proto.v1.Config;
import io.jvs.proto.v1.DirectorConfig;
import io.jvs.proto.v1.GrpcTls;
import io.jvs.proto.v1.HealthChecks;
import io.jvs.proto.v1.VirtualService;
import io.jvs.scheduler.Scheduler;
import io.jvs.service.Address;
import io.jvs.service.MarkRule;
import io.jvs.service.Sysctls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a configuration file and checks all of it. */
public final class SettingsReader {
    private static final String DEFAULT_SOCKET = "/run/jvs/jvs.sock";
    private static final String DEFAULT_STATE = "/var/lib/jvs";
    private static final int DEFAULT_MAX_CONNECTIONS = 1_000_000;
    private static final int MAX_CONNECTIONS = 1 << 29;
    private static final long DEFAULT_CHECK_NS = 1_000_000_000L;

    private SettingsReader() {}

    /** A file's message; nothing but its form is checked. */
    public static DirectorConfig readFile(Path file) throws ConfigException {
        try {
            return readText(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ConfigException("the configuration file cannot be read: " + e);
        }
    }

    /** A text's message; {@code name} is what sentences call it. */
    public static DirectorConfig readText(String name, String text) throws ConfigException {
        DirectorConfig.Builder config = DirectorConfig.newBuilder();
        YamlReader.read(name, text, config);
        return config.build();
    }

    /** Checks a configuration. */
    public static Settings settings(DirectorConfig config) throws ConfigException {
        int maxConnections =
                config.getMaxConnections() == 0
                        ? DEFAULT_MAX_CONNECTIONS
                        : config.getMaxConnections();
        if (maxConnections < 1 || maxConnections > MAX_CONNECTIONS) {
            throw new ConfigException("max_connections", "must be 1.." + MAX_CONNECTIONS);
        }
        String socket = orElse(config.getControlSocket(), DEFAULT_SOCKET);
        return new Settings(
                DataplaneReader.read(config, filePrefix(config, socket), maxConnections),
                maxConnections,
                Path.of(socket),
                config.getControlGroup(),
                grpc(config),
                config.getMetricsAddress().isEmpty()
                        ? null
                        : socketAddress(config.getMetricsAddress(), "metrics_address"),
                Path.of(orElse(config.getStateDirectory(), DEFAULT_STATE)),
                health(config.getHealthChecks()),
                initial(config),
                initialHash(config));
    }

    private static String orElse(String text, String other) {
        return text.isEmpty() ? other : text;
    }

    /** Directors on one machine have their own sockets, and so their own prefixes. */
    private static String filePrefix(DirectorConfig config, String socket) {
        if (!config.getFilePrefix().isEmpty()) {
            return config.getFilePrefix();
        }
        return socket.equals(DEFAULT_SOCKET)
                ? "jvs"
                : "jvs-" + sha256(socket.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static @Nullable GrpcSpec grpc(DirectorConfig config) throws ConfigException {
        String text = config.getGrpcAddress();
        if (text.isEmpty()) {
            return null;
        }
        if (text.startsWith("unix:")) {
            return new GrpcSpec(Path.of(text.substring("unix:".length())), null, null);
        }
        InetSocketAddress address = socketAddress(text, "grpc_address");
        GrpcSpec.Tls tls = config.hasGrpcTls() ? tls(config.getGrpcTls()) : null;
        if (!address.getAddress().isLoopbackAddress() && tls == null) {
            throw new ConfigException(
                    "grpc_address",
                    text
                            + " is not on loopback and there is no grpc_tls; give grpc_tls, or use a"
                            + " loopback address or unix:PATH");
        }
        return new GrpcSpec(null, address, tls);
    }

    private static GrpcSpec.Tls tls(GrpcTls message) throws ConfigException {
        return new GrpcSpec.Tls(
                pem(message.getCertificateChainFile(), "grpc_tls.certificate_chain_file"),
                pem(message.getPrivateKeyFile(), "grpc_tls.private_key_file"),
                pem(message.getClientCaFile(), "grpc_tls.client_ca_file"));
    }

    private static Path pem(String file, String place) throws ConfigException {
        if (file.isEmpty() || !Files.isReadable(Path.of(file))) {
            throw new ConfigException(place, "'" + file + "' is not a file that can be read");
        }
        return Path.of(file);
    }

    private static InetSocketAddress socketAddress(String text, String place)
            throws ConfigException {
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, Math.max(0, colon));
            boolean brackets = host.startsWith("[") && host.endsWith("]");
            Address address = Address.parse(brackets ? host.substring(1, host.length() - 1) : host);
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port >= 0 && port <= 0xFFFF && brackets == address.isIpv6()) {
                return new InetSocketAddress(address.toInetAddress(), port);
            }
        } catch (IllegalArgumentException e) {
            // Said below, with the place.
        }
        throw new ConfigException(
                place, "'" + text + "' is not ADDRESS:PORT such as 127.0.0.1:9105 or [::1]:9105");
    }

    private static HealthDefaults health(HealthChecks message) throws ConfigException {
        try {
            long interval = RuleReader.nanos(message.getInterval(), "health_checks.interval");
            long timeout = RuleReader.nanos(message.getTimeout(), "health_checks.timeout");
            if (message.getRise() < 0 || message.getFall() < 0) {
                throw new ConfigException(
                        "health_checks", "rise and fall must be below 2147483648");
            }
            return new HealthDefaults(
                    !message.hasEnabled() || message.getEnabled(),
                    interval == 0 ? DEFAULT_CHECK_NS : interval,
                    timeout == 0 ? DEFAULT_CHECK_NS : timeout,
                    message.getRise() == 0 ? 1 : message.getRise(),
                    message.getFall() == 0 ? 2 : message.getFall());
        } catch (RefusedException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    private static Operation.Replace initial(DirectorConfig config) throws ConfigException {
        Set<Object> keys = new HashSet<>();
        List<ServiceRule> rules = new ArrayList<>();
        for (int i = 0; i < config.getVirtualServicesCount(); i++) {
            String place = "virtual_services[" + i + "]";
            try {
                ServiceRule rule = RuleReader.rule(config.getVirtualServices(i));
                Director.check(rule, Scheduler.names());
                if (!keys.add(rule.key())) {
                    throw new ConfigException(place, "Service already exists: " + rule.key());
                }
                rules.add(rule);
            } catch (RefusedException e) {
                throw new ConfigException(place, String.valueOf(e.getMessage()));
            }
        }
        return new Operation.Replace(
                List.copyOf(rules),
                config.hasTimeouts()
                        ? RuleReader.timeouts(config.getTimeouts())
                        : TimeoutsSpec.KEEP,
                marks(config),
                sysctls(config.getSysctlsMap()));
    }

    private static List<MarkRule> marks(DirectorConfig config) throws ConfigException {
        try {
            return MarkMapper.read(config.getMarkRulesList());
        } catch (RefusedException e) {
            throw new ConfigException("mark_rules", String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> sysctls(Map<String, String> given) throws ConfigException {
        try {
            return Sysctls.INITIAL.with(given).changedByName();
        } catch (IllegalArgumentException e) {
            throw new ConfigException("sysctls", String.valueOf(e.getMessage()));
        }
    }

    private static String initialHash(DirectorConfig config) throws ConfigException {
        if (config.getVirtualServicesCount() == 0
                && config.getMarkRulesCount() == 0
                && !config.hasTimeouts()
                && config.getSysctlsCount() == 0) {
            return "";
        }
        Config.Builder rules =
                Config.newBuilder()
                        .addAllVirtualServices(config.getVirtualServicesList())
                        .addAllMarkRules(config.getMarkRulesList())
                        .putAllSysctls(new TreeMap<>(config.getSysctlsMap()));
        if (config.hasTimeouts()) {
            rules.setTimeouts(config.getTimeouts());
        }
        return sha256(withAccessFiles(rules.build().toByteArray(), config));
    }

    /** What the files of access lists say is as if it stood in the configuration. */
    private static byte[] withAccessFiles(byte[] rules, DirectorConfig config)
            throws ConfigException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(rules);
        for (VirtualService service : config.getVirtualServicesList()) {
            for (String file : service.getAccessList().getFilesList()) {
                try {
                    all.writeBytes(Files.readAllBytes(Path.of(file)));
                } catch (IOException e) {
                    throw new ConfigException(
                            "access_list.files", "'" + file + "' cannot be read: " + e);
                }
            }
        }
        return all.toByteArray();
    }
}
