/** Packets as memory: headers, checksums, the burst and what became of each packet. */
@NullMarked
package io.jvs.packet;

import org.jspecify.annotations.NullMarked;
