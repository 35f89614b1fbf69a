package io.jvs.director;

/** What the health check says of a real server. */
public enum Health {
    /** Not checked, or it cannot be told: as good as up. */
    UNKNOWN,
    /** Answers. */
    UP,
    /** Does not answer: inhibited, its weight in force is 0. */
    DOWN
}
