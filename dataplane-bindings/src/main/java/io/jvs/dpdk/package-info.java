/** DPDK as the data plane uses it. */
@NullMarked
package io.jvs.dpdk;

import org.jspecify.annotations.NullMarked;
