package io.jvs.cli.option;

/** Whether an option takes an argument. */
enum ArgumentKind {
    NONE,
    REQUIRED,
    /** The next word, unless it starts with a dash (popt's POPT_ARGFLAG_OPTIONAL). */
    OPTIONAL
}
