package io.jvs.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessListTest {
    private static AccessList list(String... entries) {
        return AccessList.of(List.of(entries).stream().map(AccessEntry::parse).toList());
    }

    private static boolean denies(AccessList list, String client) {
        return list.denies(Address.parse(client));
    }

    @Test
    void shouldLetEverybodyInWhenEmpty() {
        assertThat(denies(AccessList.EMPTY, "192.0.2.1")).isFalse();
        assertThat(denies(AccessList.EMPTY, "2001:db8::1")).isFalse();
        assertThat(list("deny 10.0.0.0/8").without(List.of(AddressPrefix.parse("10.0.0.0/8"))))
                .isSameAs(AccessList.EMPTY);
    }

    @Test
    void shouldFollowTheLongestPrefix() {
        AccessList list =
                list("10.0.0.0/8", "allow 10.1.0.0/16", "deny 10.1.2.0/24", "allow 0.0.0.0/0");
        assertThat(denies(list, "10.9.9.9")).isTrue();
        assertThat(denies(list, "10.1.9.9")).isFalse();
        assertThat(denies(list, "10.1.2.9")).isTrue();
        assertThat(denies(list, "10.1.3.0")).isFalse();
        assertThat(denies(list, "11.0.0.0")).isFalse();
    }

    @Test
    void shouldDenyTheRestOnceSomeEntryOfTheFamilyAllows() {
        AccessList list = list("allow 10.0.0.0/8", "deny 10.6.0.0/16", "deny 2001:db8::/32");
        assertThat(denies(list, "10.1.1.1")).isFalse();
        assertThat(denies(list, "10.6.1.1")).isTrue();
        assertThat(denies(list, "192.0.2.1")).isTrue();
        assertThat(denies(list, "2001:db8::1")).isTrue();
        assertThat(denies(list, "2001:db9::1")).isFalse();
    }

    @Test
    void shouldReplaceAndForgetEntries() {
        AccessList list = list("deny 10.0.0.0/8", "allow 10.0.0.0/8", "deny 192.0.2.0/24");
        assertThat(list.size()).isEqualTo(2);
        assertThat(list.entry(0)).hasToString("allow 10.0.0.0/8");
        AccessList denied = list.with(List.of(AccessEntry.parse("deny 10.255.255.255/8")));
        assertThat(denied.entry(0)).hasToString("deny 10.0.0.0/8");
        assertThat(denied.has(AddressPrefix.parse("10.0.0.0/8"))).isTrue();
        assertThat(denied.has(AddressPrefix.parse("10.0.0.0/9"))).isFalse();
        assertThat(denied.without(List.of(AddressPrefix.parse("10.0.0.0/8"))).entry(0))
                .hasToString("deny 192.0.2.0/24");
    }

    @ParameterizedTest
    @CsvSource({"false,1", "false,2", "true,3", "true,4"})
    void shouldDecideAsAWalkOverAllEntriesDoes(boolean ipv6, long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            List<AccessEntry> entries = new ArrayList<>();
            int count = random.nextInt(400);
            for (int i = 0; i < count; i++) {
                int length = random.nextInt(ipv6 ? 129 : 33);
                entries.add(
                        new AccessEntry(
                                new AddressPrefix(address(random, ipv6), length),
                                random.nextInt(3) == 0));
            }
            AccessList list = AccessList.of(entries);
            Map<AddressPrefix, Boolean> model = new LinkedHashMap<>();
            entries.forEach(entry -> model.put(entry.prefix(), entry.allowed()));
            assertThat(list.size()).isEqualTo(model.size());
            for (int i = 0; i < 500; i++) {
                Address client = probe(random, ipv6, entries);
                assertThat(list.denies(client))
                        .as("%s of %s", client, entries)
                        .isEqualTo(deniesSlowly(model, client));
            }
            assertThat(AccessList.ofBytes(list.toBytes())).isEqualTo(list);
        }
    }

    /** Few different bits, so that prefixes nest. */
    private static Address address(Random random, boolean ipv6) {
        long few = random.nextLong();
        few &= random.nextLong();
        few &= random.nextLong();
        return ipv6
                ? Address.ofIpv6(few, random.nextBoolean() ? -1 : random.nextLong())
                : Address.ofIpv4((int) few);
    }

    /** An edge of an entry, or any address. */
    private static Address probe(Random random, boolean ipv6, List<AccessEntry> entries) {
        if (entries.isEmpty() || random.nextInt(4) == 0) {
            return address(random, ipv6);
        }
        Address first = entries.get(random.nextInt(entries.size())).prefix().address();
        int step = random.nextInt(3) - 1;
        if (!ipv6) {
            return Address.ofIpv4((int) first.low() + step);
        }
        long low = first.low() + step;
        long carry = step > 0 && low == 0 ? 1 : step < 0 && low == -1 ? -1 : 0;
        return Address.ofIpv6(first.high() + carry, low);
    }

    private static boolean deniesSlowly(Map<AddressPrefix, Boolean> model, Address client) {
        int longest = -1;
        boolean allowed = !model.containsValue(true);
        for (Map.Entry<AddressPrefix, Boolean> entry : model.entrySet()) {
            AddressPrefix prefix = entry.getKey();
            if (prefix.length() > longest && client.isIn(prefix.address(), prefix.length())) {
                longest = prefix.length();
                allowed = entry.getValue();
            }
        }
        return !allowed;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHoldAMillionEntriesInBoundedMemory(boolean ipv6) {
        Random random = new Random(9);
        List<AccessEntry> entries = new ArrayList<>();
        for (int i = 0; i < 1_000_000; i++) {
            Address address =
                    ipv6
                            ? Address.ofIpv6(random.nextLong(), random.nextLong())
                            : Address.ofIpv4(random.nextInt());
            int length = ipv6 ? 32 + random.nextInt(97) : 20 + random.nextInt(13);
            entries.add(new AccessEntry(new AddressPrefix(address, length), i % 2 == 0));
        }
        AccessList list = AccessList.of(entries);
        assertThat(list.size()).isGreaterThan(900_000);
        assertThat(list.lookupBytes()).isLessThan(ipv6 ? 44_000_000 : 18_000_000);
        // One more: a merge and a cut, no sort of the whole.
        AccessList more = list.with(List.of(AccessEntry.parse("deny 192.0.2.7/32")));
        assertThat(denies(more, "192.0.2.7")).isTrue();
        assertThat(more.size()).isBetween(list.size(), list.size() + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0.0/8",
                "2001:db8::/129",
                "10.0.0.0/+8",
                "permit 10.0.0.0/8",
                "deny",
                "deny example.com",
                "allow 10.0.0.0/8 # office"
            })
    void shouldNameWhatIsNoEntry(String text) {
        assertThatThrownBy(() -> AccessEntry.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "'"
                                + text
                                + "' is not an entry of an access list such as 'deny 10.0.0.0/8'");
    }

    @Test
    void shouldRefuseDamagedBytes() {
        byte[] bytes = list("10.0.0.0/8", "10.1.0.0/16").toBytes();
        byte[] turned = new byte[36];
        System.arraycopy(bytes, 0, turned, 18, 18);
        System.arraycopy(bytes, 18, turned, 0, 18);
        assertThatThrownBy(() -> AccessList.ofBytes(turned)).hasMessageContaining("out of order");
        assertThatThrownBy(() -> AccessList.ofBytes(new byte[17])).hasMessageContaining("17 bytes");
        bytes[15] = 1;
        assertThatThrownBy(() -> AccessList.ofBytes(bytes)).hasMessageContaining("entry 0");
    }
}
