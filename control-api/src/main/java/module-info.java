/** The director: desired state, the doors to it, health checks, metrics. */
@SuppressWarnings("module")
module io.jvs.control {
    requires static org.jspecify;
    requires com.google.protobuf;
    requires io.grpc;
    requires io.grpc.netty.shaded;
    requires io.grpc.protobuf;
    requires io.grpc.services;
    requires io.grpc.stub;
    requires io.jvs.proto;
    requires io.prometheus.metrics.model;
    requires jdk.httpserver;
    requires proto.google.common.protos;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires org.jctools.core.jdk11;
    requires org.slf4j;
    requires org.snakeyaml.engine;
    requires transitive io.jvs.worker;

    exports io.jvs.director;
    exports io.jvs.control;
    exports io.jvs.control.api to
            io.jvs.bench;
}
