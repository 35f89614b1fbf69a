package io.jvs.control;

import io.jvs.control.config.ConfigException;
import io.jvs.control.config.Settings;
import io.jvs.control.config.SettingsReader;
import io.jvs.director.RefusedException;
import io.jvs.worker.DataplaneException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code jvs run}: a director from its start to SIGTERM, SIGINT, or the end of its pcap files. */
final class RunCommand {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    /** All went well. */
    static final int OK = 0;

    /** The director could not start, or died. */
    static final int FAILED = 1;

    /** The configuration or an argument is wrong. */
    static final int BAD_ARGUMENT = 2;

    private RunCommand() {}

    static int run(List<String> arguments, DirectorProcess.DataplaneOpener opener) {
        Settings settings;
        try {
            RunOptions options = RunOptions.parse(arguments);
            settings = SettingsReader.settings(options.config());
            if (options.check()) {
                System.err.println("the configuration is fine");
                return OK;
            }
        } catch (ConfigException e) {
            System.err.println("jvs: " + e.getMessage());
            return BAD_ARGUMENT;
        }
        return run(settings, opener);
    }

    private static int run(Settings settings, DirectorProcess.DataplaneOpener opener) {
        try (DirectorProcess process = DirectorProcess.start(settings, opener)) {
            closeOnSignal(process);
            return awaitEnd(process);
        } catch (IOException | DataplaneException | RefusedException e) {
            System.err.println("jvs: " + e.getMessage());
            LOG.debug("could not start", e);
            return FAILED;
        }
    }

    /** SIGTERM and SIGINT run shutdown hooks; this one closes everything before the JVM ends. */
    private static void closeOnSignal(DirectorProcess process) {
        Thread hook = Thread.ofPlatform().name("shutdown").unstarted(process::close);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private static int awaitEnd(DirectorProcess process) {
        try {
            process.finished().get();
            if (!process.isClosed()) {
                LOG.info("all input is read; the director ends");
            }
            return OK;
        } catch (ExecutionException e) {
            LOG.error("the data plane has died; the director ends", e.getCause());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OK;
        }
    }
}
