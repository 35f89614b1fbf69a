/** The packet path. */
@SuppressWarnings("module")
module io.jvs.worker {
    requires static org.jspecify;
    requires transitive io.jvs.scheduler;
    requires io.jvs.dpdk;
    requires org.jctools.core.jdk11;
    requires java.management;
    requires jdk.management;

    exports io.jvs.worker;
    exports io.jvs.connection to
            io.jvs.bench;
    exports io.jvs.packet to
            io.jvs.control,
            io.jvs.bench;
    exports io.jvs.port to
            io.jvs.bench;
}
