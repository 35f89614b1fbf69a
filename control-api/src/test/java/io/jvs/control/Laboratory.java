package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** deploy/lab: network namespaces with a client, a router and six real servers with nginx. */
final class Laboratory {
    private static final Path LAB = Path.of("..", "deploy", "lab", "lab").toAbsolutePath();
    private static final int STEP_SECONDS = 60;

    private final String prefix;

    private Laboratory(String prefix) {
        this.prefix = prefix;
    }

    /** Makes one; what an earlier run left under that prefix goes first. */
    static Laboratory up(String prefix) throws Exception {
        Laboratory laboratory = new Laboratory(prefix);
        laboratory.lab("down");
        laboratory.lab("up");
        return laboratory;
    }

    /** Where its logs and files are. */
    Path state() {
        return Path.of("/run/jvs-lab", prefix);
    }

    /** Runs a subcommand, which must end well; gives its output. */
    String lab(String command, String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(LAB.toString(), command, prefix));
        words.addAll(List.of(arguments));
        Result result = run(words);
        assertThat(result.status()).as("%s: %s", words, result.output()).isZero();
        return result.output();
    }

    /** Runs a command at the client, whatever it ends with. */
    Result client(String... command) throws Exception {
        return on("cli", command);
    }

    /** Runs a command at any node, whatever it ends with. */
    Result on(String node, String... command) throws Exception {
        return run(words(node, command));
    }

    private List<String> words(String node, String... command) {
        List<String> words = new ArrayList<>(List.of(LAB.toString(), "exec", prefix, node));
        words.addAll(List.of(command));
        return words;
    }

    /** Starts a program at a node; {@code log} gets what it says. */
    Process start(String node, Path log, String... command) throws IOException {
        return new ProcessBuilder(words(node, command))
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.toFile())
                .start();
    }

    /** One of the laboratory's own programs in Python, as a command's first words. */
    static String[] program(String name, String... arguments) {
        List<String> words = new ArrayList<>(List.of("/usr/bin/python3"));
        words.add(LAB.resolveSibling(name).toString());
        words.addAll(List.of(arguments));
        return words.toArray(String[]::new);
    }

    /**
     * What a command said.
     *
     * @param status its exit status
     * @param output standard output and error
     */
    record Result(int status, String output) {}

    private Result run(List<String> words) throws IOException, InterruptedException {
        Path log = Files.createTempFile("laboratory", ".log");
        try {
            Process process =
                    new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectInput(new File("/dev/null"))
                            .redirectOutput(log.toFile())
                            .start();
            if (!process.waitFor(STEP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            return new Result(process.exitValue(), Files.readString(log).strip());
        } finally {
            Files.deleteIfExists(log);
        }
    }

    /** Starts a director in its place, as a process of its own, its Java with more options. */
    Process director(Path configuration, Path log, String... options) throws IOException {
        String classPath =
                Stream.of(
                                System.getProperty("jdk.module.path", ""),
                                System.getProperty("java.class.path", ""),
                                Path.of("target", "classes").toAbsolutePath().toString())
                        .filter(path -> !path.isEmpty())
                        .collect(Collectors.joining(File.pathSeparator));
        List<String> words =
                new ArrayList<>(List.of(LAB.toString(), "exec", prefix, "dir", java()));
        words.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseSerialGC"));
        words.addAll(List.of(options));
        words.addAll(List.of("-cp", classPath, "io.jvs.control.Main", "run"));
        words.addAll(List.of("-c", configuration.toString()));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** All lines of the real servers' access logs that have {@code text}. */
    List<String> accessLines(String text) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int server = 1; server <= 6; server++) {
            Path log = state().resolve("rs" + server).resolve("access.log");
            Files.readAllLines(log).stream()
                    .filter(line -> line.contains(text))
                    .forEach(lines::add);
        }
        return lines;
    }

    /** Removes it, with every process in it. */
    void down() throws Exception {
        lab("down");
    }
}
