package io.jvs.control.local;

import com.google.protobuf.Message;
import io.jvs.control.api.Door;
import io.jvs.proto.v1.LocalReply;
import io.jvs.proto.v1.LocalRequest;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client of the local socket, written from its description. */
public final class LocalClient implements Closeable {
    private final SocketChannel channel;

    public LocalClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
    }

    public <R extends Message> R call(String method, Message request, R prototype)
            throws Door.Refused {
        try {
            send(
                    LocalRequest.newBuilder()
                            .setMethod(method)
                            .setPayload(request.toByteString())
                            .build()
                            .toByteArray());
            LocalReply reply = receive();
            if (reply.getCode() != 0) {
                throw new Door.Refused(
                        reply.getCode(), reply.getMessage(), reply.getFailedOperation());
            }
            @SuppressWarnings("unchecked") // the prototype's own parser
            R message = (R) prototype.getParserForType().parseFrom(reply.getPayload());
            return message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a frame of any bytes. */
    void send(byte[] bytes) throws IOException {
        sendRaw(ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).flip());
    }

    void sendRaw(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    LocalReply receive() throws IOException {
        return LocalReply.parseFrom(read(read(4).getInt()).array());
    }

    private ByteBuffer read(int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the director closed the connection");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
