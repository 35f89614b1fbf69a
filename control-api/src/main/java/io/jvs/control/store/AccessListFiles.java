package io.jvs.control.store;

import io.jvs.service.AccessList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Access lists in files of their own, each named by the SHA-256 of its entries: a list that has not
 * changed is not written again with the rules, and one that two services have is there once.
 */
final class AccessListFiles {
    private static final String PREFIX = "access-";

    private final Path directory;

    /** Names of lists in use; a list's hash is worked out once. */
    private final Map<AccessList, String> names = new WeakHashMap<>();

    AccessListFiles(Path directory) {
        this.directory = directory;
    }

    /** Makes sure that a list is on disk; gives its name, empty for the empty list. */
    String keep(AccessList list) throws IOException {
        if (list.isEmpty()) {
            return "";
        }
        String known = names.get(list);
        if (known != null && Files.exists(file(known))) {
            return known;
        }
        byte[] bytes = list.toBytes();
        String name = sha256(bytes);
        if (!Files.exists(file(name))) {
            write(name, bytes);
        }
        names.put(list, name);
        return name;
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path next = directory.resolve(PREFIX + "next");
        try (FileChannel channel =
                FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(next, file(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * The list of that name.
     *
     * @throws IOException when it is not there or damaged
     */
    AccessList load(String name) throws IOException {
        if (name.isEmpty()) {
            return AccessList.EMPTY;
        }
        byte[] bytes = Files.readAllBytes(file(name));
        if (!sha256(bytes).equals(name)) {
            throw new IOException("the checksum of " + file(name) + " is wrong");
        }
        try {
            AccessList list = AccessList.ofBytes(bytes);
            names.put(list, name);
            return list;
        } catch (IllegalArgumentException e) {
            throw new IOException(file(name) + ": " + e.getMessage(), e);
        }
    }

    /** Removes the files that no rules name any more. */
    void forgetOthers(Collection<String> inUse) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path file : files) {
                String name = file.getFileName().toString().substring(PREFIX.length());
                if (!inUse.contains(name)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private Path file(String name) {
        return directory.resolve(PREFIX + name);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
