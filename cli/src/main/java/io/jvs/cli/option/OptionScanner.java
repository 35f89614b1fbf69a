package io.jvs.cli.option;

import io.jvs.cli.CommandException;
import io.jvs.cli.ExitCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes command-line words apart as popt 1.19 does (poptGetNextOpt without aliases): bundled short
 * options, "--name value", "--name=value", "-xvalue", "-x=value", words without a dash anywhere,
 * "--" as the end of the options.
 */
final class OptionScanner {
    private final List<String> words;
    private final List<String> rest = new ArrayList<>();
    private int next;
    private @Nullable String bundle;
    private boolean onlyRest;
    private @Nullable String argument;

    OptionScanner(List<String> words) {
        this.words = words;
    }

    /**
     * The next option, or null after the last one.
     *
     * @throws CommandException for an option that is unknown, or has an argument too few or too
     *     many
     */
    @Nullable Option next() throws CommandException {
        argument = null;
        while (bundle == null) {
            if (next == words.size()) {
                return null;
            }
            String word = words.get(next++);
            if (onlyRest || !word.startsWith("-") || word.length() == 1) {
                rest.add(word);
            } else if (word.equals("--")) {
                onlyRest = true;
            } else if (word.startsWith("--")) {
                return longOption(word);
            } else {
                bundle = word.substring(1);
            }
        }
        return shortOption(bundle);
    }

    private Option longOption(String word) throws CommandException {
        int equals = word.indexOf('=');
        Option option = Option.ofLongName(word.substring(2, equals < 0 ? word.length() : equals));
        if (option == null) {
            throw error("unknown option");
        }
        take(option, equals < 0 ? null : word.substring(equals + 1));
        return option;
    }

    private Option shortOption(String letters) throws CommandException {
        Option option = Option.ofShortName(letters.charAt(0));
        if (option == null) {
            throw error("unknown option");
        }
        String left = letters.substring(1);
        if (option.argument() == ArgumentKind.NONE && !left.startsWith("=")) {
            bundle = left.isEmpty() ? null : left;
            return option;
        }
        bundle = null;
        take(option, left.isEmpty() ? null : left.substring(left.startsWith("=") ? 1 : 0));
        return option;
    }

    private void take(Option option, @Nullable String attached) throws CommandException {
        if (option.argument() == ArgumentKind.NONE) {
            if (attached != null) {
                throw error("option does not take an argument");
            }
        } else if (attached != null) {
            argument = attached;
        } else if (next < words.size()) {
            if (option.argument() == ArgumentKind.REQUIRED || !words.get(next).startsWith("-")) {
                argument = words.get(next++);
            }
        } else if (option.argument() == ArgumentKind.REQUIRED) {
            throw error("missing argument");
        }
    }

    private CommandException error(String what) {
        return new CommandException(ExitCode.REFUSED, lastWord() + ": " + what);
    }

    /** The argument of the option that {@link #next} returned, or null. */
    @Nullable String argument() {
        return argument;
    }

    /** The word that was looked at last; what popt names in its messages. */
    String lastWord() {
        return words.get(next - 1);
    }

    /** The words that belong to no option. */
    List<String> rest() {
        return rest;
    }
}
