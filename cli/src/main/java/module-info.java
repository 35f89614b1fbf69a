/** The command-line tools; messages of the API without gRPC, so that they start at once. */
module io.jvs.cli {
    requires static org.jspecify;
    requires io.jvs.proto;

    exports io.jvs.cli;
}
