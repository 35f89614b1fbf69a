package io.jvs.cli;

/** Ends a command with one message on standard error and an exit code. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** An exit code of {@link ExitCode} and the message without its newline. */
    public CommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** A wrong argument: exit code 2. */
    public static CommandException argument(String message) {
        return new CommandException(ExitCode.ARGUMENT, message);
    }

    /** The code that the process ends with. */
    public int exitCode() {
        return exitCode;
    }

    /** Never null. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}
