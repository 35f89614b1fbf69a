package io.jvs.cli;

/** The director refused a request. */
public final class DirectorException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final int failedOperation;

    /**
     * A refusal.
     *
     * @param code a google.rpc.Code, never 0
     * @param message one sentence; ipvsadm's own words where it has any
     * @param failedOperation of ApplyConfig: which operation was refused, counted from 1; else 0
     */
    public DirectorException(int code, String message, int failedOperation) {
        super(message);
        this.code = code;
        this.failedOperation = failedOperation;
    }

    /** A google.rpc.Code. */
    public int code() {
        return code;
    }

    /** Which operation of ApplyConfig was refused, counted from 1; 0 for none in particular. */
    public int failedOperation() {
        return failedOperation;
    }

    /** Never null. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}
