package io.jvs.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to lblc and lblcr when there are more virtual addresses than they remember. */
class LocalitySchedulerTest {

    @ParameterizedTest
    @ValueSource(strings = {"lblc", "lblcr"})
    void shouldKeepAnAddressInUseWhileManyOthersPass(String name) {
        DestinationList list = SchedulerTest.listOf(1000, 1000, 1000);
        Scheduler scheduler = Scheduler.create(name, Set.of(), list, 9);
        Flow flow = new Flow();
        flow.virtualLow = 1;
        Destination first = Scheduler.pick(scheduler, flow);
        assertThat(first).isNotNull();
        for (int i = 0; i < 10 * AddressTable.CAPACITY; i++) {
            flow.nowSeconds = i / 1000;
            flow.virtualLow = 1000L + i;
            Destination picked = Scheduler.pick(scheduler, flow);
            assertThat(picked).isNotNull();
            if (picked != null) {
                picked.addConnection();
            }
            if (i % 100 == 0) {
                flow.virtualLow = 1;
                assertThat(Scheduler.pick(scheduler, flow)).isSameAs(first);
            }
        }
    }

    /** The second address has taken the other server; the first one is asked for again. */
    @ParameterizedTest
    @CsvSource({"lblc,99,true", "lblc,100,false", "lblcr,99,true", "lblcr,100,false"})
    void shouldForgetAnAddressAfterItsExpiration(String name, int seconds, boolean remembered) {
        DestinationList list = SchedulerTest.listOf(1000, 1000);
        Scheduler scheduler = Scheduler.create(name, Set.of(), list, 9);
        Flow flow = new Flow();
        flow.lblcExpirationSeconds = 100;
        flow.lblcrExpirationSeconds = 100;
        flow.virtualLow = 1;
        Destination first = Scheduler.pick(scheduler, flow);
        assertThat(first).isNotNull();
        if (first != null) {
            Counts.set(first, 0, 10);
        }
        flow.nowSeconds = seconds;
        assertThat(Scheduler.pick(scheduler, flow) == first).isEqualTo(remembered);
    }

    @Test
    void shouldFindWhatItHoldsAndNothingElse() {
        AddressTable table = new AddressTable(77, AddressTable.CAPACITY);
        for (int i = 0; i < AddressTable.CAPACITY; i++) {
            assertThat(table.isFull()).isFalse();
            table.add(i / 7, i, i);
        }
        assertThat(table.isFull()).isTrue();
        assertThat(table.size()).isEqualTo(AddressTable.CAPACITY);
        for (int i = 0; i < AddressTable.CAPACITY; i += 3) {
            table.remove(table.find(i / 7, i));
        }
        for (int i = 0; i < AddressTable.CAPACITY; i++) {
            int entry = table.find(i / 7, i);
            if (i % 3 == 0) {
                assertThat(entry).isEqualTo(AddressTable.NONE);
            } else {
                assertThat(table.idleSeconds(entry, i + 5)).isEqualTo(5);
            }
        }
        assertThat(table.find(0, -1)).isEqualTo(AddressTable.NONE);
    }

    @Test
    void shouldStopGrowingSetsWhenMembersAreUsedUp() {
        DestinationSets sets = new DestinationSets(4, 4);
        DestinationList list = SchedulerTest.listOf(1, 1, 1, 1, 1, 1);
        for (int i = 0; i < list.size(); i++) {
            sets.add(0, list.get(i), 0);
        }
        assertThat(sets.size(0)).isEqualTo(5);
        for (int entry = 1; entry < 4; entry++) {
            sets.add(entry, list.get(0), 0);
            sets.add(entry, list.get(1), 0);
            assertThat(sets.size(entry)).isEqualTo(1);
        }
        sets.clear(0);
        assertThat(sets.least(0)).isNull();
        sets.add(1, list.get(1), 0);
        assertThat(sets.size(1)).isEqualTo(2);
    }
}
