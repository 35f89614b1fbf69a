package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.MemoryRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceOffsetsTest {
    private static final int CLIENT = 0;
    private static final int SERVER = 1;

    private final MemoryRegion memory = MemoryRegion.anonymous(4096);
    private final ConnectionExtras extras = new ConnectionExtras(10);
    private final long connection = memory.address();
    private long extra;

    @BeforeEach
    void attach() {
        extra = extras.attach(connection);
    }

    @AfterEach
    void close() {
        extras.close();
        memory.close();
    }

    private boolean isShifted() {
        return ConnectionLayout.has(connection, ConnectionLayout.SHIFTED);
    }

    private void change(int direction, int position, int bytes) {
        SequenceOffsets.change(connection, extra, direction, position, bytes);
    }

    private int forward(int direction, int sequence) {
        return SequenceOffsets.forward(extra, direction, sequence);
    }

    private int back(int direction, int acknowledgement) {
        return SequenceOffsets.back(extra, direction, acknowledgement);
    }

    @Test
    void shouldLeaveNumbersAloneBeforeAChange() {
        assertThat(isShifted()).isFalse();
        assertThat(forward(CLIENT, 12345)).isEqualTo(12345);
        assertThat(back(SERVER, -7)).isEqualTo(-7);
    }

    @Test
    void shouldShiftWhatFollowsAGrownText() {
        change(SERVER, 1000, 3);
        assertThat(isShifted()).isTrue();
        assertThat(forward(SERVER, 999)).isEqualTo(999);
        assertThat(forward(SERVER, 1000)).as("the text once more").isEqualTo(1000);
        assertThat(forward(SERVER, 1040)).isEqualTo(1043);
        assertThat(back(SERVER, 1000)).isEqualTo(1000);
        assertThat(back(SERVER, 1043)).isEqualTo(1040);
        assertThat(forward(CLIENT, 1040)).as("the other direction").isEqualTo(1040);
        assertThat(back(CLIENT, 1043)).isEqualTo(1043);
    }

    @Test
    void shouldShiftWhatFollowsAShrunkText() {
        change(CLIENT, 1000, -5);
        assertThat(forward(CLIENT, 1030)).isEqualTo(1025);
        assertThat(back(CLIENT, 1025)).isEqualTo(1030);
    }

    @Test
    void shouldCountATextThatIsSentOnceMoreOnce() {
        change(CLIENT, 1000, 4);
        change(CLIENT, 1000, 4);
        change(CLIENT, 990, 4);
        assertThat(forward(CLIENT, 1030)).isEqualTo(1034);
        assertThat(SequenceOffsets.position(extra, CLIENT)).isEqualTo(1000);
        assertThat(SequenceOffsets.growth(extra, CLIENT)).isEqualTo(4);
    }

    @Test
    void shouldAddUpChanges() {
        change(CLIENT, 1000, 4);
        change(CLIENT, 2000, -1);
        assertThat(forward(CLIENT, 2000)).isEqualTo(2004);
        assertThat(forward(CLIENT, 2001)).isEqualTo(2004);
        assertThat(back(CLIENT, 2004)).as("nothing of the second").isEqualTo(2000);
        assertThat(SequenceOffsets.growth(extra, CLIENT)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, -3, -20, Integer.MAX_VALUE, Integer.MAX_VALUE - 10})
    void shouldWrapAround(int position) {
        change(SERVER, position, 6);
        assertThat(forward(SERVER, position)).isEqualTo(position);
        assertThat(forward(SERVER, position + 25)).isEqualTo(position + 31);
        assertThat(back(SERVER, position)).isEqualTo(position);
        assertThat(back(SERVER, position + 31)).isEqualTo(position + 25);
    }

    @Test
    void shouldBeginWithAnOffset() {
        SequenceOffsets.begin(connection, extra, SERVER, 5000, 0x7000_0000);
        assertThat(isShifted()).isTrue();
        assertThat(forward(SERVER, 5000)).isEqualTo(5000 + 0x7000_0000);
        assertThat(forward(SERVER, 5001)).isEqualTo(5001 + 0x7000_0000);
        change(SERVER, 6000, 2);
        assertThat(forward(SERVER, 6000)).isEqualTo(6000 + 0x7000_0000);
        assertThat(forward(SERVER, 6020)).isEqualTo(6022 + 0x7000_0000);
        assertThat(back(SERVER, 6022 + 0x7000_0000)).isEqualTo(6020);
    }

    @Test
    void shouldForgetWhenAnotherSessionBegins() {
        change(SERVER, 1000, 3);
        change(CLIENT, 1000, 3);
        SequenceOffsets.reset(connection, extra);
        assertThat(isShifted()).isFalse();
        assertThat(forward(SERVER, 2000)).isEqualTo(2000);
        assertThat(back(CLIENT, 2000)).isEqualTo(2000);
    }

    /** The slow, obvious way: every change ever, and each sender waits for its text to arrive. */
    @Test
    void shouldDoAsAListOfAllChangesDoes() {
        SplittableRandom random = new SplittableRandom(2029);
        for (int round = 0; round < 200; round++) {
            extras.detach(connection);
            extra = extras.attach(connection);
            play(random, random.nextInt());
        }
    }

    private record Change(long end, int bytes) {}

    private void play(SplittableRandom random, int first) {
        List<Change> changes = new ArrayList<>();
        long sent = 0;
        long before = 0;
        for (int step = 0; step < 200; step++) {
            long start = sent;
            int bytes = 20 + random.nextInt(1400);
            sent += bytes;
            if (random.nextInt(5) == 0) {
                int growth = random.nextInt(23) - 11;
                before = start;
                changes.add(new Change(sent, growth));
                change(CLIENT, first + (int) start, growth);
            }
            long from = before == start ? start : before + random.nextLong(start - before + 1);
            boolean inText = from > before && from < textEnd(changes);
            if (!inText) {
                int out = first + (int) (from + total(changes, from));
                assertThat(forward(CLIENT, first + (int) from)).isEqualTo(out);
                assertThat(back(CLIENT, out)).isEqualTo(first + (int) from);
            }
            int end = first + (int) (sent + total(changes, sent));
            assertThat(back(CLIENT, end)).isEqualTo(first + (int) sent);
        }
    }

    private static long textEnd(List<Change> changes) {
        return changes.isEmpty() ? 0 : changes.getLast().end();
    }

    private static long total(List<Change> changes, long position) {
        return changes.stream()
                .filter(change -> change.end() <= position)
                .mapToLong(Change::bytes)
                .sum();
    }
}
