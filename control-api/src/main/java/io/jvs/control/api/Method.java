package io.jvs.control.api;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.jvs.director.RefusedException;
import io.jvs.director.RefusedException.Reason;

/**
 * One method of the API.
 *
 * @param name its short name, for example "ListConnections"
 * @param prototype an empty request
 * @param handler does it; may block
 */
public record Method<Q extends Message, R extends Message>(
        String name, Q prototype, Handler<Q, R> handler) {

    /** Answers a request. */
    public interface Handler<Q, R> {
        /** The answer, or a refusal; then nothing was done. */
        R handle(Q request) throws RefusedException;
    }

    /** Answers a request that is still bytes. */
    public R handle(byte[] request) throws RefusedException {
        try {
            @SuppressWarnings("unchecked") // a message's parser gives its own type
            Q message = (Q) prototype.getParserForType().parseFrom(request);
            return handler.handle(message);
        } catch (InvalidProtocolBufferException e) {
            throw new RefusedException(
                    Reason.INVALID,
                    "the request of " + name + " cannot be read: " + e.getMessage());
        }
    }
}
