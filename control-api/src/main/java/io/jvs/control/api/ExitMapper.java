package io.jvs.control.api;

import static io.jvs.control.api.RuleReader.invalid;

import com.google.protobuf.Duration;
import io.jvs.director.RefusedException;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.ServerExit;
import io.jvs.proto.v1.VirtualService;
import io.jvs.service.Drain;
import org.jspecify.annotations.Nullable;

/** How real servers go, between the API and the director. */
final class ExitMapper {
    private ExitMapper() {}

    static io.jvs.service.ServerExit onRemoved(VirtualService service) throws RefusedException {
        return switch (service.getOnServerRemoved()) {
            case SERVER_EXIT_UNSPECIFIED, SERVER_EXIT_DROP -> io.jvs.service.ServerExit.KEEP;
            case SERVER_EXIT_RESET -> io.jvs.service.ServerExit.RESET;
            case SERVER_EXIT_RESCHEDULE -> io.jvs.service.ServerExit.RESCHEDULE;
            case SERVER_EXIT_KEEP, UNRECOGNIZED ->
                    throw invalid("on_server_removed must be drop, reset or reschedule");
        };
    }

    static @Nullable Drain drain(RealServer server) throws RefusedException {
        if (!server.hasDrain()) {
            return null;
        }
        Duration deadline = server.getDrain().getDeadline();
        if (deadline.getSeconds() < 0
                || deadline.getNanos() != 0
                || deadline.getSeconds() > Drain.MAX_SECONDS) {
            throw invalid("drain.deadline must be whole seconds, 0s.." + Drain.MAX_SECONDS + "s");
        }
        return new Drain((int) deadline.getSeconds(), then(server.getDrain().getThen()), false);
    }

    private static io.jvs.service.ServerExit then(ServerExit exit) throws RefusedException {
        return switch (exit) {
            case SERVER_EXIT_UNSPECIFIED, SERVER_EXIT_RESET -> io.jvs.service.ServerExit.RESET;
            case SERVER_EXIT_RESCHEDULE -> io.jvs.service.ServerExit.RESCHEDULE;
            case SERVER_EXIT_KEEP -> io.jvs.service.ServerExit.KEEP;
            case SERVER_EXIT_DROP, UNRECOGNIZED ->
                    throw invalid("drain.then must be keep, reset or reschedule");
        };
    }

    static void write(VirtualService.Builder message, io.jvs.service.ServerExit onRemoved) {
        if (onRemoved != io.jvs.service.ServerExit.KEEP) {
            message.setOnServerRemoved(of(onRemoved));
        }
    }

    static io.jvs.proto.v1.Drain write(Drain drain, boolean over) {
        return io.jvs.proto.v1.Drain.newBuilder()
                .setDeadline(Duration.newBuilder().setSeconds(drain.deadlineSeconds()))
                .setThen(of(drain.then()))
                .setOver(over)
                .build();
    }

    private static ServerExit of(io.jvs.service.ServerExit exit) {
        return switch (exit) {
            case KEEP -> ServerExit.SERVER_EXIT_KEEP;
            case RESET -> ServerExit.SERVER_EXIT_RESET;
            case RESCHEDULE -> ServerExit.SERVER_EXIT_RESCHEDULE;
        };
    }
}
