package io.jvs.bench.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * As much of a shell as the recorded command lines use: lists, pipes, redirections, quotes,
 * variables, command substitution and for loops.
 */
final class Shell {
    /**
     * What a command did.
     *
     * @param code exit code
     * @param out standard output
     * @param err standard error
     */
    record Result(int code, String out, String err) {
        static final Result OK = new Result(0, "", "");

        Result then(Result next) {
            return new Result(next.code, out + next.out, err + next.err);
        }
    }

    /** Runs one command that is not the shell's own. */
    interface Programs {
        Result run(List<String> words, String in);
    }

    private final Programs programs;
    private final VirtualFiles files;
    private final Map<String, String> variables = new HashMap<>();
    private final ShellWords words;

    Shell(Programs programs, VirtualFiles files) {
        this.programs = programs;
        this.files = files;
        this.words = new ShellWords(variables, command -> run(command).out(), files);
    }

    /** Runs a line. */
    Result run(String line) {
        return list(ShellLexer.tokens(line), "");
    }

    private Result list(List<String> tokens, String in) {
        Result all = Result.OK;
        String joint = ";";
        int from = 0;
        while (from < tokens.size()) {
            int to = end(tokens, from);
            boolean skip =
                    joint.equals("&&") && all.code() != 0 || joint.equals("||") && all.code() == 0;
            if (!skip && to > from) {
                all = all.then(pipeline(tokens.subList(from, to), in));
            }
            joint = to < tokens.size() ? tokens.get(to) : ";";
            from = to + 1;
        }
        return all;
    }

    /** Where the pipeline that begins at {@code from} ends; a loop is one command. */
    private static int end(List<String> tokens, int from) {
        int depth = 0;
        for (int i = from; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (token.equals("for")) {
                depth++;
            } else if (token.equals("done")) {
                depth--;
            } else if (depth == 0 && List.of(";", "&&", "||", "\n").contains(token)) {
                return i;
            }
        }
        return tokens.size();
    }

    private Result pipeline(List<String> tokens, String in) {
        if (tokens.getFirst().equals("for")) {
            return loop(tokens, in);
        }
        Result result = Result.OK;
        String input = in;
        String errors = "";
        int from = 0;
        for (int i = 0; i <= tokens.size(); i++) {
            if (i == tokens.size() || tokens.get(i).equals("|")) {
                result = command(tokens.subList(from, i), input);
                input = result.out();
                errors += result.err();
                from = i + 1;
            }
        }
        return new Result(result.code(), result.out(), errors);
    }

    private Result loop(List<String> tokens, String in) {
        int body = tokens.indexOf("do");
        List<String> values = new ArrayList<>();
        for (String token : tokens.subList(3, body - 1)) {
            values.addAll(words.expand(token));
        }
        Result all = Result.OK;
        for (String value : values) {
            variables.put(tokens.get(1), value);
            all = all.then(list(tokens.subList(body + 1, tokens.lastIndexOf("done")), in));
        }
        return all;
    }

    private Result command(List<String> tokens, String in) {
        List<String> arguments = new ArrayList<>();
        Map<String, String> redirections = new HashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (token.equals("2>&1")) {
                redirections.put(token, "");
            } else if (ShellLexer.isOperator(token) && i + 1 < tokens.size()) {
                redirections.put(token, words.one(tokens.get(++i)));
            } else {
                arguments.addAll(words.expand(token));
            }
        }
        String input = in;
        if (redirections.containsKey("<")) {
            String path = redirections.get("<");
            String contents = files.read(path);
            if (contents == null) {
                return new Result(1, "", "sh: line 1: " + path + ": No such file or directory\n");
            }
            input = contents;
        }
        return redirect(programs.run(arguments, input), redirections);
    }

    private Result redirect(Result result, Map<String, String> redirections) {
        String out = result.out();
        String err = result.err();
        if (redirections.containsKey("2>&1")) {
            out += err;
            err = "";
        }
        for (Map.Entry<String, String> redirection : redirections.entrySet()) {
            boolean append = redirection.getKey().endsWith(">>");
            if (redirection.getKey().startsWith("2>") && !redirection.getKey().endsWith("&1")) {
                files.write(redirection.getValue(), err, append);
                err = "";
            } else if (redirection.getKey().startsWith(">")) {
                if (!files.write(redirection.getValue(), out, append)) {
                    return new Result(1, "", "sh: line 1: echo: write error: Invalid argument\n");
                }
                out = "";
            }
        }
        return new Result(result.code(), out, err);
    }
}
