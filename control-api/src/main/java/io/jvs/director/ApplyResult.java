package io.jvs.director;

/**
 * What a transaction did.
 *
 * @param generation the generation in force
 * @param changed whether anything had to change
 * @param added services and servers that were added
 * @param edited services and servers that were edited
 * @param removed services and servers that were removed
 */
public record ApplyResult(long generation, boolean changed, int added, int edited, int removed) {}
