/** How a packet of a connection is rewritten for each forwarding method and direction. */
@NullMarked
package io.jvs.forwarding;

import org.jspecify.annotations.NullMarked;
