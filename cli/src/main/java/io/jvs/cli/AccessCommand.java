package io.jvs.cli;

import io.jvs.proto.v1.AccessList;
import io.jvs.proto.v1.ChangeAccessEntriesRequest;
import io.jvs.proto.v1.ListAccessEntriesRequest;
import io.jvs.proto.v1.ListAccessEntriesResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code jvs acl}: which clients may open connections to a service. */
final class AccessCommand {
    private static final String COMMAND = "jvs acl";
    private static final int PAGE = 100_000;
    private static final String USAGE =
            """
            usage: jvs acl SERVICE [list]                        show the entries, as load takes them
                   jvs acl SERVICE add [allow|deny] PREFIX...    add entries; deny when left out
                   jvs acl SERVICE delete PREFIX...              delete entries
                   jvs acl SERVICE load [FILE]                   set all entries at once; - is standard input
                   jvs acl SERVICE clear                         delete all entries
              SERVICE is 192.0.2.1:80, [2001:db8::1]:53/udp or fwm:7. The entry with the longest prefix
              decides. Clients that no entry names may connect, unless some entry of their family allows.
              A FILE has a line each of: deny PREFIX, allow PREFIX or PREFIX; # begins a comment.
            """;

    private final PrintStream out;
    private final DirectorClient director;

    AccessCommand(PrintStream out, DirectorClient director) {
        this.out = out;
        this.director = director;
    }

    /** Does what the arguments say; the exit code. */
    int run(List<String> arguments, InputStream in) throws CommandException, DirectorException {
        String first = arguments.isEmpty() ? "" : arguments.getFirst();
        if (first.equals("-h") || first.equals("--help")) {
            out.print(USAGE);
            return ExitCode.OK;
        }
        if (first.isEmpty()) {
            throw wrong("it needs a service");
        }
        String parent = ServiceWord.parse(COMMAND, first).name();
        String verb = arguments.size() < 2 ? "list" : arguments.get(1);
        List<String> rest = arguments.subList(Math.min(2, arguments.size()), arguments.size());
        ChangeAccessEntriesRequest.Builder change =
                ChangeAccessEntriesRequest.newBuilder().setParent(parent);
        switch (verb) {
            case "list", "save" -> {
                most(rest, 0);
                list(parent);
                return ExitCode.OK;
            }
            case "add" -> change.addAllAdd(entries(rest));
            case "delete", "del" -> change.addAllDelete(needed(rest));
            case "load" -> {
                most(rest, 1);
                change.setReplace(true).addAllAdd(read(rest.isEmpty() ? "-" : rest.getFirst(), in));
            }
            case "clear" -> {
                most(rest, 0);
                change.setReplace(true);
            }
            default -> throw wrong("'" + verb + "' is not one of its commands");
        }
        director.call("ChangeAccessEntries", change.build(), AccessList.parser());
        return ExitCode.OK;
    }

    private static CommandException wrong(String message) {
        return CommandException.argument(COMMAND + ": " + message + "\n" + USAGE.stripTrailing());
    }

    private static void most(List<String> words, int count) throws CommandException {
        if (words.size() > count) {
            throw wrong("'" + words.get(count) + "' is one word too many");
        }
    }

    private static List<String> needed(List<String> prefixes) throws CommandException {
        if (prefixes.isEmpty()) {
            throw wrong("it needs a prefix");
        }
        return prefixes;
    }

    private static List<String> entries(List<String> words) throws CommandException {
        String verdict = "deny ";
        List<String> entries = new ArrayList<>();
        for (String word : words) {
            if (word.equals("allow") || word.equals("deny")) {
                verdict = word + " ";
            } else {
                entries.add(verdict + word);
            }
        }
        return needed(entries);
    }

    private void list(String parent) throws CommandException, DirectorException {
        String token = "";
        do {
            ListAccessEntriesResponse page =
                    director.call(
                            "ListAccessEntries",
                            ListAccessEntriesRequest.newBuilder()
                                    .setParent(parent)
                                    .setPageSize(PAGE)
                                    .setPageToken(token)
                                    .build(),
                            ListAccessEntriesResponse.parser());
            page.getEntriesList().forEach(entry -> out.print(entry + "\n"));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
    }

    private static List<String> read(String file, InputStream in) throws CommandException {
        List<String> entries = new ArrayList<>();
        try (BufferedReader lines =
                file.equals("-")
                        ? new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                        : Files.newBufferedReader(Path.of(file))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int comment = line.indexOf('#');
                String text = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (!text.isEmpty()) {
                    entries.add(text);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException(
                    JvsMain.FAILED, COMMAND + ": '" + file + "' cannot be read: " + e);
        }
        return entries;
    }
}
