# Functions that the scripts in bin/ share. Source it; it changes nothing by itself.

# Oldest Java that JVS runs on.
JVS_JAVA_VERSION=25

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Prints the feature version (25 for 25.0.3) of the Java in directory $1; fails when there is none.
java_version() {
    [ -x "$1/bin/java" ] || return 1
    if [ -r "$1/release" ]; then
        sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
    else
        "$1/bin/java" -version 2>&1 | sed -n '1s/.* version "\([0-9]*\).*/\1/p'
    fi
}

# True when the directory $1 holds a Java that is new enough and, with $2 = jdk, a compiler too.
java_fits() {
    local version
    version=$(java_version "$1") || return 1
    [ -n "$version" ] && [ "$version" -ge "$JVS_JAVA_VERSION" ] || return 1
    [ "${2:-}" != jdk ] || [ -x "$1/bin/javac" ]
}

# Prints the directory of the first Java that fits, of JAVA_HOME, /usr/lib/jvm, /opt and PATH; with $1 = jdk only
# those with a compiler. Fails when there is none.
find_java() {
    local directory java
    java=$(command -v java) && java=$(readlink -f "$java")
    for directory in "${JAVA_HOME:-}" /usr/lib/jvm/*"$JVS_JAVA_VERSION"* /usr/lib/jvm/* /opt/*jdk* "${java%/bin/java}"; do
        if [ -n "$directory" ] && java_fits "$directory" "${1:-}"; then
            printf '%s\n' "$directory"
            return 0
        fi
    done
    return 1
}

# Sets and exports JAVA_HOME, or ends with a sentence that says what to do.
use_java() {
    JAVA_HOME=$(find_java "${1:-}") ||
        die "no Java $JVS_JAVA_VERSION or newer found in JAVA_HOME, /usr/lib/jvm, /opt or PATH; run bin/setup as root"
    export JAVA_HOME
}
