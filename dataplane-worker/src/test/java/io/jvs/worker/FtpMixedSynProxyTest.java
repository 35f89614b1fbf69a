package io.jvs.worker;

/** The same behind the SYN proxy, over 4 workers, most packets at the wrong one. */
class FtpMixedSynProxyTest extends FtpMixedTest {
    @Override
    Lab lab() {
        Lab lab = new Lab(4, MemoryPorts.SCATTER);
        lab.proxiesFtp = true;
        return lab;
    }
}
