/** Where packets come from and go to: DPDK, pcap files, memory. */
@NullMarked
package io.jvs.port;

import org.jspecify.annotations.NullMarked;
