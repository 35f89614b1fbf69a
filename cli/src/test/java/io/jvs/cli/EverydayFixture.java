package io.jvs.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs jvs sysctl, mark and status against a fake director. */
final class EverydayFixture {
    final FakeDirector director = new FakeDirector();

    CommandFixture.Result run(String arguments) {
        return run(List.of(arguments.split(" ", -1)), "");
    }

    CommandFixture.Result run(List<String> words, String in) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                JvsMain.execute(
                        words,
                        new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                        new IpvsadmCommand.Console(stream(out), stream(err)),
                        director);
        return new CommandFixture.Result(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, false, StandardCharsets.UTF_8);
    }
}
