/** Traffic that is made on a worker's own thread, over the frames that a port replays. */
@NullMarked
package io.jvs.bench.traffic;

import org.jspecify.annotations.NullMarked;
