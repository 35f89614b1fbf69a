package io.jvs.cli;

import io.jvs.proto.v1.DirectorInfo;
import io.jvs.proto.v1.GetDirectorInfoRequest;
import io.jvs.proto.v1.PortInfo;
import io.jvs.proto.v1.WorkerInfo;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** {@code jvs status}: what a director says of itself, its ports and its workers. */
final class StatusCommand {
    private static final String USAGE =
            """
            usage: jvs status
              Shows the director's version, its connections, ports and workers.
            """;

    private StatusCommand() {}

    /** Prints it; the exit code. */
    static int run(List<String> arguments, PrintStream out, DirectorClient director)
            throws CommandException, DirectorException {
        if (arguments.equals(List.of("-h")) || arguments.equals(List.of("--help"))) {
            out.print(USAGE);
            return ExitCode.OK;
        }
        if (!arguments.isEmpty()) {
            throw CommandException.argument(
                    "jvs status: '"
                            + arguments.getFirst()
                            + "' is not an option\n"
                            + USAGE.stripTrailing());
        }
        print(
                director.call(
                        "GetDirectorInfo",
                        GetDirectorInfoRequest.getDefaultInstance(),
                        DirectorInfo.parser()),
                out);
        return ExitCode.OK;
    }

    private static void print(DirectorInfo info, PrintStream out) {
        out.print("jvs " + info.getVersion() + ", up " + duration(info.getUptimeSeconds()) + "\n");
        out.print("generation  " + info.getGeneration() + "\n");
        out.print(
                "connections "
                        + info.getConnections()
                        + " of "
                        + Integer.toUnsignedString(info.getConnectionTableSize())
                        + "\n");
        for (PortInfo port : info.getPortsList()) {
            out.print(
                    "port        %s: %s, %s, %s, mtu %d, link %s%s\n"
                            .formatted(
                                    port.getName(),
                                    port.getDevice(),
                                    port.getDriver(),
                                    port.getMac(),
                                    port.getMtu(),
                                    port.getLinkUp() ? "up" : "down",
                                    steering(port)));
        }
        for (WorkerInfo worker : info.getWorkersList()) {
            out.print(
                    "worker %-4d generation %d, busy in %s of its turns\n"
                            .formatted(worker.getNumber(), worker.getGeneration(), busy(worker)));
        }
    }

    /** Worth a word when there are several workers. */
    private static String steering(PortInfo port) {
        return switch (port.getSteering()) {
            case "RSS" -> ", steering rss";
            case "FLOW_RULES" -> ", steering flow rules (" + port.getFlowRules() + ")";
            case "HAND_OVER" -> ", steering hand-over";
            default -> "";
        };
    }

    private static String busy(WorkerInfo worker) {
        double share =
                worker.getCycles() == 0 ? 0 : 100.0 * worker.getBusyCycles() / worker.getCycles();
        return String.format(Locale.ROOT, "%.1f %%", share);
    }

    private static String duration(long seconds) {
        long days = seconds / 86_400;
        return (days > 0 ? days + " d " : "")
                + "%d:%02d:%02d".formatted(seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    }
}
