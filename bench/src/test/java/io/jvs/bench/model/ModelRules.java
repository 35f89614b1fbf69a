package io.jvs.bench.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Services, servers and settings, changed by well-formed command lines. */
final class ModelRules {
    /**
     * What a command did.
     *
     * @param code exit code
     * @param error standard error
     */
    record Outcome(int code, String error) {
        static final Outcome OK = new Outcome(0, "");

        static Outcome refused(String message) {
            return new Outcome(255, message + "\n");
        }
    }

    final List<ModelService> services = new ArrayList<>();
    final Map<String, Integer> settings = new HashMap<>();
    final Map<Boolean, List<Integer>> marks = new HashMap<>();
    final Map<String, Integer> timeouts = new HashMap<>();
    final List<ModelServer> removed = new ArrayList<>();

    /** Every server that there ever was: a deleted one comes back with its connections. */
    private final Map<String, ModelServer> trash = new HashMap<>();

    int setting(String name, int otherwise) {
        return settings.getOrDefault(name, otherwise);
    }

    Outcome run(String line) {
        List<String> words = Arrays.asList(line.split(" ", -1));
        if (words.getFirst().equals("echo")) {
            String path = words.getLast();
            settings.put(path.substring(path.lastIndexOf('/') + 1), Integer.parseInt(words.get(1)));
            return Outcome.OK;
        }
        if (words.getFirst().equals("ip6tables")) {
            mark(true, Integer.parseInt(words.getLast()));
            return Outcome.OK;
        }
        return words.getFirst().equals("ipvsadm") ? ipvsadm(words) : Outcome.OK;
    }

    void mark(boolean ipv6, int mark) {
        marks.computeIfAbsent(ipv6, k -> new ArrayList<>()).add(mark);
    }

    private Outcome ipvsadm(List<String> words) {
        return switch (words.get(1)) {
            case "-A" -> addService(words);
            case "-E" -> editService(words);
            case "-D" -> deleteService(words);
            case "-a", "-e", "-d" -> server(words);
            case "-C" -> {
                List.copyOf(services).forEach(this::remove);
                yield Outcome.OK;
            }
            case "--set" -> setTimeouts(words);
            default -> Outcome.OK;
        };
    }

    private Outcome setTimeouts(List<String> words) {
        List<String> names = List.of("ESTABLISHED", "FIN_WAIT", "UDP");
        for (int i = 0; i < 3; i++) {
            int seconds = Integer.parseInt(words.get(2 + i));
            if (seconds > 0) {
                timeouts.put(names.get(i), seconds);
            }
        }
        return Outcome.OK;
    }

    private static String key(List<String> words) {
        return words.get(2) + " " + words.get(3) + (words.contains("-6") ? " -6" : "");
    }

    private static @Nullable String option(List<String> words, String name) {
        int at = words.indexOf(name);
        return at < 0 ? null : words.get(at + 1);
    }

    private static long number(List<String> words, String name, long otherwise) {
        String value = option(words, name);
        return value == null ? otherwise : Long.parseLong(value);
    }

    private @Nullable ModelService find(String key) {
        return services.stream().filter(s -> s.key.equals(key)).findFirst().orElse(null);
    }

    private Outcome addService(List<String> words) {
        String key = key(words);
        if (find(key) != null) {
            return Outcome.refused("Service already exists");
        }
        boolean mark = words.get(2).equals("-f");
        String endpoint = words.get(3);
        int cut = endpoint.lastIndexOf(':');
        boolean ipv6 = words.contains("-6");
        ModelService service =
                mark
                        ? new ModelService(
                                key,
                                "",
                                ModelAddress.of(ipv6 ? "::" : "0.0.0.0"),
                                0,
                                Integer.parseInt(endpoint))
                        : new ModelService(
                                key,
                                words.get(2).equals("-t") ? "TCP" : "UDP",
                                ModelAddress.of(
                                        endpoint.substring(0, cut).replaceAll("[\\[\\]]", "")),
                                Integer.parseInt(endpoint.substring(cut + 1)),
                                0);
        services.add(service);
        setOptions(service, words);
        return Outcome.OK;
    }

    private Outcome editService(List<String> words) {
        ModelService service = find(key(words));
        if (service == null) {
            return Outcome.refused("No such service");
        }
        setOptions(service, words);
        return Outcome.OK;
    }

    private static void setOptions(ModelService service, List<String> words) {
        String name = option(words, "-s");
        String scheduler = name == null ? "wlc" : name;
        if (!scheduler.equals(service.schedulerName)) {
            ModelScheduler other = ModelScheduler.of(scheduler);
            other.begin(service.servers());
            service.scheduler = other;
            service.schedulerName = scheduler;
        }
        String flags = option(words, "-b");
        service.scheduler.setFlags(
                flags == null ? Set.of() : new HashSet<>(Arrays.asList(flags.split(",", -1))));
        service.onePacket = words.contains("-o");
        service.persistenceSeconds = number(words, "-p", 0);
        String mask = option(words, "-M");
        service.netmask = mask == null ? "" : mask;
    }

    private Outcome deleteService(List<String> words) {
        ModelService service = find(key(words));
        if (service == null) {
            return Outcome.refused("No such service");
        }
        remove(service);
        return Outcome.OK;
    }

    private void remove(ModelService service) {
        List.copyOf(service.servers()).forEach(server -> remove(service, server));
        services.remove(service);
    }

    private void remove(ModelService service, ModelServer server) {
        server.available = false;
        service.scheduler.remove(server);
        removed.add(server);
    }

    private Outcome server(List<String> words) {
        ModelService service = find(key(words));
        if (service == null) {
            return Outcome.refused("Service not defined");
        }
        String endpoint = String.valueOf(option(words, "-r"));
        String name = service.key + " " + endpoint;
        ModelServer server = trash.computeIfAbsent(name, k -> newServer(endpoint));
        String command = words.get(1);
        if (command.equals("-a") == server.available) {
            return Outcome.refused(
                    server.available ? "Destination already exists" : "No such destination");
        }
        if (command.equals("-d")) {
            remove(service, server);
            return Outcome.OK;
        }
        server.set(
                words.contains("-m") ? "-m" : words.contains("-i") ? "-i" : "-g",
                number(words, "-w", 1),
                number(words, "-x", 0),
                number(words, "-y", 0));
        if (server.available) {
            service.scheduler.edit(server);
        } else {
            server.available = true;
            service.scheduler.add(server);
        }
        return Outcome.OK;
    }

    private static ModelServer newServer(String endpoint) {
        int cut = endpoint.lastIndexOf(':');
        return new ModelServer(
                ModelAddress.of(endpoint.substring(0, cut).replaceAll("[\\[\\]]", "")),
                Integer.parseInt(endpoint.substring(cut + 1)));
    }
}
