/** The director: desired state, generations, and its way to the workers. */
@NullMarked
package io.jvs.director;

import org.jspecify.annotations.NullMarked;
