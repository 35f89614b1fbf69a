package io.jvs.control.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * HTTP by the JDK's own server: {@code /metrics} for Prometheus, {@code /health/live} and {@code
 * /health/ready} for who watches the process.
 */
public final class MetricsEndpoint implements AutoCloseable {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final HttpServer server;
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final JvmGcMetrics collections = new JvmGcMetrics();

    private MetricsEndpoint(HttpServer server) {
        this.server = server;
    }

    /**
     * Listens, and serves until it is closed.
     *
     * @param live empty when the process is well, else why not
     * @param ready empty when traffic can be given to it, else why not
     * @throws IOException with a sentence when the address cannot be used
     */
    public static MetricsEndpoint open(
            InetSocketAddress address,
            PrometheusMeterRegistry registry,
            Supplier<String> live,
            Supplier<String> ready)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException("metrics_address " + address + " cannot be used: " + e, e);
        }
        MetricsEndpoint endpoint = new MetricsEndpoint(server);
        endpoint.bindMachine(registry);
        server.setExecutor(endpoint.calls);
        server.createContext("/metrics", only("/metrics", exchange -> scrape(exchange, registry)));
        server.createContext("/health/live", only("/health/live", health(live)));
        server.createContext("/health/ready", only("/health/ready", health(ready)));
        server.start();
        return endpoint;
    }

    private void bindMachine(MeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /** Contexts take whole subtrees; this takes one path, and GET or HEAD. */
    private static HttpHandler only(String path, HttpHandler handler) {
        return exchange -> {
            try (exchange) {
                String method = exchange.getRequestMethod();
                if (!exchange.getRequestURI().getPath().equals(path)) {
                    send(exchange, 404, TEXT, "not found\n");
                } else if (!method.equals("GET") && !method.equals("HEAD")) {
                    exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                    send(exchange, 405, TEXT, "only GET\n");
                } else {
                    handler.handle(exchange);
                }
            }
        };
    }

    private static void scrape(HttpExchange exchange, PrometheusMeterRegistry registry)
            throws IOException {
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        boolean open = accept != null && accept.contains(OPEN_METRICS);
        String type = open ? OPEN_METRICS + "; version=1.0.0; charset=utf-8" : TEXT;
        send(exchange, 200, type, registry.scrape(type));
    }

    private static HttpHandler health(Supplier<String> why) {
        return exchange -> {
            String trouble = why.get();
            send(
                    exchange,
                    trouble.isEmpty() ? 200 : 503,
                    TEXT,
                    trouble.isEmpty() ? "ok\n" : trouble + "\n");
        };
    }

    private static void send(HttpExchange exchange, int status, String type, String text)
            throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
        if (!head) {
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(bytes);
            }
        }
    }

    /** The TCP port. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Stops listening. */
    @Override
    public void close() {
        server.stop(0);
        calls.shutdown();
        collections.close();
    }
}
