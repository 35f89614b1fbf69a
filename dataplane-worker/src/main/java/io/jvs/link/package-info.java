/** Neighbours, routes, answers for our own addresses, and what is to be sent. */
@NullMarked
package io.jvs.link;

import org.jspecify.annotations.NullMarked;
