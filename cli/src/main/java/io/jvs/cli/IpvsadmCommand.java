package io.jvs.cli;

import io.jvs.cli.net.NameService;
import io.jvs.cli.net.SystemNameService;
import io.jvs.cli.option.CommandParser;
import io.jvs.cli.option.ParsedCommand;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;

/**
 * The command ipvsadm(8): reads its arguments, does what they say at a director, and prints what
 * ipvsadm 1.31 prints.
 */
public final class IpvsadmCommand {
    private final String program;
    private final NameService names;

    /**
     * The command under a name. As {@code ipvsadm} it prints nothing but what ipvsadm prints; under
     * other names its messages also tell what ipvsadm's do not.
     */
    public IpvsadmCommand(String program, NameService names) {
        this.program = program;
        this.names = names;
    }

    /** Runs {@code ipvsadm} with this machine's names. */
    public static int run(
            List<String> arguments,
            InputStream in,
            PrintStream out,
            PrintStream err,
            DirectorClient director) {
        return new IpvsadmCommand("ipvsadm", new SystemNameService())
                .execute(arguments, in, new Console(out, err), director);
    }

    /**
     * Where a command prints.
     *
     * @param out standard output
     * @param err standard error
     */
    public record Console(PrintStream out, PrintStream err) {}

    /**
     * Does what the arguments say.
     *
     * @param in rules for -R
     * @return one of {@link ExitCode}
     */
    public int execute(
            List<String> arguments, InputStream in, Console console, DirectorClient director) {
        try {
            ParsedCommand parsed = new CommandParser(program, names).parse(arguments);
            execute(parsed, in, console, director);
            return ExitCode.OK;
        } catch (CommandException e) {
            console.err.print(e.getMessage() + "\n");
            return e.exitCode();
        } catch (DirectorException e) {
            console.err.print(e.getMessage() + "\n");
            return ExitCode.REFUSED;
        } finally {
            console.out.flush();
            console.err.flush();
        }
    }

    private void execute(
            ParsedCommand parsed, InputStream in, Console console, DirectorClient director)
            throws CommandException, DirectorException {
        Listings listings = new Listings(director, console.out, names);
        switch (parsed.command()) {
            case HELP -> console.out.print(Usage.text(program));
            case VERSION -> console.out.print(Usage.version());
            case RESTORE -> new Restore(program, names).run(in, director);
            case LIST -> list(() -> listings.list(parsed));
            case GET_LADDR -> list(() -> listings.localAddresses(parsed));
            case SAVE -> list(() -> listings.save(parsed));
            case START_DAEMON ->
                    throw new CommandException(
                            ExitCode.REFUSED,
                            "Protocol not available: this director synchronises no connections");
            case STOP_DAEMON ->
                    throw new CommandException(ExitCode.REFUSED, "No daemon is running");
            default -> Change.send(Change.operation(parsed), director);
        }
    }

    /** A listing. */
    @FunctionalInterface
    private interface Listing {
        void run() throws DirectorException, CommandException;
    }

    /** Where ipvsadm cannot list, its exit code is 1. */
    private static void list(Listing listing) throws CommandException {
        try {
            listing.run();
        } catch (DirectorException e) {
            throw new CommandException(ExitCode.NOT_FOUND, e.getMessage());
        }
    }
}
