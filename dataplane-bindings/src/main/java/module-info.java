/** DPDK and off-heap memory; the only module with restricted native access. */
module io.jvs.dpdk {
    requires static org.jspecify;

    exports io.jvs.dpdk;
    exports io.jvs.memory;
}
