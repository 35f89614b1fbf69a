/** Health checks of real servers. */
@NullMarked
package io.jvs.control.health;

import org.jspecify.annotations.NullMarked;
