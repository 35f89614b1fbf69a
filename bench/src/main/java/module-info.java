/** Benchmarks; nothing depends on it. */
module io.jvs.bench {
    requires static org.jspecify;
    requires io.jvs.worker;
    requires io.jvs.control;
    requires java.management;
}
