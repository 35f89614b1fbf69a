package io.jvs.cli;

import com.google.protobuf.FieldMask;
import io.jvs.proto.v1.GetRealServerRequest;
import io.jvs.proto.v1.GetVirtualServiceRequest;
import io.jvs.proto.v1.Limits;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.UpdateRealServerRequest;
import io.jvs.proto.v1.UpdateVirtualServiceRequest;
import io.jvs.proto.v1.VirtualService;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** {@code jvs limits}: what a service or one of its real servers may get at most. */
final class LimitsCommand {
    private static final String COMMAND = "jvs limits";
    private static final String USAGE =
            """
            usage: jvs limits SERVICE [SERVER]                   show the limits
                   jvs limits SERVICE [SERVER] OPTION...         set some of them; 0 is no limit
                   jvs limits SERVICE [SERVER] --clear           take all of them away
              --max-conn NUMBER      connections open at a time
              --conn-rate NUMBER     new connections a second
              --packet-rate NUMBER   packets a second, both directions together
              --byte-rate NUMBER     bytes of IP packets a second, both directions together
              --burst MILLISECONDS   how long a rate may be saved up for; 0 is 20
              SERVICE is 192.0.2.1:80, [2001:db8::1]:53/udp or fwm:7; SERVER is 10.0.0.2:8080.
            """;

    private final PrintStream out;
    private final DirectorClient director;

    LimitsCommand(PrintStream out, DirectorClient director) {
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
        boolean ofServer = !words.isEmpty() && !words.getFirst().startsWith("-");
        String name = ofServer ? service.server(COMMAND, words.removeFirst()) : service.name();
        Limits.Builder limits = limits(name, ofServer).toBuilder();
        if (words.isEmpty()) {
            print(limits.build());
            return ExitCode.OK;
        }
        read(words, limits);
        set(name, ofServer, limits.build());
        return ExitCode.OK;
    }

    private static CommandException wrong(String message) {
        return CommandException.argument(COMMAND + ": " + message + "\n" + USAGE.stripTrailing());
    }

    private static void read(List<String> words, Limits.Builder limits) throws CommandException {
        for (int i = 0; i < words.size(); i += 2) {
            String option = words.get(i);
            if (option.equals("--clear") && words.size() == 1) {
                limits.clear();
                return;
            }
            String value = i + 1 < words.size() ? words.get(i + 1) : "";
            switch (option) {
                case "--max-conn" -> limits.setConnections((int) number(option, value, 1L << 31));
                case "--conn-rate" ->
                        limits.setConnectionsPerSecond(number(option, value, Long.MAX_VALUE));
                case "--packet-rate" ->
                        limits.setPacketsPerSecond(number(option, value, Long.MAX_VALUE));
                case "--byte-rate" ->
                        limits.setBytesPerSecond(number(option, value, Long.MAX_VALUE));
                case "--burst" -> limits.setBurstMillis((int) number(option, value, 1L << 31));
                default -> throw wrong("'" + option + "' is not one of its options");
            }
        }
    }

    private static long number(String option, String text, long below) throws CommandException {
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number < below) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(option + " needs a number, not '" + text + "'");
        }
        throw wrong(option + " needs a number that is not so large, not '" + text + "'");
    }

    private Limits limits(String name, boolean ofServer)
            throws CommandException, DirectorException {
        return ofServer
                ? director.call(
                                "GetRealServer",
                                GetRealServerRequest.newBuilder().setName(name).build(),
                                RealServer.parser())
                        .getLimits()
                : director.call(
                                "GetVirtualService",
                                GetVirtualServiceRequest.newBuilder().setName(name).build(),
                                VirtualService.parser())
                        .getLimits();
    }

    private void set(String name, boolean ofServer, Limits limits)
            throws CommandException, DirectorException {
        FieldMask mask = FieldMask.newBuilder().addPaths("limits").build();
        if (ofServer) {
            director.call(
                    "UpdateRealServer",
                    UpdateRealServerRequest.newBuilder()
                            .setRealServer(RealServer.newBuilder().setName(name).setLimits(limits))
                            .setUpdateMask(mask)
                            .build(),
                    RealServer.parser());
        } else {
            director.call(
                    "UpdateVirtualService",
                    UpdateVirtualServiceRequest.newBuilder()
                            .setVirtualService(
                                    VirtualService.newBuilder().setName(name).setLimits(limits))
                            .setUpdateMask(mask)
                            .build(),
                    VirtualService.parser());
        }
    }

    private void print(Limits limits) {
        out.print("--max-conn " + Integer.toUnsignedString(limits.getConnections()) + "\n");
        out.print("--conn-rate " + limits.getConnectionsPerSecond() + "\n");
        out.print("--packet-rate " + limits.getPacketsPerSecond() + "\n");
        out.print("--byte-rate " + limits.getBytesPerSecond() + "\n");
        out.print("--burst " + limits.getBurstMillis() + "\n");
    }
}
