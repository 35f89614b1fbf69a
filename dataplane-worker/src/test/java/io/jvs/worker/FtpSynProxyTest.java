package io.jvs.worker;

/** The same behind the SYN proxy: sequence numbers are shifted by it and by changed texts. */
class FtpSynProxyTest extends FtpTest {
    @Override
    Lab lab() {
        Lab lab = new Lab();
        lab.proxiesFtp = true;
        return lab;
    }
}
