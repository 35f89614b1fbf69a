package io.jvs.bench.run;

import java.io.IOException;

/** Something that is measured, in a process of its own each time. */
interface Program {
    /** The word by which it is chosen. */
    String name();

    /** What reports call it. */
    String title();

    /**
     * One round.
     *
     * @throws IOException when it fails, or a packet is not accounted for
     */
    Outcome measure() throws IOException, InterruptedException;
}
