/** What is balanced, and who gets the next connection. */
module io.jvs.scheduler {
    requires static org.jspecify;

    exports io.jvs.service;
    exports io.jvs.scheduler;
}
