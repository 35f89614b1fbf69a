package io.jvs.control.api;

/**
 * What a director says of itself and what does not change while it runs.
 *
 * @param version for example "0.1.0"
 * @param connectionTableSize most connections
 * @param startedNs System.nanoTime() at its start
 */
public record DirectorFacts(String version, int connectionTableSize, long startedNs) {}
