package io.jvs.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TwoChoicesSchedulerTest {

    /** Ten thousand random draws against a scale that is written out mark by mark. */
    @Test
    void shouldTakeTheBetterOfTwoMarksOnTheScale() {
        SplittableRandom random = new SplittableRandom(5);
        for (int step = 0; step < 10_000; step++) {
            DestinationList list = SchedulerTest.listOf(weights(random));
            List<Destination> scale = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                Destination d = list.get(i);
                d.setOverloaded(random.nextInt(5) == 0);
                Counts.set(d, random.nextInt(10), random.nextInt(600));
                for (int mark = 0; !d.isOverloaded() && mark < d.weight(); mark++) {
                    scale.add(d);
                }
            }
            TwoChoicesScheduler scheduler =
                    (TwoChoicesScheduler) Scheduler.create("twos", Set.of(), list, 1);
            if (scale.isEmpty()) {
                assertThat(TwoChoicesScheduler.draw(scheduler)).isNull();
                continue;
            }
            int first = random.nextInt(scale.size() + 1);
            int second = random.nextInt(scale.size() + 1);

            assertThat(TwoChoicesScheduler.choose(scheduler, first, second))
                    .isSameAs(better(at(scale, first), at(scale, second)));
        }
    }

    private static int[] weights(SplittableRandom random) {
        int[] weights = new int[1 + random.nextInt(6)];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextInt(8);
        }
        return weights;
    }

    private static Destination at(List<Destination> scale, int mark) {
        return scale.get(Math.max(0, mark - 1));
    }

    private static Destination better(Destination one, Destination other) {
        double oneLoad = (one.active() * 256.0 + one.inactive()) / one.weight();
        double otherLoad = (other.active() * 256.0 + other.inactive()) / other.weight();
        return otherLoad < oneLoad - 1e-9 ? other : one;
    }

    /**
     * With equal loads of nothing the first draw decides: server 3 stands first and has marks 0 to
     * 3 of 7, server 2 has 4 and 5, server 1 has 6.
     */
    @Test
    void shouldDrawByWeight() {
        DestinationList list = SchedulerTest.listOf(1, 2, 3);
        Scheduler scheduler = Scheduler.create("twos", Set.of(), list, 42);
        int[] picks = new int[3];
        int draws = 70_000;
        for (int i = 0; i < draws; i++) {
            picks[indexOf(Scheduler.pick(scheduler, new Flow()))]++;
        }

        // Five standard deviations of a binomial distribution are 5 * sqrt(70000 * p * (1 - p)).
        assertThat(picks[2]).isCloseTo(draws * 4 / 7, within(655));
        assertThat(picks[1]).isCloseTo(draws * 2 / 7, within(598));
        assertThat(picks[0]).isCloseTo(draws / 7, within(463));
    }

    @Test
    void shouldDrawOtherwiseFromAnotherSeed() {
        DestinationList list = SchedulerTest.listOf(1, 1, 1);
        Scheduler one = Scheduler.create("twos", Set.of(), list, 1);
        Scheduler same = Scheduler.create("twos", Set.of(), list, 1);
        Scheduler other = Scheduler.create("twos", Set.of(), list, 2);
        int differences = 0;
        for (int i = 0; i < 100; i++) {
            Destination picked = Scheduler.pick(one, new Flow());
            assertThat(Scheduler.pick(same, new Flow())).isSameAs(picked);
            differences += Scheduler.pick(other, new Flow()) == picked ? 0 : 1;
        }
        assertThat(differences).isGreaterThan(20);
    }

    private static int indexOf(@Nullable Destination destination) {
        return destination == null ? -1 : destination.serverIndex;
    }
}
