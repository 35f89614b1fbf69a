package io.jvs.bench.model;

import java.math.BigInteger;

/** A real server; kept when it is deleted, as the kernel's trash keeps it. */
final class ModelServer {
    final ModelAddress address;
    final int port;
    String method = "-g";
    long weight;
    long lastWeight;
    long upper;
    long lower;
    long active;
    long inactive;
    boolean overloaded;
    boolean available;

    ModelServer(ModelAddress address, int port) {
        this.address = address;
        this.port = port;
    }

    boolean mayTake() {
        return weight > 0 && !overloaded;
    }

    /** Total of connections. */
    long total() {
        return active + inactive;
    }

    /** What lc and wlc compare. */
    long overhead() {
        return 256 * active + inactive;
    }

    /** A connection or template was added. */
    void onBound() {
        if (upper != 0 && total() >= upper) {
            overloaded = true;
        }
    }

    /** A connection or template was taken away. */
    void onUnbound() {
        if (lower != 0) {
            overloaded &= total() >= lower;
        } else if (upper != 0) {
            overloaded &= total() * 4 >= upper * 3;
        } else {
            overloaded = false;
        }
    }

    /** New options, by -a or -e. */
    void set(String newMethod, long newWeight, long newUpper, long newLower) {
        method = newMethod;
        weight = newWeight;
        if (newWeight > 0) {
            lastWeight = newWeight;
        }
        if (newUpper == 0 || newUpper > upper) {
            overloaded = false;
        }
        upper = newUpper;
        lower = newLower;
    }

    /** The weight as a number to calculate with. */
    BigInteger bigWeight() {
        return BigInteger.valueOf(weight);
    }
}
