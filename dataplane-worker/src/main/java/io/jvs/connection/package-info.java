/** Connections: their layout, table, states, timers and local ports. */
@NullMarked
package io.jvs.connection;

import org.jspecify.annotations.NullMarked;
