package io.jvs.bench.scenario;

import java.util.List;
import java.util.SplittableRandom;

/** Draws lots, the same ones for the same seed. */
public final class Draw {
    private final SplittableRandom random;

    /** Begins at a seed. */
    public Draw(long seed) {
        random = new SplittableRandom(seed);
    }

    /** A number from {@code low} to {@code high}, both included. */
    public int between(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    /** True in so many of a hundred cases. */
    public boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** One of them. */
    @SafeVarargs
    public final <T> T of(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** One of them. */
    public <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A seed of its own for something else. */
    public long seed() {
        return random.nextLong();
    }
}
