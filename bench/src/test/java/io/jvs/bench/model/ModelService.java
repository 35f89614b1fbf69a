package io.jvs.bench.model;

import java.util.List;

/** A virtual service. */
final class ModelService {
    final String key;
    final String protocol;
    final ModelAddress address;
    final int port;
    final int mark;
    String schedulerName = "";
    ModelScheduler scheduler = ModelScheduler.of("rr");
    boolean onePacket;
    long persistenceSeconds;
    String netmask = "";

    ModelService(String key, String protocol, ModelAddress address, int port, int mark) {
        this.key = key;
        this.protocol = protocol;
        this.address = address;
        this.port = port;
        this.mark = mark;
    }

    List<ModelServer> servers() {
        return scheduler.servers;
    }
}
