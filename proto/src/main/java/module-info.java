/** The jvs.v1 API. */
module io.jvs.proto {
    requires transitive com.google.protobuf;
    requires static transitive io.grpc;
    requires static transitive io.grpc.protobuf;
    requires static transitive io.grpc.stub;
    requires static com.google.common;

    exports io.jvs.proto.v1;
}
