package io.jvs.worker;

import io.jvs.connection.LocalAddressPool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Copies out of a worker how its local ports stand, some hundred pairs a cycle, so that no burst
 * waits long.
 */
final class LocalPortListing implements WorkerCommand {
    private static final int STEP = 256;

    private final WorkerProxy proxy;
    private final List<LocalPortView> views = new ArrayList<>();
    private final CompletableFuture<List<LocalPortView>> result = new CompletableFuture<>();
    private int next;

    LocalPortListing(WorkerProxy proxy) {
        this.proxy = proxy;
    }

    CompletableFuture<List<LocalPortView>> result() {
        return result;
    }

    @Override
    public void onWorker(WorkerState state, int nowTicks) {
        LocalAddressPool pool = state.localAddresses;
        int end = Math.min(pool.pairs(), next + STEP);
        for (; next < end; next++) {
            if (pool.isLive(next)) {
                views.add(view(pool, next));
            }
        }
        if (next == pool.pairs() || !proxy.tryOffer(this)) {
            List<LocalPortView> all = List.copyOf(views);
            Thread.ofVirtual().start(() -> result.complete(all));
        }
    }

    @Override
    public void onFailed(RuntimeException failure) {
        Thread.ofVirtual().start(() -> result.completeExceptionally(failure));
    }

    private static LocalPortView view(LocalAddressPool pool, int pair) {
        int waiting = pool.waiting(pair);
        return new LocalPortView(
                pool.local(pair),
                pool.protocol(pair),
                pool.real(pair),
                pool.realPort(pair),
                pool.used(pair),
                waiting,
                pool.capacity(pair),
                pool.refused(pair));
    }
}
