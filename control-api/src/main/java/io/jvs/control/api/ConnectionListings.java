package io.jvs.control.api;

import io.jvs.director.RefusedException;
import io.jvs.director.RefusedException.Reason;
import io.jvs.proto.v1.Connection;
import io.jvs.proto.v1.ListConnectionsRequest;
import io.jvs.proto.v1.ListConnectionsResponse;
import io.jvs.worker.ConnectionView;
import io.jvs.worker.Dataplane;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Lists connections in pages. The first page asks the workers; the others are served from what they
 * said then, which is kept for a minute, for at most four listings.
 */
final class ConnectionListings {
    /** Most connections in one listing. */
    static final int MAX_CONNECTIONS = 1_000_000;

    private static final int DEFAULT_PAGE = 10_000;
    private static final int MAX_PAGE = 100_000;
    private static final int MAX_KEPT = 4;
    private static final long KEEP_NS = 60_000_000_000L;
    private static final long TIMEOUT_SECONDS = 10;

    private record Kept(List<ConnectionView> connections, long takenNs) {}

    private final Dataplane dataplane;
    private final LongSupplier clockNs;
    private final Map<Long, Kept> kept = new LinkedHashMap<>();
    private long nextId = 1;

    ConnectionListings(Dataplane dataplane, LongSupplier clockNs) {
        this.dataplane = dataplane;
        this.clockNs = clockNs;
    }

    ListConnectionsResponse list(ListConnectionsRequest request) throws RefusedException {
        if (request.getPageSize() < 0) {
            throw bad();
        }
        int size =
                Math.min(
                        request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize(),
                        MAX_PAGE);
        if (request.getPageToken().isEmpty()) {
            return page(0, ask(), 0, size);
        }
        String[] parts = request.getPageToken().split("-", -1);
        try {
            long id = Long.parseLong(parts[0]);
            return page(id, find(id), Integer.parseInt(parts[parts.length - 1]), size);
        } catch (NumberFormatException e) {
            throw bad();
        }
    }

    private static RefusedException bad() {
        return new RefusedException(
                Reason.INVALID,
                "page_size must be 0 or more and page_token from a listing of the last minute");
    }

    private List<ConnectionView> ask() throws RefusedException {
        try {
            return dataplane.connections(MAX_CONNECTIONS).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new RefusedException(
                    Reason.INTERNAL, "the workers could not list connections: " + e.getCause());
        } catch (TimeoutException e) {
            throw new RefusedException(
                    Reason.UNAVAILABLE,
                    "the workers have not answered within " + TIMEOUT_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(Reason.UNAVAILABLE, "interrupted");
        }
    }

    private synchronized List<ConnectionView> find(long id) throws RefusedException {
        Kept found = kept.get(id);
        if (found == null || clockNs.getAsLong() - found.takenNs > KEEP_NS) {
            throw bad();
        }
        return found.connections;
    }

    private synchronized long keep(List<ConnectionView> connections) {
        long nowNs = clockNs.getAsLong();
        Iterator<Kept> each = kept.values().iterator();
        while (each.hasNext()) {
            Kept oldest = each.next();
            if (kept.size() >= MAX_KEPT || nowNs - oldest.takenNs > KEEP_NS) {
                each.remove();
            }
        }
        long id = nextId++;
        kept.put(id, new Kept(connections, nowNs));
        return id;
    }

    private ListConnectionsResponse page(
            long id, List<ConnectionView> connections, int from, int size) throws RefusedException {
        if (from < 0 || from > connections.size()) {
            throw bad();
        }
        int to = Math.min(connections.size(), from + size);
        ListConnectionsResponse.Builder reply = ListConnectionsResponse.newBuilder();
        for (ConnectionView view : connections.subList(from, to)) {
            reply.addConnections(message(view));
        }
        if (to < connections.size()) {
            reply.setNextPageToken((id == 0 ? keep(connections) : id) + "-" + to);
        }
        return reply.build();
    }

    private static Connection message(ConnectionView view) {
        return Connection.newBuilder()
                .setProtocol(view.protocol())
                .setClientAddress(view.client().toString())
                .setClientPort(view.clientPort())
                .setVirtualAddress(view.virtual().toString())
                .setVirtualPort(view.virtualPort())
                .setRealAddress(view.real().toString())
                .setRealPort(view.realPort())
                .setLocalAddress(view.local().toString())
                .setLocalPort(view.localPort())
                .setForwardingMethod(RuleWriter.method(view.method()))
                .setState(view.state())
                .setExpiresMillis(view.expiresMillis())
                .setTemplate(view.template())
                .build();
    }
}
