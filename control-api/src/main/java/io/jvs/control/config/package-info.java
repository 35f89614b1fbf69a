/** The configuration file. */
@NullMarked
package io.jvs.control.config;

import org.jspecify.annotations.NullMarked;
