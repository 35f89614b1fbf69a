/** The director. */
module io.jvs.control {
    requires static org.jspecify;
    requires transitive io.jvs.worker;
    requires io.jvs.proto;
}
