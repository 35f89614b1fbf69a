package io.jvs.worker;

/**
 * The same behind the SYN proxy of 4 workers, most packets at the wrong one: sequence numbers are
 * shifted by it and by changed texts.
 */
class FtpSynProxyScatteredTest extends FtpTest {
    @Override
    Lab lab() {
        Lab lab = new Lab(4, MemoryPorts.SCATTER);
        lab.proxiesFtp = true;
        return lab;
    }
}
