package io.jvs.control;

import io.jvs.worker.DataplaneHost;
import java.util.List;

/** The director's command line: {@code run} and {@code doctor}. */
public final class Main {
    private static final String USAGE =
            """
            usage: jvs run [-c FILE] [--port [NAME=]DEVICE]... [--check]
                   jvs doctor
                   jvs version
            """;

    private Main() {}

    /** Does a command; the exit status is 0, 1 when it failed, 2 for a wrong argument. */
    public static void main(String[] arguments) {
        System.exit(command(List.of(arguments)));
    }

    private static int command(List<String> arguments) {
        String name = arguments.isEmpty() ? "help" : arguments.getFirst();
        switch (name) {
            case "run" -> {
                return RunCommand.run(arguments.subList(1, arguments.size()), DataplaneHost::open);
            }
            case "doctor" -> {
                return DoctorCommand.run(System.out);
            }
            case "version", "--version" -> System.out.println("jvs " + Version.text());
            case "help", "--help", "-h" -> System.out.print(USAGE);
            default -> {
                System.err.print("jvs: '" + name + "' is not a command\n" + USAGE);
                return RunCommand.BAD_ARGUMENT;
            }
        }
        return RunCommand.OK;
    }
}
