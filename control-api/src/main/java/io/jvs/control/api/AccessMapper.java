package io.jvs.control.api;

import static io.jvs.control.api.RuleReader.invalid;

import io.jvs.director.Operation;
import io.jvs.director.RefusedException;
import io.jvs.proto.v1.ChangeAccessEntriesRequest;
import io.jvs.proto.v1.ListAccessEntriesRequest;
import io.jvs.proto.v1.ListAccessEntriesResponse;
import io.jvs.service.AccessEntry;
import io.jvs.service.AccessList;
import io.jvs.service.AddressPrefix;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Access lists between the API and the director. */
final class AccessMapper {
    private static final int DEFAULT_PAGE = 1000;
    private static final int MAX_PAGE = 100_000;

    private AccessMapper() {}

    /** A list from its message, files read. */
    static AccessList read(io.jvs.proto.v1.AccessList message) throws RefusedException {
        List<AccessEntry> entries = new ArrayList<>();
        for (String file : message.getFilesList()) {
            readFile(file, entries);
        }
        for (String prefix : message.getAllowList()) {
            entries.add(new AccessEntry(prefix(prefix), true));
        }
        for (String prefix : message.getDenyList()) {
            entries.add(new AccessEntry(prefix(prefix), false));
        }
        return AccessList.of(entries);
    }

    private static void readFile(String file, List<AccessEntry> entries) throws RefusedException {
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(Path.of(file))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                int comment = line.indexOf('#');
                String text = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (!text.isEmpty()) {
                    entries.add(AccessEntry.parse(text));
                }
            }
        } catch (IOException | InvalidPathException e) {
            throw invalid("access_list.files: '" + file + "' cannot be read: " + e);
        } catch (IllegalArgumentException e) {
            throw invalid("access_list.files: " + file + " line " + number + ": " + e.getMessage());
        }
    }

    private static AddressPrefix prefix(String text) throws RefusedException {
        try {
            return AddressPrefix.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid("access_list: " + e.getMessage());
        }
    }

    /** A list with its entries. */
    static io.jvs.proto.v1.AccessList write(AccessList list) {
        io.jvs.proto.v1.AccessList.Builder message = io.jvs.proto.v1.AccessList.newBuilder();
        for (int i = 0; i < list.size(); i++) {
            AccessEntry entry = list.entry(i);
            if (entry.allowed()) {
                message.addAllow(entry.prefix().toString());
            } else {
                message.addDeny(entry.prefix().toString());
            }
        }
        return message.build();
    }

    /** What a listing of services says of a list. */
    static io.jvs.proto.v1.AccessList summary(AccessList list) {
        return io.jvs.proto.v1.AccessList.newBuilder().setSize(list.size()).build();
    }

    static Operation.ChangeAccess change(ChangeAccessEntriesRequest request)
            throws RefusedException {
        List<AddressPrefix> gone = new ArrayList<>(request.getDeleteCount());
        for (String text : request.getDeleteList()) {
            gone.add(prefix(text));
        }
        List<AccessEntry> added = new ArrayList<>(request.getAddCount());
        for (String text : request.getAddList()) {
            try {
                added.add(AccessEntry.parse(text));
            } catch (IllegalArgumentException e) {
                throw invalid(String.valueOf(e.getMessage()));
            }
        }
        return new Operation.ChangeAccess(
                ResourceName.service(request.getParent()), request.getReplace(), gone, added);
    }

    static ListAccessEntriesResponse page(AccessList list, ListAccessEntriesRequest request)
            throws RefusedException {
        int wanted = request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize();
        Page page = Page.of(wanted, request.getPageToken(), list.size(), MAX_PAGE);
        ListAccessEntriesResponse.Builder reply = ListAccessEntriesResponse.newBuilder();
        for (int i = page.from(); i < page.to(); i++) {
            reply.addEntries(list.entry(i).toString());
        }
        return reply.setSize(list.size()).setNextPageToken(page.next(list.size())).build();
    }
}
