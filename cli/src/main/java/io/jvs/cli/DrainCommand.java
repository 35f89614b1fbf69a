package io.jvs.cli;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import io.jvs.proto.v1.Drain;
import io.jvs.proto.v1.GetVirtualServiceRequest;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.ServerExit;
import io.jvs.proto.v1.UpdateRealServerRequest;
import io.jvs.proto.v1.UpdateVirtualServiceRequest;
import io.jvs.proto.v1.VirtualService;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code jvs drain}: lets a real server go. */
final class DrainCommand {
    private static final String COMMAND = "jvs drain";
    private static final Pattern TIME = Pattern.compile("(\\d{1,7})(s|m|h)?");
    private static final Map<String, Integer> UNITS = Map.of("s", 1, "m", 60, "h", 3600);
    private static final String USAGE =
            """
            usage: jvs drain SERVICE                      show the real servers that go
                   jvs drain SERVICE SERVER [OPTION...]   no new connections from now on, an end to
                                                          the others at the deadline
                   jvs drain SERVICE SERVER --undo        it stays
                   jvs drain SERVICE --on-removed drop|reset|reschedule
                                                          what becomes of the connections of a real
                                                          server that is removed; drop is IPVS's way
              --deadline TIME   60s, 10m or 1h; 60s when left out
              --then reset      both ends are told: TCP resets, ICMP for others; when left out
              --then reschedule UDP flows go to another server, TCP connections are reset
              --then keep       connections go on until they end
              SERVICE is 192.0.2.1:80, [2001:db8::1]:53/udp or fwm:7; SERVER is 10.0.0.2:8080.
            """;

    private final PrintStream out;
    private final DirectorClient director;

    DrainCommand(PrintStream out, DirectorClient director) {
        this.out = out;
        this.director = director;
    }

    /** Does what the arguments say; the exit code. */
    int run(List<String> arguments) throws CommandException, DirectorException {
        List<String> words = new ArrayList<>(arguments);
        if (words.contains("-h") || words.contains("--help")) {
            out.print(USAGE);
            return ExitCode.OK;
        }
        if (words.isEmpty()) {
            throw wrong("it needs a service");
        }
        ServiceWord service = ServiceWord.parse(COMMAND, words.removeFirst());
        if (words.isEmpty()) {
            list(service);
        } else if (words.getFirst().equals("--on-removed") && words.size() == 2) {
            setOnRemoved(service, exit(words.get(1), "drop"));
        } else {
            drain(service.server(COMMAND, words.removeFirst()), words);
        }
        return ExitCode.OK;
    }

    private static CommandException wrong(String message) {
        return CommandException.argument(COMMAND + ": " + message + "\n" + USAGE.stripTrailing());
    }

    private void drain(String name, List<String> words) throws CommandException, DirectorException {
        RealServer.Builder server = RealServer.newBuilder().setName(name);
        if (!words.equals(List.of("--undo"))) {
            Drain.Builder drain =
                    Drain.newBuilder()
                            .setDeadline(Duration.newBuilder().setSeconds(60))
                            .setThen(ServerExit.SERVER_EXIT_RESET);
            for (int i = 0; i < words.size(); i += 2) {
                String value = i + 1 < words.size() ? words.get(i + 1) : "";
                switch (words.get(i)) {
                    case "--deadline" -> drain.setDeadline(time(value));
                    case "--then" -> drain.setThen(exit(value, "keep"));
                    default -> throw wrong("'" + words.get(i) + "' is not one of its options");
                }
            }
            server.setDrain(drain);
        }
        director.call(
                "UpdateRealServer",
                UpdateRealServerRequest.newBuilder()
                        .setRealServer(server)
                        .setUpdateMask(FieldMask.newBuilder().addPaths("drain"))
                        .build(),
                RealServer.parser());
    }

    private static Duration time(String text) throws CommandException {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw wrong("'" + text + "' is not a time such as 30s, 10m or 1h");
        }
        String unit = time.group(2) == null ? "s" : time.group(2);
        long seconds = Long.parseLong(time.group(1)) * UNITS.getOrDefault(unit, 1);
        return Duration.newBuilder().setSeconds(seconds).build();
    }

    private static ServerExit exit(String text, String keep) throws CommandException {
        if (text.equals("reset")) {
            return ServerExit.SERVER_EXIT_RESET;
        }
        if (text.equals("reschedule")) {
            return ServerExit.SERVER_EXIT_RESCHEDULE;
        }
        if (text.equals(keep)) {
            return text.equals("keep") ? ServerExit.SERVER_EXIT_KEEP : ServerExit.SERVER_EXIT_DROP;
        }
        throw wrong("'" + text + "' is none of " + keep + ", reset, reschedule");
    }

    private void setOnRemoved(ServiceWord service, ServerExit exit)
            throws CommandException, DirectorException {
        director.call(
                "UpdateVirtualService",
                UpdateVirtualServiceRequest.newBuilder()
                        .setVirtualService(
                                VirtualService.newBuilder()
                                        .setName(service.name())
                                        .setOnServerRemoved(exit))
                        .setUpdateMask(FieldMask.newBuilder().addPaths("on_server_removed"))
                        .build(),
                VirtualService.parser());
    }

    private void list(ServiceWord service) throws CommandException, DirectorException {
        VirtualService found =
                director.call(
                        "GetVirtualService",
                        GetVirtualServiceRequest.newBuilder().setName(service.name()).build(),
                        VirtualService.parser());
        for (RealServer server : found.getRealServersList()) {
            if (server.hasDrain()) {
                Drain drain = server.getDrain();
                long open = server.getActiveConnections() + server.getInactiveConnections();
                String address = server.getAddress();
                out.print(
                        (address.indexOf(':') < 0 ? address : "[" + address + "]")
                                + ":"
                                + server.getPort()
                                + (drain.getOver() ? " over" : " draining")
                                + ", deadline "
                                + drain.getDeadline().getSeconds()
                                + "s, then "
                                + then(drain.getThen())
                                + ", connections "
                                + open
                                + "\n");
            }
        }
    }

    private static String then(ServerExit exit) {
        return exit.name().substring("SERVER_EXIT_".length()).toLowerCase(Locale.ROOT);
    }
}
