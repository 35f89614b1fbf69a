/** JMH benchmarks of parts of the data path; gated on allocation and on ratios. */
@NullMarked
package io.jvs.bench.micro;

import org.jspecify.annotations.NullMarked;
