package io.jvs.control.api;

import com.google.protobuf.Message;
import java.io.Closeable;

/** One of the doors to the director, seen by a client. */
public interface Door extends Closeable {

    /** A refusal as the client sees it. */
    final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;
        private final int operation;

        public Refused(int code, String message, int operation) {
            super(message);
            this.code = code;
            this.operation = operation;
        }

        public int code() {
            return code;
        }

        public int operation() {
            return operation;
        }
    }

    /** Calls a method by its short name. */
    <R extends Message> R call(String method, Message request, R replyPrototype) throws Refused;
}
