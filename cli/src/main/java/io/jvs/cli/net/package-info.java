/** Addresses, host names and service names as the resolver of glibc reads and writes them. */
@NullMarked
package io.jvs.cli.net;

import org.jspecify.annotations.NullMarked;
