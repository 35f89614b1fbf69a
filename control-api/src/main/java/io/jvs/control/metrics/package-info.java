/** Metrics for Prometheus, and whether the director is well. */
@NullMarked
package io.jvs.control.metrics;

import org.jspecify.annotations.NullMarked;
