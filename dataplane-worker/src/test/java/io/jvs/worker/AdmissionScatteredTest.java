package io.jvs.worker;

/** The same over 4 workers, most packets at the wrong one. */
class AdmissionScatteredTest extends AdmissionTest {
    @Override
    int workers() {
        return 4;
    }

    @Override
    String device() {
        return MemoryPorts.SCATTER;
    }
}
