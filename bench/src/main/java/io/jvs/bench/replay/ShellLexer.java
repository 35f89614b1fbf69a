package io.jvs.bench.replay;

import java.util.ArrayList;
import java.util.List;

/** Cuts a shell line into words and operators; quotes and substitutions stay in the words. */
final class ShellLexer {
    private static final List<String> OPERATORS =
            List.of("2>&1", "2>>", "2>", "&&", "||", ">>", ";", "|", "<", ">", "\n");

    private final String line;
    private final List<String> tokens = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private int at;

    private ShellLexer(String line) {
        this.line = line;
    }

    /** The tokens of a line, in order. */
    static List<String> tokens(String line) {
        return new ShellLexer(line).run();
    }

    static boolean isOperator(String token) {
        return OPERATORS.contains(token);
    }

    private List<String> run() {
        while (at < line.length()) {
            char c = line.charAt(at);
            String operator = operator();
            if (c == ' ' || c == '\t') {
                end();
                at++;
            } else if (!operator.isEmpty()) {
                end();
                tokens.add(operator);
                at += operator.length();
            } else if (c == '#' && word.isEmpty()) {
                at = line.length();
            } else {
                takePart(c);
            }
        }
        end();
        return tokens;
    }

    private String operator() {
        for (String operator : OPERATORS) {
            boolean ofWord = operator.charAt(0) == '2' && !word.isEmpty();
            if (!ofWord && line.startsWith(operator, at)) {
                return operator;
            }
        }
        return "";
    }

    private void takePart(char c) {
        int end =
                switch (c) {
                    case '\'' -> line.indexOf('\'', at + 1) + 1;
                    case '"' -> endOfQuotes();
                    case '\\' -> Math.min(at + 2, line.length());
                    case '$' -> endOfSubstitution();
                    default -> at + 1;
                };
        int until = end <= at ? line.length() : end;
        word.append(line, at, until);
        at = until;
    }

    private int endOfQuotes() {
        int i = at + 1;
        while (i < line.length() && line.charAt(i) != '"') {
            i += line.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private int endOfSubstitution() {
        char open = at + 1 < line.length() ? line.charAt(at + 1) : ' ';
        if (open != '(' && open != '{') {
            return at + 1;
        }
        char close = open == '(' ? ')' : '}';
        int depth = 0;
        for (int i = at + 1; i < line.length(); i++) {
            if (line.charAt(i) == open) {
                depth++;
            } else if (line.charAt(i) == close && --depth == 0) {
                return i + 1;
            }
        }
        return line.length();
    }

    private void end() {
        if (!word.isEmpty()) {
            tokens.add(word.toString());
            word.setLength(0);
        }
    }
}
