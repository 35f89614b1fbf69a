package io.jvs.cli;

/** Exit codes of ipvsadm(8), measured on version 1.31. */
public final class ExitCode {
    /** All went well. */
    public static final int OK = 0;

    /** The service that was asked for does not exist (list). */
    public static final int NOT_FOUND = 1;

    /** An argument is wrong. */
    public static final int ARGUMENT = 2;

    /** The director refused, or the usage is wrong. */
    public static final int REFUSED = 255;

    private ExitCode() {}
}
