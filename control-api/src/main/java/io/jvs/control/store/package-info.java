/** Rules on disk. */
@NullMarked
package io.jvs.control.store;

import org.jspecify.annotations.NullMarked;
