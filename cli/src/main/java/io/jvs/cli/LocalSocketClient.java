package io.jvs.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.jvs.proto.v1.LocalReply;
import io.jvs.proto.v1.LocalRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A director's local socket (docs/design/005-local-socket.md). Connects with the first call; used
 * by one thread.
 */
public final class LocalSocketClient implements DirectorClient, AutoCloseable {
    private static final int MOST_REPLY_BYTES = 1 << 30;

    private final Path socket;
    private @Nullable SocketChannel channel;

    /** The client of a socket file. */
    public LocalSocketClient(Path socket) {
        this.socket = socket;
    }

    @Override
    public <T extends MessageLite> T call(String method, MessageLite request, Parser<T> reply)
            throws DirectorException, CommandException {
        LocalRequest message =
                LocalRequest.newBuilder()
                        .setMethod(method)
                        .setPayload(request.toByteString())
                        .build();
        LocalReply answer = exchange(message);
        if (answer.getCode() != 0) {
            throw new DirectorException(
                    answer.getCode(), answer.getMessage(), answer.getFailedOperation());
        }
        try {
            return reply.parseFrom(answer.getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw broken(e);
        }
    }

    private LocalReply exchange(LocalRequest message) throws CommandException {
        SocketChannel open = connected();
        try {
            ByteBuffer request = ByteBuffer.allocate(Integer.BYTES + message.getSerializedSize());
            request.putInt(message.getSerializedSize()).put(message.toByteArray()).flip();
            while (request.hasRemaining()) {
                open.write(request);
            }
            int length = read(open, Integer.BYTES).getInt();
            if (length < 0 || length > MOST_REPLY_BYTES) {
                throw new IOException("a reply of " + Integer.toUnsignedString(length) + " bytes");
            }
            return LocalReply.parseFrom(read(open, length).array());
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private SocketChannel connected() throws CommandException {
        SocketChannel open = channel;
        if (open == null) {
            try {
                open = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                channel = open;
            } catch (IOException | IllegalArgumentException e) {
                throw unreachable(e);
            }
        }
        return open;
    }

    private CommandException unreachable(Exception cause) {
        boolean refused = Files.exists(socket) && !Files.isWritable(socket);
        String denied = "Permission denied";
        boolean noPermission = refused || String.valueOf(cause.getMessage()).startsWith(denied);
        CommandException exception =
                noPermission
                        ? permissionDenied()
                        : new CommandException(
                                ExitCode.ARGUMENT,
                                "Can't initialize ipvs: no director answers on "
                                        + socket
                                        + " ("
                                        + cause.getMessage()
                                        + ")\nStart one with 'jvs run', or name its socket with"
                                        + " --socket or JVS_SOCKET");
        exception.addSuppressed(cause);
        return exception;
    }

    /** The socket may not be opened; in the words of ipvsadm. */
    public static CommandException permissionDenied() {
        return new CommandException(
                ExitCode.ARGUMENT,
                "Can't initialize ipvs: Permission denied (you must be root)\n"
                        + "Are you sure that IP Virtual Server is built in the kernel or as module?");
    }

    private CommandException broken(IOException cause) {
        CommandException exception =
                new CommandException(
                        ExitCode.REFUSED,
                        "the connection to the director on "
                                + socket
                                + " broke: "
                                + cause.getMessage()
                                + "; whether it did what was asked is not known");
        exception.addSuppressed(cause);
        return exception;
    }

    private static ByteBuffer read(SocketChannel open, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (open.read(buffer) < 0) {
                throw new EOFException("it was closed");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() {
        SocketChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // Nothing is left to be sent.
                channel = null;
            }
        }
    }
}
