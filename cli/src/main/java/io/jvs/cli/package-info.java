/** jvs and jvsadm. */
@NullMarked
package io.jvs.cli;

import org.jspecify.annotations.NullMarked;
