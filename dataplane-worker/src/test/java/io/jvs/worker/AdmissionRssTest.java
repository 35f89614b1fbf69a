package io.jvs.worker;

/** The same over 8 workers, with an adapter whose hash is known. */
class AdmissionRssTest extends AdmissionTest {
    @Override
    int workers() {
        return 8;
    }

    @Override
    String device() {
        return MemoryPorts.RSS;
    }
}
