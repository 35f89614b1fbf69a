/** The gRPC server. */
@NullMarked
package io.jvs.control.grpc;

import org.jspecify.annotations.NullMarked;
