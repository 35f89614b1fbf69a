package io.jvs.bench.run;

import io.jvs.packet.Verdict;
import io.jvs.worker.CountersView;

/**
 * What became of packets, by a director's own counters.
 *
 * @param counters the counters
 */
record Accounts(CountersView counters) {

    /** Packets with a verdict. */
    long accounted() {
        return counters.verdict(Verdict.FORWARDED) + counters.verdict(Verdict.REPLIED) + dropped();
    }

    /** Packets that were dropped. */
    long dropped() {
        long sum = 0;
        for (int code = Verdict.FIRST_DROP; code < Verdict.COUNT; code++) {
            sum += counters.verdict(code);
        }
        return sum;
    }

    /** Why packets were dropped, as one line. */
    String reasons() {
        StringBuilder text = new StringBuilder("drops:");
        for (int code = Verdict.FIRST_DROP; code < Verdict.COUNT; code++) {
            long count = counters.verdict(code);
            if (count > 0) {
                text.append(' ').append(DropNames.of(code)).append('=').append(count);
            }
        }
        return text.toString();
    }
}
