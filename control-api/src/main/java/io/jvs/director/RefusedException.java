package io.jvs.director;

/** A request that is refused; nothing of it was done. The message is one sentence. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why, in few words; each is one google.rpc.Code. */
    public enum Reason {
        /** What it names does not exist. */
        NOT_FOUND,
        /** What it would make exists. */
        ALREADY_EXISTS,
        /** It can never be done. */
        INVALID,
        /** It cannot be done in the present state. */
        PRECONDITION,
        /** The rules could not be kept on disk, or the workers do not follow. */
        UNAVAILABLE,
        /** The data plane failed. */
        INTERNAL
    }

    private final Reason reason;
    private final int operation;
    private final String sentence;

    /** A refusal of a whole request. */
    public RefusedException(Reason reason, String message) {
        this(reason, message, 0);
    }

    /** A refusal of one operation of a transaction, counted from 1; 0 for none in particular. */
    public RefusedException(Reason reason, String message, int operation) {
        super(message);
        this.reason = reason;
        this.operation = operation;
        this.sentence = message;
    }

    /** What to tell who asked. */
    public String sentence() {
        return sentence;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** Which operation of the transaction, counted from 1; 0 for none in particular. */
    public int operation() {
        return operation;
    }

    /** The same refusal, of the operation with this number. */
    public RefusedException at(int number) {
        return operation == 0 ? new RefusedException(reason, sentence, number) : this;
    }
}
