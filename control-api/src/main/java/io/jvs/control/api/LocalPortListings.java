package io.jvs.control.api;

import io.jvs.director.RefusedException;
import io.jvs.director.RefusedException.Reason;
import io.jvs.proto.v1.ListLocalPortsRequest;
import io.jvs.proto.v1.ListLocalPortsResponse;
import io.jvs.proto.v1.LocalPortUse;
import io.jvs.worker.Dataplane;
import io.jvs.worker.LocalPortView;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lists how local ports stand. */
final class LocalPortListings {
    private static final int DEFAULT_PAGE = 1000;
    private static final int MAX_PAGE = 100_000;
    private static final long TIMEOUT_SECONDS = 10;

    private LocalPortListings() {}

    static ListLocalPortsResponse list(Dataplane dataplane, ListLocalPortsRequest request)
            throws RefusedException {
        if (request.getPageSize() < 0) {
            throw new RefusedException(Reason.INVALID, "page_size must be 0 or more");
        }
        int size = request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize();
        ListLocalPortsResponse.Builder reply = ListLocalPortsResponse.newBuilder();
        try {
            for (LocalPortView view :
                    dataplane
                            .localPorts(Math.min(size, MAX_PAGE))
                            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                reply.addLocalPorts(message(view));
            }
            return reply.build();
        } catch (ExecutionException e) {
            throw new RefusedException(
                    Reason.INTERNAL, "the workers could not list local ports: " + e.getCause());
        } catch (TimeoutException e) {
            throw new RefusedException(
                    Reason.UNAVAILABLE,
                    "the workers have not answered within " + TIMEOUT_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(Reason.UNAVAILABLE, "interrupted");
        }
    }

    private static LocalPortUse message(LocalPortView view) {
        return LocalPortUse.newBuilder()
                .setLocalAddress(view.local().toString())
                .setProtocol(view.protocol())
                .setRealAddress(view.real().toString())
                .setRealPort(view.realPort())
                .setUsed(view.used())
                .setWaiting(view.waiting())
                .setCapacity(view.capacity())
                .setExhausted(view.exhausted())
                .build();
    }
}
