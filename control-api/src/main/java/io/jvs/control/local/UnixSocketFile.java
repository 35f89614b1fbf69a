package io.jvs.control.local;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file of a Unix-domain server socket. It is bound in a directory that only its owner may
 * enter, given its mode, and then renamed to its place: nobody can connect before the mode is
 * right, and a file that a dead process left is replaced.
 */
public final class UnixSocketFile implements AutoCloseable {
    private final Path place;
    private final Path directory;
    private final Path bindPath;

    private UnixSocketFile(Path place, Path directory) {
        this.place = place;
        this.directory = directory;
        this.bindPath = directory.resolve("s");
    }

    /**
     * Prepares a socket file.
     *
     * @param place where it will be
     * @throws IOException when something listens there already, or the directory cannot be written
     */
    public static UnixSocketFile prepare(Path place) throws IOException {
        Path absolute = place.toAbsolutePath();
        if (isAlive(absolute)) {
            throw new IOException(
                    "another director answers on "
                            + absolute
                            + "; stop it, or give this one another socket");
        }
        try {
            Path parent = absolute.getParent();
            if (parent == null || Files.isDirectory(absolute)) {
                throw new IOException("the socket path " + absolute + " is a directory");
            }
            Files.createDirectories(parent);
            return new UnixSocketFile(absolute, Files.createTempDirectory(parent, ".jvs-"));
        } catch (java.nio.file.FileSystemException e) {
            throw new IOException("the socket " + absolute + " cannot be made: " + e, e);
        }
    }

    private static boolean isAlive(Path place) {
        if (!Files.exists(place)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(place));
        } catch (IOException e) {
            return false;
        }
    }

    /** What to bind to. */
    public UnixDomainSocketAddress bindAddress() {
        return UnixDomainSocketAddress.of(bindPath);
    }

    /**
     * Puts the bound socket in its place.
     *
     * @param group group that may use it too, empty for the owner only
     */
    public void publish(String group) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(bindPath, PosixFileAttributeView.class);
        view.setPermissions(
                PosixFilePermissions.fromString(group.isEmpty() ? "rw-------" : "rw-rw----"));
        if (!group.isEmpty()) {
            GroupPrincipal principal =
                    bindPath.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByGroupName(group);
            view.setGroup(principal);
        }
        Files.move(
                bindPath,
                place,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(directory);
    }

    /** Removes the file. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(bindPath);
        Files.deleteIfExists(directory);
        Files.deleteIfExists(place);
    }
}
