/** Benchmarks and traffic. */
@NullMarked
package io.jvs.bench;

import org.jspecify.annotations.NullMarked;
