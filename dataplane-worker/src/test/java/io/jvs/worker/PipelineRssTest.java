package io.jvs.worker;

/** The same over 8 workers, with an adapter whose hash is known. */
class PipelineRssTest extends PipelineTest {
    @Override
    int workers() {
        return 8;
    }

    @Override
    String device() {
        return MemoryPorts.RSS;
    }
}
