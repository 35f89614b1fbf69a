package io.jvs.worker;

/** The data plane could not be opened; the message is one sentence that says what to do. */
public final class DataplaneException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the sentence. */
    public DataplaneException(String message) {
        super(message);
    }

    /** With the sentence and where it comes from. */
    public DataplaneException(String message, Throwable cause) {
        super(message, cause);
    }
}
