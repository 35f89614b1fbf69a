/** Scenarios of the data path: JVS beside dpdk-testpmd and the C reference, in turn. */
@NullMarked
package io.jvs.bench.run;

import org.jspecify.annotations.NullMarked;
