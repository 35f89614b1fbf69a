package io.jvs.bench.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Expands a shell word: quotes, variables, command substitution, globs over virtual files. */
final class ShellWords {
    private final Map<String, String> variables;
    private final UnaryOperator<String> substitute;
    private final VirtualFiles files;

    /**
     * An expander.
     *
     * @param variables values by name
     * @param substitute runs a command and gives what it printed
     * @param files what globs match
     */
    ShellWords(
            Map<String, String> variables, UnaryOperator<String> substitute, VirtualFiles files) {
        this.variables = variables;
        this.substitute = substitute;
        this.files = files;
    }

    /** The words that a token stands for. */
    List<String> expand(String token) {
        boolean quoted = token.indexOf('\'') >= 0 || token.indexOf('"') >= 0;
        String value = value(token, false);
        if (quoted) {
            return List.of(value);
        }
        if (value.indexOf('*') >= 0) {
            List<String> found = files.glob(value);
            return found.isEmpty() ? List.of(value) : found;
        }
        List<String> words = new ArrayList<>();
        for (String word : value.split("[ \t\n]+", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    /** A token as one word. */
    String one(String token) {
        return value(token, false);
    }

    private String value(String text, boolean inQuotes) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int end;
            if (c == '\'' && !inQuotes) {
                end = text.indexOf('\'', i + 1);
                out.append(text, i + 1, end);
                i = end + 1;
            } else if (c == '"' && !inQuotes) {
                end = endOfQuotes(text, i);
                out.append(value(text.substring(i + 1, end), true));
                i = end + 1;
            } else if (c == '\\') {
                i = escape(text, i, inQuotes, out);
            } else if (c == '$') {
                i = substitution(text, i, out);
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    private static int endOfQuotes(String text, int from) {
        int i = from + 1;
        while (i < text.length() && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i, text.length());
    }

    private static int escape(String text, int at, boolean inQuotes, StringBuilder out) {
        if (at + 1 == text.length()) {
            out.append('\\');
            return at + 1;
        }
        char next = text.charAt(at + 1);
        if (inQuotes && "$`\"\\\n".indexOf(next) < 0) {
            out.append('\\');
        }
        out.append(next);
        return at + 2;
    }

    private int substitution(String text, int at, StringBuilder out) {
        if (text.startsWith("$(", at)) {
            int end = text.lastIndexOf(')');
            out.append(substitute.apply(text.substring(at + 2, end)).replaceAll("\n+$", ""));
            return end + 1;
        }
        if (text.startsWith("${", at)) {
            int end = text.indexOf('}', at);
            out.append(parameter(text.substring(at + 2, end)));
            return end + 1;
        }
        int end = at + 1;
        while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
            end++;
        }
        if (end == at + 1) {
            out.append('$');
        } else {
            out.append(variables.getOrDefault(text.substring(at + 1, end), ""));
        }
        return end;
    }

    /** A name, or a name with ## and a pattern that ends with a star and one character. */
    private String parameter(String text) {
        int cut = text.indexOf("##*");
        if (cut < 0) {
            return variables.getOrDefault(text, "");
        }
        String value = variables.getOrDefault(text.substring(0, cut), "");
        String separator = text.substring(cut + 3);
        int last = value.lastIndexOf(separator);
        return last < 0 ? value : value.substring(last + separator.length());
    }
}
