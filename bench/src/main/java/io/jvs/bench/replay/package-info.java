/** Replays recorded kernel behaviour through the real CLI, control path and worker. */
@NullMarked
package io.jvs.bench.replay;

import org.jspecify.annotations.NullMarked;
