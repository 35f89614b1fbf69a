/** Who gets the next connection: one class for each scheduler name of ipvsadm(8). */
@NullMarked
package io.jvs.scheduler;

import org.jspecify.annotations.NullMarked;
