package io.jvs.worker;

/** The same over 4 workers, with an adapter whose hash is known. */
class FtpRssTest extends FtpTest {
    @Override
    Lab lab() {
        return new Lab(4, MemoryPorts.RSS);
    }
}
