package io.jvs.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the command against a fake director. */
final class CommandFixture {
    final FakeDirector director = new FakeDirector();
    private final String program;

    CommandFixture(String program) {
        this.program = program;
    }

    record Result(int code, String out, String err) {}

    Result run(String arguments) {
        return run(arguments, "");
    }

    Result run(String arguments, String in) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                new IpvsadmCommand(program, new FixedNames())
                        .execute(
                                List.of(arguments.split(" ", -1)),
                                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                                new IpvsadmCommand.Console(stream(out), stream(err)),
                                director);
        return new Result(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, false, StandardCharsets.UTF_8);
    }
}
