package io.jvs.bench.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.jvs.cli.CommandException;
import io.jvs.cli.DirectorClient;
import io.jvs.cli.DirectorException;
import io.jvs.control.api.DirectorFacts;
import io.jvs.control.api.DirectorMethods;
import io.jvs.control.api.Method;
import io.jvs.director.Director;
import io.jvs.director.DirectorThread;
import io.jvs.director.RefusedException;
import io.jvs.director.Rules;
import io.jvs.director.Transaction;
import io.jvs.scheduler.Scheduler;
import io.jvs.worker.MemoryDataplane;
import java.util.List;

/**
 * The director under test: the real control path over a data plane in memory, reached without a
 * socket, on the data plane's simulated clock.
 */
final class SimulatedDirector implements DirectorClient, AutoCloseable {
    /** What the kernel's first line of a listing said when the golden files were recorded. */
    private static final int TABLE_SIZE = 4096;

    /** What the clock shows at first. */
    private static final long START_NS = 1_000_000_000_000L;

    private static final long POKE_NS = 500_000_000L;

    private final MemoryDataplane dataplane;
    private final DirectorThread thread;
    private final DirectorMethods methods;
    private final SimulatedNetwork network;

    SimulatedDirector(long seed) throws RefusedException {
        dataplane = MemoryDataplane.open(Topology.dataplane(seed), START_NS);
        Director director = new Director(dataplane, rules -> {}, Scheduler.names());
        thread = DirectorThread.start(director, Rules.EMPTY, dataplane::nowNs);
        DirectorFacts facts = new DirectorFacts("replay", TABLE_SIZE, System.nanoTime());
        methods = new DirectorMethods(director, thread.proxy(), facts);
        network = new SimulatedNetwork(dataplane);
        poke();
    }

    SimulatedNetwork network() {
        return network;
    }

    /** Packet buffers that are neither free nor waiting to be taken. */
    int buffersInUse() {
        return dataplane.buffersInUse();
    }

    /** Lets the director see the simulated clock, now and again and again. */
    private void poke() {
        try {
            thread.proxy().await(new Transaction(List.of(), true, false));
        } catch (RefusedException e) {
            throw new IllegalStateException(e);
        }
        network.after(POKE_NS, this::poke);
    }

    @Override
    public <T extends MessageLite> T call(String name, MessageLite request, Parser<T> reply)
            throws DirectorException, CommandException {
        Method<?, ?> method = methods.find(name);
        if (method == null) {
            throw new DirectorException(12, "no method " + name, 0);
        }
        try {
            return reply.parseFrom(method.handle(request.toByteArray()).toByteString());
        } catch (RefusedException e) {
            throw new DirectorException(
                    code(e.reason()), String.valueOf(e.getMessage()), e.operation());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the answer of " + name + " cannot be read", e);
        }
    }

    private static int code(RefusedException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> 5;
            case ALREADY_EXISTS -> 6;
            case INVALID -> 3;
            case PRECONDITION -> 9;
            case UNAVAILABLE -> 14;
            case INTERNAL -> 13;
        };
    }

    /** An answer that cannot be refused. */
    <T extends MessageLite> T ask(String name, MessageLite request, Parser<T> reply) {
        try {
            return call(name, request, reply);
        } catch (DirectorException | CommandException e) {
            throw new IllegalStateException(name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        thread.close();
        dataplane.close();
    }
}
