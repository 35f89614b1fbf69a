package io.jvs.cli;

import io.jvs.proto.v1.ListMarkRulesRequest;
import io.jvs.proto.v1.MarkRule;
import io.jvs.proto.v1.MarkRules;
import io.jvs.proto.v1.SetMarkRulesRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code jvs mark}: the rules that give packets a firewall mark. */
final class MarkCommand {
    private static final int PRECONDITION = 9;
    private static final int MOST_TRIES = 100;

    private static final String USAGE =
            """
            usage: jvs mark [list]                     show the rules with their numbers
                   jvs mark add [--at NUMBER] RULE     add a rule at the end, or at a place
                   jvs mark replace NUMBER RULE        another rule in the place of one
                   jvs mark delete NUMBER | RULE       delete a rule
                   jvs mark clear                      delete all rules
                   jvs mark save                       show the rules as load takes them
                   jvs mark load [FILE]                set all rules at once; - is standard input
              RULE is [-p tcp|udp|sctp] [-s PREFIX] [-d PREFIX] [--sport PORT[:PORT]]
                      [--dport PORT[:PORT]] --mark MARK
              What is left out fits every packet. Of all rules that fit a packet the last wins; mark 0
              takes the mark of an earlier rule away. Services of a mark: jvsadm -A -f MARK ...
            """;

    private final PrintStream out;
    private final DirectorClient director;

    MarkCommand(PrintStream out, DirectorClient director) {
        this.out = out;
        this.director = director;
    }

    /** Does what the arguments say; the exit code. */
    int run(List<String> arguments, InputStream in) throws CommandException, DirectorException {
        String verb = arguments.isEmpty() ? "list" : arguments.getFirst();
        List<String> rest =
                arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
        switch (verb) {
            case "list" -> {
                none(rest);
                list(rules().getMarkRulesList());
            }
            case "save" -> {
                none(rest);
                rules().getMarkRulesList()
                        .forEach(rule -> out.print("add " + MarkRuleText.format(rule) + "\n"));
            }
            case "add" -> add(rest);
            case "replace" -> {
                MarkRule rule =
                        MarkRuleText.parse(rest.isEmpty() ? rest : rest.subList(1, rest.size()));
                change(rules -> rules.set(index(rest.getFirst(), rules.size()), rule));
            }
            case "delete" -> delete(rest);
            case "clear" -> {
                none(rest);
                set(SetMarkRulesRequest.newBuilder());
            }
            case "load" -> set(SetMarkRulesRequest.newBuilder().addAllMarkRules(read(rest, in)));
            case "-h", "--help", "help" -> out.print(USAGE);
            default -> throw wrong("'" + verb + "' is not one of its commands");
        }
        return ExitCode.OK;
    }

    private static void none(List<String> words) throws CommandException {
        if (!words.isEmpty()) {
            throw wrong("'" + words.getFirst() + "' is one word too many");
        }
    }

    private static CommandException wrong(String message) {
        return CommandException.argument("jvs mark: " + message + "\n" + USAGE.stripTrailing());
    }

    private void add(List<String> words) throws CommandException, DirectorException {
        boolean placed = words.size() > 1 && words.getFirst().equals("--at");
        MarkRule rule = MarkRuleText.parse(placed ? words.subList(2, words.size()) : words);
        if (placed) {
            change(rules -> rules.add(index(words.get(1), rules.size() + 1), rule));
        } else {
            change(rules -> rules.add(rule));
        }
    }

    private void delete(List<String> words) throws CommandException, DirectorException {
        if (words.size() == 1) {
            change(rules -> rules.remove(index(words.getFirst(), rules.size())));
            return;
        }
        MarkRule rule = MarkRuleText.parse(words);
        change(rules -> {
            if (!rules.remove(rule)) {
                throw new CommandException(
                        JvsMain.FAILED,
                        "jvs mark: there is no rule '" + MarkRuleText.format(rule) + "'");
            }
        });
    }

    /** Where the rule of a number is in the list. */
    private static int index(String text, int most) throws CommandException {
        long number = MarkRuleText.number(text, most);
        if (number < 1) {
            throw new CommandException(
                    JvsMain.FAILED,
                    "jvs mark: '" + text + "' is not the number of a rule; the last is " + most);
        }
        return (int) number - 1;
    }

    private MarkRules rules() throws CommandException, DirectorException {
        return director.call(
                "ListMarkRules", ListMarkRulesRequest.getDefaultInstance(), MarkRules.parser());
    }

    private void set(SetMarkRulesRequest.Builder request)
            throws CommandException, DirectorException {
        director.call("SetMarkRules", request.build(), MarkRules.parser());
    }

    /** What is done to a copy of the rules. */
    private interface Edit {
        void apply(List<MarkRule> rules) throws CommandException;
    }

    /** Changes the rules; where another client changed them meanwhile, once more on its rules. */
    private void change(Edit edit) throws CommandException, DirectorException {
        for (int turn = 1; ; turn++) {
            MarkRules before = rules();
            List<MarkRule> after = new ArrayList<>(before.getMarkRulesList());
            edit.apply(after);
            try {
                set(SetMarkRulesRequest.newBuilder().addAllMarkRules(after).setExpected(before));
                return;
            } catch (DirectorException e) {
                if (e.code() != PRECONDITION || turn == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private void list(List<MarkRule> rules) {
        row("Num", "Prot", "Source", "Destination", "Sports", "Dports", "Mark");
        for (int i = 0; i < rules.size(); i++) {
            MarkRule rule = rules.get(i);
            row(
                    Integer.toString(i + 1),
                    MarkRuleText.protocol(rule.getProtocol()),
                    rule.getSource(),
                    rule.getDestination(),
                    rule.getSourcePorts(),
                    rule.getDestinationPorts(),
                    Integer.toUnsignedString(rule.getMark()));
        }
    }

    private void row(String... cells) {
        int[] widths = {4, 5, 19, 19, 12, 12, 0};
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            String cell = cells[i].isEmpty() ? "all" : cells[i];
            line.append(cell);
            if (i + 1 < cells.length) {
                line.append(" ".repeat(Math.max(1, widths[i] - cell.length())));
            }
        }
        out.print(line.append('\n'));
    }

    private static List<MarkRule> read(List<String> words, InputStream in) throws CommandException {
        String file = words.isEmpty() ? "-" : words.getFirst();
        none(words.isEmpty() ? words : words.subList(1, words.size()));
        List<MarkRule> rules = new ArrayList<>();
        List<String> lines = lines(file, in);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            List<String> rule = Arrays.asList(line.split("\\s+"));
            try {
                boolean named = rule.getFirst().equals("add");
                rules.add(MarkRuleText.parse(named ? rule.subList(1, rule.size()) : rule));
            } catch (CommandException e) {
                throw CommandException.argument(
                        e.getMessage()
                                + "\n"
                                + file
                                + ":"
                                + (i + 1)
                                + ": "
                                + line
                                + "\nNothing was changed.");
            }
        }
        return rules;
    }

    private static List<String> lines(String file, InputStream in) throws CommandException {
        try {
            byte[] bytes = file.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(file));
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException(
                    JvsMain.FAILED, "jvs mark: '" + file + "' cannot be read: " + e);
        }
    }
}
