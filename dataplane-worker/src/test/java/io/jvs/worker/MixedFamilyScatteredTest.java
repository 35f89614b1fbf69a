package io.jvs.worker;

/** The same over 4 workers, most packets at the wrong one. */
class MixedFamilyScatteredTest extends MixedFamilyTest {
    @Override
    Lab lab() {
        return new Lab(4, MemoryPorts.SCATTER);
    }
}
