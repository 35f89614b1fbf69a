package io.jvs.control.local;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jvs.control.api.DirectorMethods;
import io.jvs.control.api.Method;
import io.jvs.control.api.StatusCode;
import io.jvs.director.RefusedException;
import io.jvs.director.RefusedException.Reason;
import io.jvs.proto.v1.LocalReply;
import io.jvs.proto.v1.LocalRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the methods on a Unix-domain socket (docs/design/005-local-socket.md): a request is 4
 * bytes of length, big endian, and a {@link LocalRequest}; the reply likewise a {@link LocalReply}.
 * One virtual thread a connection.
 */
public final class LocalEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalEndpoint.class);

    /** Longest request. */
    static final int MAX_REQUEST_BYTES = 64 << 20;

    /** Most connections at a time; more wait in the kernel's queue. */
    private static final int MAX_CONNECTIONS = 256;

    private final DirectorMethods methods;
    private final UnixSocketFile file;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final Semaphore slots = new Semaphore(MAX_CONNECTIONS);

    private LocalEndpoint(
            DirectorMethods methods, UnixSocketFile file, ServerSocketChannel server) {
        this.methods = methods;
        this.file = file;
        this.server = server;
    }

    /**
     * Listens, and serves until it is closed.
     *
     * @param socket where
     * @param group group that may use it too, empty for the owner only
     */
    public static LocalEndpoint open(Path socket, String group, DirectorMethods methods)
            throws IOException {
        UnixSocketFile file = UnixSocketFile.prepare(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(file.bindAddress());
            file.publish(group);
        } catch (IOException e) {
            server.close();
            file.close();
            throw new IOException("the socket " + socket + " cannot be made: " + e, e);
        }
        LocalEndpoint endpoint = new LocalEndpoint(methods, file, server);
        Thread.ofPlatform().daemon().name("local-socket").start(endpoint::acceptAll);
        return endpoint;
    }

    private void acceptAll() {
        while (server.isOpen()) {
            slots.acquireUninterruptibly();
            try {
                SocketChannel connection = server.accept();
                connections.add(connection);
                Thread.ofVirtual().name("local-connection").start(() -> serve(connection));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                slots.release();
                LOG.warn("a connection on the local socket could not be taken", e);
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            boolean open = true;
            while (open) {
                open = serveOne(connection);
            }
        } catch (EOFException | ClosedChannelException e) {
            LOG.trace("a local connection ended", e);
        } catch (IOException e) {
            LOG.debug("a local connection broke", e);
        } finally {
            connections.remove(connection);
            slots.release();
        }
    }

    /** False when the connection must end. */
    private boolean serveOne(SocketChannel connection) throws IOException {
        int length = read(connection, Integer.BYTES).getInt();
        if (length < 0 || length > MAX_REQUEST_BYTES) {
            String message =
                    "a request of "
                            + Integer.toUnsignedString(length)
                            + " bytes is longer than "
                            + MAX_REQUEST_BYTES;
            send(connection, refusal(new RefusedException(Reason.INVALID, message)));
            return false;
        }
        byte[] bytes = read(connection, length).array();
        LocalRequest request;
        try {
            request = LocalRequest.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            String message = "the request cannot be read: " + e.getMessage();
            send(connection, refusal(new RefusedException(Reason.INVALID, message)));
            return false;
        }
        send(connection, answer(request));
        return true;
    }

    private LocalReply answer(LocalRequest request) {
        Method<?, ?> method = methods.find(request.getMethod());
        if (method == null) {
            return LocalReply.newBuilder()
                    .setCode(StatusCode.UNIMPLEMENTED)
                    .setMessage("'" + request.getMethod() + "' is not a method of this director")
                    .build();
        }
        try {
            return LocalReply.newBuilder()
                    .setPayload(method.handle(request.getPayload().toByteArray()).toByteString())
                    .build();
        } catch (RefusedException e) {
            return refusal(e);
        } catch (RuntimeException e) {
            LOG.error("{} failed", request.getMethod(), e);
            return refusal(new RefusedException(Reason.INTERNAL, "the director failed: " + e));
        }
    }

    private static LocalReply refusal(RefusedException e) {
        return LocalReply.newBuilder()
                .setCode(StatusCode.of(e.reason()))
                .setMessage(e.sentence())
                .setFailedOperation(e.operation())
                .build();
    }

    private static ByteBuffer read(SocketChannel connection, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (connection.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        return buffer.flip();
    }

    private static void send(SocketChannel connection, LocalReply reply) throws IOException {
        byte[] bytes = reply.toByteArray();
        ByteBuffer buffer =
                ByteBuffer.allocate(Integer.BYTES + bytes.length)
                        .putInt(bytes.length)
                        .put(bytes)
                        .flip();
        while (buffer.hasRemaining()) {
            connection.write(buffer);
        }
    }

    /** Stops listening and ends all connections. */
    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel connection : connections) {
            connection.close();
        }
        file.close();
    }
}
