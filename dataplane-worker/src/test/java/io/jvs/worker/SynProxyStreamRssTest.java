package io.jvs.worker;

/** The same over 4 workers, with an adapter whose hash is known. */
class SynProxyStreamRssTest extends SynProxyStreamTest {
    @Override
    Lab lab() {
        return new Lab(4, MemoryPorts.RSS);
    }
}
