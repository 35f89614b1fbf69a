package io.jvs.cli;

import io.jvs.proto.v1.GetSysctlsRequest;
import io.jvs.proto.v1.SetSysctlsRequest;
import io.jvs.proto.v1.Sysctls;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code jvs sysctl}: the settings that IPVS has below net.ipv4.vs, read and set as with sysctl(8).
 * All values of one call are set together or not at all.
 */
final class SysctlCommand {
    private static final String TREE = "net.ipv4.vs";
    private static final String USAGE =
            """
            usage: jvs sysctl [options] [NAME[=VALUE]]...
              NAME is conn_reuse_mode or net.ipv4.vs.conn_reuse_mode; without a NAME all are shown.
              All values of one call are set together: when one is refused, none is set.
              -a, --all            show all settings
              -n, --values         show values only
              -N, --names          show names only
              -b, --binary         show values only, without an end of line
              -e, --ignore         pass over names that are not known
              -q, --quiet          do not show what was set
              -w, --write          every NAME has a VALUE
              -p, --load FILE      set what FILE says, as sysctl.conf(5); - is standard input;
                                   settings outside net.ipv4.vs are left out
              -h, --help           show this
            """;

    private final PrintStream out;
    private final PrintStream err;
    private final DirectorClient director;
    private final List<String> asked = new ArrayList<>();
    private final Map<String, String> wanted = new LinkedHashMap<>();
    private boolean values;
    private boolean names;
    private boolean ended = true;
    private boolean ignored;
    private boolean quiet;
    private boolean write;

    SysctlCommand(IpvsadmCommand.Console console, DirectorClient director) {
        this.out = console.out();
        this.err = console.err();
        this.director = director;
    }

    /** Does what the arguments say; the exit code. */
    int run(List<String> arguments, InputStream in) throws CommandException, DirectorException {
        boolean all = arguments.isEmpty();
        List<String> files = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            switch (word) {
                case "-h", "--help" -> {
                    out.print(USAGE);
                    return ExitCode.OK;
                }
                case "-a", "-A", "-X", "--all" -> all = true;
                case "-p", "-f", "--load" -> {
                    if (++i == arguments.size()) {
                        throw wrong(word + " needs a file");
                    }
                    files.add(arguments.get(i));
                }
                default -> {
                    if (word.startsWith("--load=")) {
                        files.add(word.substring("--load=".length()));
                    } else {
                        option(word);
                    }
                }
            }
        }
        for (String file : files) {
            load(file, in);
        }
        return act(all || asked.isEmpty() && wanted.isEmpty() && files.isEmpty());
    }

    private void option(String word) throws CommandException {
        switch (word) {
            case "-n", "--values" -> values = true;
            case "-N", "--names" -> names = true;
            case "-b", "--binary" -> {
                values = true;
                ended = false;
            }
            case "-e", "--ignore" -> ignored = true;
            case "-q", "--quiet" -> quiet = true;
            case "-w", "--write" -> write = true;
            default -> {
                if (word.matches("-[anNbeqw]{2,}")) {
                    bundle(word);
                } else if (word.startsWith("-")) {
                    throw wrong("'" + word + "' is not an option");
                } else {
                    setting(word);
                }
            }
        }
    }

    private void bundle(String word) throws CommandException {
        for (int i = 1; i < word.length(); i++) {
            if (word.charAt(i) == 'a') {
                asked.add(TREE);
            } else {
                option("-" + word.charAt(i));
            }
        }
    }

    private void setting(String word) throws CommandException {
        int equals = word.indexOf('=');
        if (equals >= 0) {
            wanted.put(key(word.substring(0, equals).strip()), word.substring(equals + 1));
        } else {
            asked.add(key(word));
        }
    }

    private static CommandException wrong(String message) {
        return CommandException.argument("jvs sysctl: " + message + "\n" + USAGE.stripTrailing());
    }

    /** The kernel's own name; slashes may stand for dots, as in sysctl(8). */
    private static String key(String name) {
        String dotted = name.replace('/', '.');
        while (dotted.startsWith(TREE + ".")) {
            dotted = dotted.substring(TREE.length() + 1);
        }
        return dotted;
    }

    private int act(boolean all) throws CommandException, DirectorException {
        if (write && !asked.isEmpty()) {
            throw wrong("'" + asked.getFirst() + "' has no value, which -w asks for");
        }
        Map<String, String> now =
                new TreeMap<>(
                        director.call(
                                        "GetSysctls",
                                        GetSysctlsRequest.getDefaultInstance(),
                                        Sysctls.parser())
                                .getValuesMap());
        if (ignored) {
            wanted.keySet().removeIf(name -> !now.containsKey(name));
        }
        if (!wanted.isEmpty()) {
            Map<String, String> after = set();
            if (!quiet) {
                wanted.keySet().forEach(name -> print(name, after.getOrDefault(name, "")));
            }
            now.putAll(after);
        }
        return show(all, now);
    }

    private Map<String, String> set() throws CommandException, DirectorException {
        return director.call(
                        "SetSysctls",
                        SetSysctlsRequest.newBuilder().putAllValues(wanted).build(),
                        Sysctls.parser())
                .getValuesMap();
    }

    private int show(boolean all, Map<String, String> now) {
        if (all || asked.contains(TREE)) {
            now.forEach(this::print);
        }
        int code = ExitCode.OK;
        for (String name : asked) {
            String value = now.get(name);
            if (value != null) {
                print(name, value);
            } else if (!ignored && !name.equals(TREE)) {
                err.print("jvs sysctl: '" + name + "' is not a setting of " + TREE + "\n");
                code = JvsMain.FAILED;
            }
        }
        return code;
    }

    private void print(String name, String value) {
        String text = names ? TREE + "." + name : value;
        out.print(names || values ? text : TREE + "." + name + " = " + value);
        if (ended) {
            out.print('\n');
        }
    }

    private void load(String file, InputStream in) throws CommandException {
        List<String> lines;
        try {
            byte[] bytes = file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
            lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException(
                    JvsMain.FAILED, "jvs sysctl: '" + file + "' cannot be read: " + e);
        }
        for (int i = 0; i < lines.size(); i++) {
            line(file + ":" + (i + 1), lines.get(i).strip());
        }
    }

    /** One line of sysctl.conf(5): a # or ; begins a comment, a - asks to pass over errors. */
    private void line(String place, String line) throws CommandException {
        if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
            return;
        }
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new CommandException(
                    JvsMain.FAILED,
                    "jvs sysctl: " + place + ": '" + line + "' is not NAME = VALUE");
        }
        String name = line.substring(line.startsWith("-") ? 1 : 0, equals).strip();
        String dotted = name.replace('/', '.');
        if (dotted.indexOf('.') >= 0 && !dotted.startsWith(TREE + ".")) {
            err.print("jvs sysctl: " + place + ": " + name + " is not of " + TREE + ": left out\n");
            return;
        }
        wanted.put(key(name), line.substring(equals + 1).strip());
    }
}
