package io.jvs.bench.model;

import org.jspecify.annotations.Nullable;

/** A connection, or a template when the client's port is 0. */
final class ModelConnection {
    final String protocol;
    final ModelAddress client;
    final int clientPort;
    final ModelAddress virtual;
    int virtualPort;
    int realPort;
    final ModelServer server;
    final boolean template;
    final String method;
    String state = "NONE";
    long timeoutMillis;
    long endMillis;
    boolean noOutput;
    boolean active;
    int controls;
    @Nullable ModelConnection control;

    /** A new one. */
    ModelConnection(
            String protocol,
            ModelAddress client,
            int clientPort,
            ModelAddress virtual,
            int virtualPort,
            ModelServer server,
            int realPort) {
        this.protocol = protocol;
        this.client = client;
        this.clientPort = clientPort;
        this.virtual = virtual;
        this.virtualPort = virtualPort;
        this.server = server;
        this.realPort = realPort;
        this.template = clientPort == 0;
        this.method = server.method;
        this.noOutput = !server.method.equals("-m");
    }

    /** Its timer starts anew. */
    void touch(long nowMillis) {
        endMillis = nowMillis + timeoutMillis;
    }
}
