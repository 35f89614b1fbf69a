package io.jvs.bench.replay;

import java.util.List;

/**
 * A recorded scenario.
 *
 * @param name for example "udp/rr/123"
 * @param steps in order
 */
record Scenario(String name, List<Step> steps) {
    /** Copies its list. */
    Scenario {
        steps = List.copyOf(steps);
    }
}
