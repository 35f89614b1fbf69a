package io.jvs.director;

import java.io.IOException;

/** Where rules outlive the process. */
public interface RuleStore {

    /**
     * Keeps {@code rules}; when it returns they survive a crash of the machine, and when it throws
     * what was kept before still stands.
     *
     * @throws IOException with a sentence that names the file
     */
    void save(Rules rules) throws IOException;
}
