/** The worker: one core, one pipeline, one shard of everything. */
@NullMarked
package io.jvs.worker;

import org.jspecify.annotations.NullMarked;
