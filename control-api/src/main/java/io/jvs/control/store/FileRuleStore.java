package io.jvs.control.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jvs.control.api.MarkMapper;
import io.jvs.control.api.RuleReader;
import io.jvs.control.api.RuleWriter;
import io.jvs.director.RefusedException;
import io.jvs.director.RuleStore;
import io.jvs.director.Rules;
import io.jvs.director.ServiceRule;
import io.jvs.director.TimeoutsSpec;
import io.jvs.proto.v1.StoredRules;
import io.jvs.service.ServiceGuard;
import io.jvs.service.Sysctls;
import io.jvs.service.VirtualService;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules in a directory: {@code rules} is in force, {@code rules.previous} was before. A file is a
 * magic line, a {@link StoredRules} message and the SHA-256 of both. A new state is written beside,
 * forced to disk and renamed over the old one (access lists before it, in files of their own), so
 * that a crash at any moment leaves the old or the new one whole. One director at a time: {@code
 * lock} is held while the store is open.
 */
public final class FileRuleStore implements RuleStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileRuleStore.class);
    private static final byte[] MAGIC = "JVS rules 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_BYTES = 32;

    private final Path directory;
    private final Path current;
    private final Path previous;
    private final Path next;
    private final FileChannel lockFile;
    private final AccessListFiles accessLists;

    /** Access lists that the present rules name. */
    private Set<String> accessNames = Set.of();

    private FileRuleStore(Path directory, FileChannel lockFile) {
        this.directory = directory;
        this.current = directory.resolve("rules");
        this.previous = directory.resolve("rules.previous");
        this.next = directory.resolve("rules.next");
        this.lockFile = lockFile;
        this.accessLists = new AccessListFiles(directory);
    }

    /**
     * Opens a directory, making it when it is not there.
     *
     * @throws IOException with a sentence when it cannot be used, or another director uses it
     */
    public static FileRuleStore open(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
            FileChannel file =
                    FileChannel.open(
                            directory.resolve("lock"),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            if (!isLocked(file)) {
                file.close();
                throw new IOException(
                        "another director uses the state directory "
                                + directory
                                + "; stop it, or give this one another state_directory");
            }
            return new FileRuleStore(directory, file);
        } catch (java.nio.file.FileSystemException e) {
            throw new IOException(
                    "the state directory "
                            + directory
                            + " cannot be used ("
                            + e
                            + "); give a state_directory that can be written",
                    e);
        }
    }

    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null && lock.isValid();
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void save(Rules rules) throws IOException {
        try {
            Set<String> names = new HashSet<>();
            byte[] bytes = encode(rules, names);
            write(next, bytes);
            keepPrevious();
            Files.move(next, current, StandardCopyOption.ATOMIC_MOVE);
            force(directory);
            forgetAccessLists(names);
        } catch (IOException e) {
            throw new IOException("writing " + current + " failed: " + e, e);
        }
    }

    /** The files of access lists stay while the rules or those before them name them. */
    private void forgetAccessLists(Set<String> names) throws IOException {
        Set<String> inUse = new HashSet<>(names);
        inUse.addAll(accessNames);
        accessNames = names;
        accessLists.forgetOthers(inUse);
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** The present file under its second name; it keeps the first one all the while. */
    private void keepPrevious() throws IOException {
        if (!Files.exists(current)) {
            return;
        }
        Path link = directory.resolve("rules.link");
        Files.deleteIfExists(link);
        Files.createLink(link, current);
        Files.move(link, previous, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * The last good rules, or null when there are none. A damaged file is put aside as {@code
     * rules.damaged} and said so.
     */
    public @Nullable Rules load() throws IOException {
        Set<String> names = new HashSet<>();
        Rules rules = load(current, names);
        accessNames = names;
        if (rules != null) {
            return rules;
        }
        boolean damaged = Files.exists(current);
        if (damaged) {
            Files.move(
                    current,
                    directory.resolve("rules.damaged"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Rules before = load(previous, names);
        if (before != null) {
            LOG.error(
                    "{} is {}; starting with the last good rules, generation {}, from {}{}",
                    current,
                    damaged ? "damaged" : "missing",
                    before.generation(),
                    previous,
                    damaged ? "; the damaged file is kept as rules.damaged" : "");
        } else if (damaged) {
            LOG.error("{} is damaged and there is no good one before it; no rules kept", current);
        }
        return before;
    }

    private @Nullable Rules load(Path file, Set<String> names) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return null;
        }
        try {
            return decode(bytes, names);
        } catch (RefusedException | IOException e) {
            LOG.error("{} cannot be read: {}", file, e.getMessage());
            return null;
        }
    }

    private byte[] encode(Rules rules, Set<String> names) throws IOException {
        StoredRules.Builder message =
                StoredRules.newBuilder()
                        .setGeneration(rules.generation())
                        .setTimeouts(RuleWriter.timeouts(rules.timeouts()))
                        .addAllMarkRules(MarkMapper.write(rules.marks()))
                        .putAllSysctls(rules.sysctls().changedByName())
                        .setConfiguredRulesSha256(
                                ByteString.copyFrom(HexFormat.of().parseHex(rules.origin())));
        for (ServiceRule rule : rules.services().values()) {
            String access = accessLists.keep(rule.service().guard().access());
            names.add(access);
            message.addVirtualServices(RuleWriter.kept(rule, access));
        }
        names.remove("");
        byte[] payload = message.build().toByteArray();
        int length = MAGIC.length + payload.length;
        byte[] file = Arrays.copyOf(MAGIC, length + HASH_BYTES);
        System.arraycopy(payload, 0, file, MAGIC.length, payload.length);
        System.arraycopy(sha256(file, length), 0, file, length, HASH_BYTES);
        return file;
    }

    private Rules decode(byte[] file, Set<String> names) throws RefusedException, IOException {
        int length = file.length - HASH_BYTES;
        if (length < MAGIC.length
                || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                || !Arrays.equals(
                        sha256(file, length), Arrays.copyOfRange(file, length, file.length))) {
            throw new InvalidProtocolBufferException(
                    "its checksum is wrong (" + file.length + " bytes)");
        }
        StoredRules message =
                StoredRules.parser().parseFrom(file, MAGIC.length, length - MAGIC.length);
        List<ServiceRule> rules = new ArrayList<>(message.getVirtualServicesCount());
        for (io.jvs.proto.v1.VirtualService service : message.getVirtualServicesList()) {
            rules.add(withAccessList(RuleReader.rule(service), service, names));
        }
        return Rules.of(
                        message.getGeneration(),
                        rules,
                        TimeoutsSpec.DEFAULT.with(RuleReader.timeouts(message.getTimeouts())))
                .withMarks(MarkMapper.read(message.getMarkRulesList()))
                .withSysctls(sysctls(message.getSysctlsMap()))
                .withOrigin(
                        HexFormat.of().formatHex(message.getConfiguredRulesSha256().toByteArray()));
    }

    private ServiceRule withAccessList(
            ServiceRule rule, io.jvs.proto.v1.VirtualService message, Set<String> names)
            throws IOException {
        String name = message.getAccessList().getSha256();
        if (name.isEmpty()) {
            return rule;
        }
        names.add(name);
        VirtualService service = rule.service();
        ServiceGuard guard = service.guard().withAccess(accessLists.load(name));
        return rule.withService(service.withGuard(guard));
    }

    /** A setting that this version does not have is left out: the services matter more. */
    private static Sysctls sysctls(Map<String, String> kept) {
        Sysctls sysctls = Sysctls.INITIAL;
        for (Map.Entry<String, String> each : kept.entrySet()) {
            try {
                sysctls = sysctls.with(Map.of(each.getKey(), each.getValue()));
            } catch (IllegalArgumentException e) {
                LOG.warn("a kept setting is left out: {}", e.getMessage());
            }
        }
        return sysctls;
    }

    private static byte[] sha256(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Gives the directory free. */
    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
