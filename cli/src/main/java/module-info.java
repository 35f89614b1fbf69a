/** The command-line tools; messages of the API without gRPC, so that they start at once. */
module io.jvs.cli {
    requires static org.jspecify;
    requires transitive io.jvs.proto;

    exports io.jvs.cli;
    exports io.jvs.cli.listing;
    exports io.jvs.cli.net;
    exports io.jvs.cli.option;
}
