/** Random scenarios in the step language of the recordings, to ask a kernel or a model with. */
@NullMarked
package io.jvs.bench.scenario;

import org.jspecify.annotations.NullMarked;
