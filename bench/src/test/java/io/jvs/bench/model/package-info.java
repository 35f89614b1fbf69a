/**
 * The kernel's IPVS once more: slow, obvious, and without a line of the code that it is compared
 * with.
 */
@NullMarked
package io.jvs.bench.model;

import org.jspecify.annotations.NullMarked;
