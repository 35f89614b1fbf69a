package io.jvs.cli;

import io.jvs.cli.listing.LocalPortTable;
import io.jvs.cli.net.HostAddress;
import io.jvs.proto.v1.ListLocalPortsRequest;
import io.jvs.proto.v1.ListLocalPortsResponse;
import io.jvs.proto.v1.LocalPortUse;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code jvs local-ports}: how full local addresses are towards real servers. */
final class LocalPortsCommand {
    private static final String COMMAND = "jvs local-ports";
    private static final int DEFAULT_LINES = 1000;
    private static final int MOST_LINES = 100_000;
    private static final String USAGE =
            """
            usage: jvs local-ports [ADDRESS] [-n NUMBER] [-o json]
              Shows the ports of local addresses (FULLNAT) towards each real server, those with the
              fewest free ones first; of all local addresses, or of one.
              -n NUMBER   the most lines, 1 to 100000; 1000 when left out
              -o json     for programs
              WAITING ports are used by nobody, but their real server may remember their connection.
              EXHAUSTED counts how often a port was wanted and there was none: then connections are
              refused (no_local_port). Add local addresses to the service.
            """;

    private final PrintStream out;
    private final DirectorClient director;
    private @Nullable HostAddress local;
    private int lines = DEFAULT_LINES;
    private boolean json;

    LocalPortsCommand(PrintStream out, DirectorClient director) {
        this.out = out;
        this.director = director;
    }

    /** Does what the arguments say; the exit code. */
    int run(List<String> arguments) throws CommandException, DirectorException {
        if (arguments.contains("-h") || arguments.contains("--help")) {
            out.print(USAGE);
            return ExitCode.OK;
        }
        read(arguments);
        List<LocalPortUse> uses = uses();
        out.print(json ? LocalPortTable.json(uses) : LocalPortTable.text(uses));
        return ExitCode.OK;
    }

    private void read(List<String> words) throws CommandException {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String value = i + 1 < words.size() ? words.get(i + 1) : "";
            switch (word) {
                case "-n" -> {
                    lines = number(value);
                    i++;
                }
                case "-o" -> {
                    if (!value.equals("json")) {
                        throw wrong("-o needs json, not '" + value + "'");
                    }
                    json = true;
                    i++;
                }
                default -> setLocal(word);
            }
        }
    }

    private void setLocal(String word) throws CommandException {
        HostAddress address = HostAddress.parse(word);
        if (address == null || local != null) {
            throw wrong("'" + word + "' is " + (address == null ? "no address" : "one too many"));
        }
        local = address;
    }

    private static int number(String text) throws CommandException {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= MOST_LINES) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong("-n needs a number, not '" + text + "'");
        }
        throw wrong("-n needs a number from 1 to " + MOST_LINES + ", not '" + text + "'");
    }

    private static CommandException wrong(String message) {
        return CommandException.argument(COMMAND + ": " + message + "\n" + USAGE.stripTrailing());
    }

    private List<LocalPortUse> uses() throws CommandException, DirectorException {
        int size = local == null ? lines : MOST_LINES;
        List<LocalPortUse> uses = new ArrayList<>();
        for (LocalPortUse use :
                director.call(
                                "ListLocalPorts",
                                ListLocalPortsRequest.newBuilder().setPageSize(size).build(),
                                ListLocalPortsResponse.parser())
                        .getLocalPortsList()) {
            boolean wanted =
                    local == null || local.equals(HostAddress.parse(use.getLocalAddress()));
            if (wanted && uses.size() < lines) {
                uses.add(use);
            }
        }
        return uses;
    }
}
