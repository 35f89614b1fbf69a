package io.jvs.cli;

import io.jvs.cli.net.NameService;
import io.jvs.cli.option.Command;
import io.jvs.cli.option.CommandParser;
import io.jvs.cli.option.ParsedCommand;
import io.jvs.proto.v1.ApplyConfigRequest;
import io.jvs.proto.v1.ApplyConfigResponse;
import io.jvs.proto.v1.Operation;
import io.jvs.proto.v1.Operations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/**
 * ipvsadm -R as one transaction: all lines are read first, then applied in order, all or none. A
 * word {@code ipvsadm} is skipped wherever it stands, as ipvsadm does; from a word on that starts
 * with # a line is a comment.
 */
final class Restore {
    private final String program;
    private final CommandParser parser;
    private final Operations.Builder operations = Operations.newBuilder();
    private final List<String> lines = new ArrayList<>();
    private final List<Integer> lineNumbers = new ArrayList<>();

    Restore(String program, NameService names) {
        this.program = program;
        this.parser = new CommandParser(program, names);
    }

    void run(InputStream in, DirectorClient director) throws CommandException, DirectorException {
        read(in);
        if (operations.getOperationsCount() == 0) {
            return;
        }
        try {
            director.call(
                    "ApplyConfig",
                    ApplyConfigRequest.newBuilder().setOperations(operations).build(),
                    ApplyConfigResponse.parser());
        } catch (DirectorException e) {
            int failed = e.failedOperation();
            if (failed < 1 || failed > lines.size()) {
                throw e;
            }
            throw located(
                    new CommandException(ExitCode.REFUSED, e.getMessage()),
                    lineNumbers.get(failed - 1),
                    lines.get(failed - 1));
        }
    }

    private void read(InputStream in) throws CommandException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        try {
            int number = 1;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                List<String> words = words(line);
                if (!words.isEmpty()) {
                    readLine(words, number, line.strip());
                }
                number++;
            }
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.REFUSED, "the rules cannot be read: " + e.getMessage());
        }
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringTokenizer tokens = new StringTokenizer(line, " \t\r");
        while (tokens.hasMoreTokens()) {
            String word = tokens.nextToken();
            if (word.startsWith("#")) {
                return words;
            }
            if (!word.equals("ipvsadm") && !word.equals("jvsadm")) {
                words.add(word);
            }
        }
        return words;
    }

    private void readLine(List<String> words, int number, String line) throws CommandException {
        try {
            ParsedCommand parsed = parser.parse(words);
            Operation operation = Change.operation(parsed);
            if (operation.getOperationCase() == Operation.OperationCase.OPERATION_NOT_SET) {
                throw notAChange(parsed.command());
            }
            operations.addOperations(operation);
            lines.add(line);
            lineNumbers.add(number);
        } catch (CommandException e) {
            throw located(e, number, line);
        }
    }

    private static CommandException notAChange(Command command) {
        return CommandException.argument(
                "the '" + command.label() + "' command cannot be one of the rules of -R");
    }

    /** Names the line, unless only ipvsadm's own words are wanted. */
    private CommandException located(CommandException e, int number, String line) {
        if (program.equals("ipvsadm")) {
            return e;
        }
        return new CommandException(
                e.exitCode(),
                e.getMessage() + "\nline " + number + ": " + line + "\nNothing was changed.");
    }
}
