/** The director's process. */
@NullMarked
package io.jvs.control;

import org.jspecify.annotations.NullMarked;
