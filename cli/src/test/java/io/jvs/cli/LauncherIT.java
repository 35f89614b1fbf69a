package io.jvs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts bin/jvsadm as people do. */
class LauncherIT {
    private static final Path BIN = Path.of("..", "bin").toAbsolutePath().normalize();

    @TempDir Path directory;

    private record Result(int code, String text) {}

    private Result run(Path program, String... arguments) throws Exception {
        return run(
                List.of("JVS_SOCKET", directory.resolve("none.sock").toString()),
                program,
                arguments);
    }

    /** Runs a program with one more environment variable; both outputs as one text. */
    private Result run(List<String> variable, Path program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(output.toFile());
        builder.environment().put(variable.get(0), variable.get(1));
        int code = builder.start().waitFor();
        return new Result(code, Files.readString(output, StandardCharsets.UTF_8));
    }

    private Path link(String name, Path target) throws IOException {
        return Files.createSymbolicLink(directory.resolve(name), target);
    }

    @Test
    void shouldCallItselfByTheLinksName() throws Exception {
        Path first = link("first", BIN.resolve("jvsadm"));
        Path ipvsadm = link("ipvsadm", Path.of("first"));
        assertThat(run(ipvsadm, "-q"))
                .isEqualTo(
                        new Result(
                                255,
                                "Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n"));
        assertThat(run(first, "-v").text()).startsWith("ipvsadm v1.31 ");
    }

    @Test
    void shouldSayWhereNoDirectorAnswers() throws Exception {
        Result result = run(BIN.resolve("jvsadm"), "-Ln");
        assertThat(result.code()).isEqualTo(ExitCode.ARGUMENT);
        assertThat(result.text()).contains("none.sock");
        Path other = directory.resolve("other.sock");
        assertThat(run(BIN.resolve("jvsadm"), "--socket", other.toString(), "-Ln").text())
                .contains("other.sock");
    }

    @Test
    void shouldFindJvsadmFromSaveAndRestore() throws Exception {
        assertThat(run(link("ipvsadm-save", BIN.resolve("jvsadm-save")), "-n").text())
                .contains("none.sock");
        assertThat(run(link("ipvsadm-restore", BIN.resolve("jvsadm-restore"))).text())
                .contains("none.sock");
        assertThat(run(BIN.resolve("jvsadm-save"), "--help").code()).isEqualTo(1);
    }

    /** The tree is named whole, wherever the call came from. */
    @Test
    void shouldSayWhenNothingIsBuilt() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("tree/bin"));
        for (String file : List.of("jvsadm", "lib.sh")) {
            Files.copy(BIN.resolve(file), bin.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        String tree = directory.resolve("tree").toRealPath().toString();
        for (String call : List.of("cd tree/bin; ./jvsadm -v", "cd tree; bin/jvsadm -v")) {
            String words = "cd '" + directory + "'; " + call;
            Result result = run(Path.of("/bin/sh"), "-c", words);
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.text()).contains("not built yet", "package in " + tree);
        }
    }
}
