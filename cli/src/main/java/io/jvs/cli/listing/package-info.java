/** What ipvsadm -L and -S print. */
@NullMarked
package io.jvs.cli.listing;

import org.jspecify.annotations.NullMarked;
