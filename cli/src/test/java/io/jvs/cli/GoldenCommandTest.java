package io.jvs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Plays recorded ipvsadm calls and compares texts and exit codes. */
class GoldenCommandTest {
    /** Where JVS differs on purpose: the command, or the start of a line that is not compared. */
    private static final Map<String, String> DIFFERENT =
            Map.of(
                    // A comment is one here; a refused line refuses the whole transaction.
                    "printf -- \"# c\\n\\n-A -t 10.99.0.10:80 -s nosuch\\n-A -t 10.99.0.11:80 -s"
                            + " rr\\n\" | ipvsadm -R",
                    "Scheduler or persistence engine not found\n");

    private final Map<String, String> files = new HashMap<>();
    private FakeDirector director = new FakeDirector();

    private record Step(String scenario, String command, int code, String out, String err) {}

    private record Result(int code, String out, String err) {}

    @Test
    void shouldAnswerAsRecorded() throws IOException {
        List<String> differences = new ArrayList<>();
        String scenario = "";
        int compared = 0;
        for (Step step : steps()) {
            if (!step.scenario.equals(scenario)) {
                scenario = step.scenario;
                director = new FakeDirector();
            }
            String own = DIFFERENT.get(step.command);
            Result expected =
                    own == null
                            ? new Result(step.code, step.out, step.err)
                            : new Result(ExitCode.REFUSED, "", own);
            Result got = shell(step.command);
            compared++;
            if (!expected.equals(got)) {
                differences.add(step.scenario + ": " + step.command + "\n" + expected + "\n" + got);
            }
        }
        assertThat(differences).isEmpty();
        assertThat(compared).isGreaterThan(290);
    }

    private static List<Step> steps() throws IOException {
        List<Step> steps = new ArrayList<>();
        String scenario = "";
        Step step = null;
        for (String line : resource().lines().toList()) {
            String rest = line.substring(1);
            switch (line.charAt(0)) {
                case '=' -> scenario = rest.strip();
                case '$' -> {
                    step = new Step(scenario, rest.strip(), 0, "", "");
                    steps.add(step);
                }
                case '?', '>', '!' -> {
                    step = with(steps.removeLast(), line.charAt(0), rest);
                    steps.add(step);
                }
                default -> assertThat(line).startsWith("#");
            }
        }
        return steps;
    }

    private static Step with(Step step, char kind, String rest) {
        return switch (kind) {
            case '?' ->
                    new Step(
                            step.scenario,
                            step.command,
                            Integer.parseInt(rest.strip()),
                            step.out,
                            step.err);
            case '>' ->
                    new Step(
                            step.scenario,
                            step.command,
                            step.code,
                            step.out + rest + "\n",
                            step.err);
            default ->
                    new Step(
                            step.scenario,
                            step.command,
                            step.code,
                            step.out,
                            step.err + rest + "\n");
        };
    }

    private static String resource() throws IOException {
        try (InputStream in = GoldenCommandTest.class.getResourceAsStream("cli.golden")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The few forms of shell lines that the recordings use. */
    private Result shell(String line) {
        if (line.endsWith("| diff - /run/a && echo same")) {
            Result saved = shell(line.substring(0, line.indexOf('|')).strip());
            return new Result(
                    0, saved.out.equals(files.get("/run/a")) ? "same\n" : "differs\n", "");
        }
        if (line.startsWith("cat ")) {
            return new Result(0, files.getOrDefault(line.substring(4), ""), "");
        }
        if (line.startsWith("echo \"") || line.startsWith("printf -- \"")) {
            int quote = line.indexOf('"');
            String text = line.substring(quote + 1, line.lastIndexOf('"'));
            return ipvsadm("-R", text.replace("\\n", "\n") + "\n");
        }
        if (line.startsWith("python3 ")) {
            return run("-Ln", "", new Refusing());
        }
        String command = line.replace("ipvsadm-save", "ipvsadm -S").substring("ipvsadm".length());
        int to = command.indexOf(" > ");
        if (to >= 0) {
            Result saved = ipvsadm(command.substring(0, to), "");
            files.put(command.substring(to + 3).strip(), saved.out);
            return new Result(saved.code, "", saved.err);
        }
        int from = command.indexOf(" < ");
        if (from >= 0) {
            String file = command.substring(from + 3).strip();
            return ipvsadm(command.substring(0, from), files.getOrDefault(file, ""));
        }
        return ipvsadm(command, "");
    }

    private Result ipvsadm(String arguments, String in) {
        return run(arguments, in, director);
    }

    private static Result run(String arguments, String in, DirectorClient client) {
        String words = arguments.strip();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                new IpvsadmCommand("ipvsadm", new FixedNames())
                        .execute(
                                words.isEmpty() ? List.of() : Arrays.asList(words.split(" +", -1)),
                                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                                new IpvsadmCommand.Console(stream(out), stream(err)),
                                client);
        return new Result(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, false, StandardCharsets.UTF_8);
    }

    /** A director whose socket may not be opened. */
    private static final class Refusing implements DirectorClient {
        @Override
        public <T extends com.google.protobuf.MessageLite> T call(
                String method,
                com.google.protobuf.MessageLite request,
                com.google.protobuf.Parser<T> reply)
                throws CommandException {
            throw LocalSocketClient.permissionDenied();
        }
    }
}
