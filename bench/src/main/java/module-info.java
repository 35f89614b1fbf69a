/** Benchmarks; nothing depends on it. */
module io.jvs.bench {
    requires static org.jspecify;
    requires HdrHistogram;
    requires io.jvs.worker;
    requires com.google.gson;
    requires com.google.protobuf;
    requires io.jvs.cli;
    requires io.jvs.control;
    requires io.jvs.proto;
    requires io.jvs.dpdk;
    requires jdk.unsupported;
    requires jmh.core;
    requires java.management;
    requires org.snakeyaml.engine;
}
