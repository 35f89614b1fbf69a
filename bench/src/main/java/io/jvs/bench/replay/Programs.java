package io.jvs.bench.replay;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.jvs.bench.replay.Shell.Result;
import io.jvs.cli.CommandException;
import io.jvs.cli.DirectorClient;
import io.jvs.cli.IpvsadmCommand;
import io.jvs.cli.LocalSocketClient;
import io.jvs.cli.net.NameService;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs that the recorded command lines call; ipvsadm is jvsadm's real one. */
final class Programs implements Shell.Programs {
    /** How the recordings give up root before they call a program. */
    private static final Pattern SET_UID =
            Pattern.compile(".*os\\.setuid\\(.*os\\.execvp\\('([^']*)',\\[([^]]*)\\]\\).*");

    private static final NameService NAMES = new RecordedNames();

    private final DirectorClient director;
    private final VirtualFiles files;
    private final MarkProgram marks;
    private String restored = "";

    Programs(DirectorClient director, VirtualFiles files) {
        this.director = director;
        this.files = files;
        this.marks = new MarkProgram(director);
    }

    @Override
    public Result run(List<String> words, String in) {
        if (words.isEmpty()) {
            return Result.OK;
        }
        List<String> arguments = words.subList(1, words.size());
        return switch (words.getFirst()) {
            case "ipvsadm", "jvsadm" -> ipvsadm(noted(arguments, in), in, director);
            case "ipvsadm-save" -> ipvsadm(with("-S", arguments), in, director);
            case "ipvsadm-restore" -> restore(arguments, in);
            case "iptables", "ip6tables" -> marks.run(words);
            case "sysctl" -> sysctl(arguments);
            case "python3" -> python(arguments, in);
            case "cat" -> cat(arguments, in);
            case "ls" -> ls(arguments);
            case "diff" -> diff(arguments, in);
            case "echo" -> new Result(0, String.join(" ", arguments) + "\n", "");
            case "printf" -> printf(arguments);
            case "true", ":" -> Result.OK;
            case "false" -> new Result(1, "", "");
            default ->
                    new Result(
                            127, "", "sh: line 1: " + words.getFirst() + ": command not found\n");
        };
    }

    private List<String> noted(List<String> arguments, String in) {
        if (arguments.contains("-R") || arguments.contains("--restore")) {
            restored = in;
        }
        return arguments;
    }

    /** What the last -R read. */
    String restored() {
        return restored;
    }

    private static List<String> with(String first, List<String> rest) {
        List<String> all = new ArrayList<>();
        all.add(first);
        all.addAll(rest);
        return all;
    }

    private static Result ipvsadm(List<String> arguments, String in, DirectorClient director) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        IpvsadmCommand.Console console =
                new IpvsadmCommand.Console(
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(err, false, StandardCharsets.UTF_8));
        InputStream input = new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8));
        int code =
                new IpvsadmCommand("ipvsadm", NAMES).execute(arguments, input, console, director);
        return new Result(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** ipvsadm-restore: comments are taken out, then -C, then -R. */
    private Result restore(List<String> arguments, String in) {
        restored = in;
        Result cleared = ipvsadm(List.of("-C"), "", director);
        return cleared.then(
                ipvsadm(with("-R", arguments), in.replaceAll("(?m)^#.*$", ""), director));
    }

    private Result python(List<String> arguments, String in) {
        Matcher matcher = SET_UID.matcher(String.join(" ", arguments));
        if (!matcher.matches()) {
            return new Result(127, "", "sh: line 1: python3: command not found\n");
        }
        List<String> words = new ArrayList<>();
        for (String word : matcher.group(2).split(",", -1)) {
            words.add(word.replace("'", "").strip());
        }
        return ipvsadm(words.subList(1, words.size()), in, new RefusingClient());
    }

    private Result sysctl(List<String> arguments) {
        StringBuilder out = new StringBuilder();
        for (String argument : arguments) {
            if (argument.startsWith("-")) {
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String path = "/proc/sys/" + name.replace('.', '/');
            if (equals >= 0 && !files.write(path, argument.substring(equals + 1), false)) {
                return new Result(255, out.toString(), "sysctl: cannot set " + name + "\n");
            }
            String value = files.read(path);
            if (value == null) {
                return new Result(255, out.toString(), "sysctl: cannot stat " + path + "\n");
            }
            out.append(name).append(" = ").append(value);
        }
        return new Result(0, arguments.contains("-q") ? "" : out.toString(), "");
    }

    private Result cat(List<String> arguments, String in) {
        if (arguments.isEmpty()) {
            return new Result(0, in, "");
        }
        Result all = Result.OK;
        for (String path : arguments) {
            String contents = path.equals("-") ? in : files.read(path);
            all =
                    all.then(
                            contents == null
                                    ? new Result(
                                            1, "", "cat: " + path + ": No such file or directory\n")
                                    : new Result(all.code(), contents, ""));
        }
        return all;
    }

    private Result ls(List<String> arguments) {
        List<String> names = files.list(arguments.isEmpty() ? "/run" : arguments.getLast());
        return new Result(0, names.isEmpty() ? "" : String.join("\n", names) + "\n", "");
    }

    private Result diff(List<String> arguments, String in) {
        String first = arguments.get(0).equals("-") ? in : files.read(arguments.get(0));
        String second = arguments.get(1).equals("-") ? in : files.read(arguments.get(1));
        if (first == null || second == null) {
            return new Result(2, "", "diff: No such file or directory\n");
        }
        return first.equals(second) ? Result.OK : new Result(1, "< " + first + "> " + second, "");
    }

    private static Result printf(List<String> arguments) {
        List<String> rest =
                arguments.getFirst().equals("--")
                        ? arguments.subList(1, arguments.size())
                        : arguments;
        String text = rest.getFirst();
        for (String value : rest.subList(1, rest.size())) {
            text = text.replaceFirst("%[sd]", Matcher.quoteReplacement(value));
        }
        text = text.replace("\\n", "\n").replace("\\t", "\t").replace("%%", "%");
        return new Result(0, text, "");
    }

    /** A director whose socket another user may not open. */
    private static final class RefusingClient implements DirectorClient {
        @Override
        public <T extends MessageLite> T call(String method, MessageLite request, Parser<T> reply)
                throws CommandException {
            throw LocalSocketClient.permissionDenied();
        }
    }
}
