/** What is balanced: virtual services, real servers and how packets reach them. */
@NullMarked
package io.jvs.service;

import org.jspecify.annotations.NullMarked;
