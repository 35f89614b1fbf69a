package io.jvs.bench.scenario;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Random command lines of ipvsadm, right ones and wrong ones, and what they left behind. */
final class CommandScenario {
    private static final List<String> COMMANDS =
            List.of(
                    "-A", "-A", "-A", "-E", "-D", "-a", "-a", "-a", "-a", "-e", "-e", "-d", "-L",
                    "-l", "-Z", "--set", "-S");

    private static final List<String> LONG =
            List.of(
                    "-A --add-service",
                    "-E --edit-service",
                    "-D --delete-service",
                    "-a --add-server",
                    "-e --edit-server",
                    "-d --delete-server",
                    "-L --list",
                    "-Z --zero",
                    "-S --save",
                    "-t --tcp-service",
                    "-u --udp-service",
                    "-f --fwmark-service",
                    "-s --scheduler",
                    "-p --persistent",
                    "-M --netmask",
                    "-r --real-server",
                    "-g --gatewaying",
                    "-i --ipip",
                    "-m --masquerading",
                    "-w --weight",
                    "-x --u-threshold",
                    "-y --l-threshold",
                    "-n --numeric",
                    "-c --connection",
                    "-o --ops",
                    "-b --sched-flags",
                    "-6 --ipv6");

    private final Draw draw;
    private final Steps steps = new Steps();

    private CommandScenario(long seed) {
        draw = new Draw(seed);
    }

    /** Makes one up. */
    static JsonObject of(long seed, int length) {
        CommandScenario scenario = new CommandScenario(seed);
        while (scenario.steps.size() < length) {
            scenario.step();
        }
        scenario.steps.ipvsadm("-Ln");
        scenario.steps.ipvsadm("-Sn");
        scenario.steps.ipvsadm("-C");
        return scenario.steps.toScenario("random/commands/" + seed);
    }

    private void step() {
        int dice = draw.between(0, 99);
        if (dice < 10) {
            steps.ipvsadm(
                    draw.of(
                            "-Ln",
                            "-Sn",
                            "-Ln --thresholds",
                            "-Ln --tun-info",
                            "-Ln --persistent-conn"));
        } else if (dice < 12) {
            steps.ipvsadm("-Sn > /run/a; ipvsadm -C; ipvsadm -R < /run/a; ipvsadm -Sn");
        } else if (dice < 13) {
            steps.command("cat /proc/net/ip_vs");
        } else {
            steps.ipvsadm(line());
        }
    }

    private String line() {
        String command = draw.of(COMMANDS);
        List<String> options = new ArrayList<>();
        switch (command) {
            case "-A", "-E" -> service(options, true);
            case "-D" -> service(options, false);
            case "-a", "-e" -> server(options, true);
            case "-d" -> server(options, false);
            case "-L", "-l" -> listing(options);
            case "-Z" -> maybe(options, 50, CommandValues.service(draw));
            case "--set" -> options.add(timeouts());
            default -> maybe(options, 60, "-n");
        }
        maybe(options, 3, CommandValues.stray(draw));
        if (!options.isEmpty() && draw.chance(4)) {
            options.add(draw.of(options));
        }
        if (!options.isEmpty() && draw.chance(3)) {
            options.remove(draw.between(0, options.size() - 1));
        }
        if (!command.equals("--set")) {
            shuffle(options);
        }
        return lengthen(command + (options.isEmpty() ? "" : " " + String.join(" ", options)));
    }

    private void service(List<String> options, boolean all) {
        options.add(CommandValues.service(draw));
        if (all) {
            maybe(options, 70, "-s " + CommandValues.scheduler(draw));
            maybe(options, 30, CommandValues.persistence(draw));
            maybe(options, 20, "-M " + CommandValues.netmask(draw));
            maybe(options, 10, "-o");
            maybe(options, 12, "-b " + CommandValues.flags(draw));
            maybe(options, 3, "--pe " + draw.of("sip", "sip", "nosuch"));
        }
    }

    private void server(List<String> options, boolean all) {
        options.add(CommandValues.service(draw));
        options.add("-r " + CommandValues.server(draw));
        if (all) {
            maybe(options, 80, draw.of("-m", "-g", "-i"));
            maybe(options, 60, "-w " + CommandValues.weight(draw));
            maybe(options, 20, "-x " + CommandValues.threshold(draw));
            maybe(options, 20, "-y " + CommandValues.threshold(draw));
            if (draw.chance(15)) {
                maybe(options, 90, "--tun-type " + draw.of("ipip", "gue", "gue", "gre", "nosuch"));
                maybe(
                        options,
                        60,
                        "--tun-port " + draw.of("6080", "1", "65535", "0", "65536", "x"));
                maybe(options, 20, "--tun-csum");
                maybe(options, 20, "--tun-nocsum");
                maybe(options, 20, "--tun-remcsum");
            }
        }
    }

    private void listing(List<String> options) {
        maybe(options, 80, "-n");
        maybe(options, 35, CommandValues.service(draw));
        for (String option :
                List.of(
                        "--stats",
                        "--rate",
                        "--thresholds",
                        "--persistent-conn",
                        "--tun-info",
                        "--timeout",
                        "--exact",
                        "--nosort",
                        "--sort",
                        "-c")) {
            maybe(options, 12, option);
        }
    }

    private String timeouts() {
        List<String> values = new ArrayList<>();
        int count = draw.chance(90) ? 3 : draw.between(0, 4);
        for (int i = 0; i < count; i++) {
            values.add(
                    draw.of("0", "10", "900", "2147483", "2147484", "x", "-1", "07", "0x10", "1 "));
        }
        return String.join(" ", values);
    }

    private void maybe(List<String> options, int percent, String option) {
        if (draw.chance(percent)) {
            options.add(option);
        }
    }

    /** Any order behind the service: JVS forgives options that depend on it before it. */
    private void shuffle(List<String> options) {
        for (int i = options.size() - 1; i > 1; i--) {
            int j = draw.between(1, i);
            String other = options.get(j);
            options.set(j, options.get(i));
            options.set(i, other);
        }
    }

    /** Writes some options in their long form. */
    private String lengthen(String line) {
        List<String> words = new ArrayList<>();
        for (String word : line.split(" ", -1)) {
            String written = word;
            if (draw.chance(15)) {
                for (String pair : LONG) {
                    if (pair.startsWith(word + " ")) {
                        written = pair.substring(word.length() + 1);
                    }
                }
            }
            words.add(written);
        }
        return String.join(" ", words);
    }
}
