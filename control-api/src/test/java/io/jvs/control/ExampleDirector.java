package io.jvs.control;

import io.jvs.control.config.SettingsReader;
import io.jvs.director.FakeDataplane;
import java.nio.file.Path;

/** A director without a packet path in a process of its own, for tests that kill it. */
public final class ExampleDirector {
    private ExampleDirector() {}

    /** Runs until it is killed; the argument is its configuration file. */
    public static void main(String[] arguments) throws Exception {
        DirectorProcess process =
                DirectorProcess.start(
                        SettingsReader.settings(SettingsReader.readFile(Path.of(arguments[0]))),
                        spec -> new FakeDataplane());
        process.finished().join();
    }
}
