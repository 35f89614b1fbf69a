package io.jvs.control;

import io.jvs.control.config.ConfigException;
import io.jvs.control.config.SettingsReader;
import io.jvs.proto.v1.DirectorConfig;
import io.jvs.proto.v1.Port;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@code jvs run}.
 *
 * @param file the configuration file, null for none
 * @param ports {@code NAME=DEVICE} or {@code DEVICE}, in their order
 * @param check true: only check the configuration
 */
record RunOptions(@Nullable Path file, List<String> ports, boolean check) {
    static final String USAGE =
            """
            usage: jvs run [-c FILE] [--port [NAME=]DEVICE]... [--check]
              -c, --config FILE      configuration file (YAML or JSON)
              --port [NAME=]DEVICE   device of a port of the configuration, or one more port;
                                     without NAME of the first, second, ... port
              --check                check the configuration and end
            """;

    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9_.-]+)=(.+)");

    static RunOptions parse(List<String> arguments) throws ConfigException {
        Path file = null;
        List<String> ports = new ArrayList<>();
        boolean check = false;
        Iterator<String> each = arguments.iterator();
        while (each.hasNext()) {
            String argument = each.next();
            switch (argument) {
                case "-c", "--config" -> file = Path.of(value(argument, each));
                case "--port" -> ports.add(value(argument, each));
                case "--check", "-t" -> check = true;
                default -> {
                    if (argument.startsWith("--port=")) {
                        ports.add(argument.substring("--port=".length()));
                    } else if (argument.startsWith("--config=")) {
                        file = Path.of(argument.substring("--config=".length()));
                    } else {
                        throw new ConfigException("'" + argument + "' is not an option\n" + USAGE);
                    }
                }
            }
        }
        return new RunOptions(file, List.copyOf(ports), check);
    }

    private static String value(String option, Iterator<String> rest) throws ConfigException {
        if (!rest.hasNext()) {
            throw new ConfigException(option + " needs a value\n" + USAGE);
        }
        return rest.next();
    }

    /** The configuration, with the ports of the command line in it. */
    DirectorConfig config() throws ConfigException {
        DirectorConfig.Builder config =
                file == null
                        ? DirectorConfig.newBuilder()
                        : SettingsReader.readFile(file).toBuilder();
        int unnamed = 0;
        for (String port : ports) {
            Matcher named = NAMED.matcher(port);
            if (named.matches()) {
                setDevice(config, named.group(1), named.group(2));
            } else if (unnamed < config.getPortsCount()) {
                config.getPortsBuilder(unnamed++).setDevice(port);
            } else {
                config.addPorts(Port.newBuilder().setName("port" + unnamed++).setDevice(port));
            }
        }
        return config.build();
    }

    private static void setDevice(DirectorConfig.Builder config, String name, String device) {
        for (Port.Builder port : config.getPortsBuilderList()) {
            if (port.getName().equals(name)) {
                port.setDevice(device);
                return;
            }
        }
        config.addPorts(Port.newBuilder().setName(name).setDevice(device));
    }
}
