/** The methods of the API, the same for every door: messages in, messages out. */
@NullMarked
package io.jvs.control.api;

import org.jspecify.annotations.NullMarked;
