/** Off-heap memory: accessors over raw addresses, and mappings. */
@NullMarked
package io.jvs.memory;

import org.jspecify.annotations.NullMarked;
