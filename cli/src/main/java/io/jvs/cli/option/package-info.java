/** The grammar of ipvsadm 1.31: popt's options, which command allows which, and what they mean. */
@NullMarked
package io.jvs.cli.option;

import org.jspecify.annotations.NullMarked;
