/** The local socket: the same methods for tools on this machine, without gRPC. */
@NullMarked
package io.jvs.control.local;

import org.jspecify.annotations.NullMarked;
