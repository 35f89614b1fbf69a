package io.jvs.worker;

/** The same over 4 workers, whose ports hash packets by their flow. */
class EndingRssTest extends EndingTest {
    @Override
    Lab lab() {
        return new Lab(4, MemoryPorts.RSS);
    }
}
