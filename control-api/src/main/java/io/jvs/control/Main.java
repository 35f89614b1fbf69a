package io.jvs.control;

import io.jvs.worker.DataplaneHost;
import java.util.List;

/** The director's command line: {@code run} and {@code doctor}. */
public final class Main {
    private static final String USAGE =
            """
            usage: jvs run [-c FILE] [--port [NAME=]DEVICE]... [--check]
                   jvs status                        the director that runs: connections, ports, workers
                   jvs sysctl [NAME[=VALUE]]...      settings of net.ipv4.vs, as sysctl(8)
                   jvs mark [list|add|...]           rules that give packets a firewall mark
                   jvs acl SERVICE [add|load|...]    which clients may open connections
                   jvs limits SERVICE [SERVER]       what a service or a server may get at most
                   jvs drain SERVICE SERVER          lets a server go, with a deadline
                   jvs local-ports [ADDRESS]         how full local addresses are, the fullest first
                   jvs doctor                        what this machine has and what is missing
                   jvs bench [NAME]                  measurements
                   jvs replay FILE...                recordings of the kernel's IPVS
                   jvs version
            acl, drain, limits, local-ports, mark, status and sysctl take --help, and --socket FILE before their
            other arguments.
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
