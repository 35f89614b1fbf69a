package io.jvs.worker;

import io.jvs.packet.PacketBurst;
import io.jvs.service.AddressPrefix;
import io.jvs.service.MarkRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker's copy of the mark rules as primitive columns. Asked only for packets without a
 * connection. One thread.
 */
final class MarkRules {
    private static final int ANY_FAMILY = 0;
    private static final int IPV4 = 4;
    private static final int IPV6 = 6;

    /** Raw words of an address prefix: value and mask of both halves. */
    private static final int PREFIX_WORDS = 4;

    private int count;
    private int[] families = new int[0];
    private int[] protocols = new int[0];
    private int[] marks = new int[0];
    private int[] portLimits = new int[0];
    private long[] sources = new long[0];
    private long[] destinations = new long[0];

    /** Takes the rules' place. */
    void set(List<MarkRule> rules) {
        int size = rules.size();
        families = new int[size];
        protocols = new int[size];
        marks = new int[size];
        portLimits = new int[size * 4];
        sources = new long[size * PREFIX_WORDS];
        destinations = new long[size * PREFIX_WORDS];
        for (int i = 0; i < size; i++) {
            put(i, rules.get(i));
        }
        count = size;
    }

    private void put(int i, MarkRule rule) {
        families[i] = family(rule);
        protocols[i] = rule.protocol() == null ? 0 : rule.protocol().number();
        marks[i] = rule.mark();
        portLimits[i * 4] = rule.sourcePorts().first();
        portLimits[i * 4 + 1] = rule.sourcePorts().last();
        portLimits[i * 4 + 2] = rule.destinationPorts().first();
        portLimits[i * 4 + 3] = rule.destinationPorts().last();
        putPrefix(sources, i * PREFIX_WORDS, rule.source());
        putPrefix(destinations, i * PREFIX_WORDS, rule.destination());
    }

    private static int family(MarkRule rule) {
        AddressPrefix prefix = rule.destination() == null ? rule.source() : rule.destination();
        if (prefix == null) {
            return ANY_FAMILY;
        }
        return prefix.address().isIpv6() ? IPV6 : IPV4;
    }

    private static void putPrefix(long[] words, int at, @Nullable AddressPrefix prefix) {
        if (prefix == null) {
            return;
        }
        if (prefix.address().isIpv6()) {
            words[at] = Long.reverseBytes(prefix.address().high());
            words[at + 1] = Long.reverseBytes(prefix.address().low());
            words[at + 2] = Long.reverseBytes(mask(Math.min(prefix.length(), 64)));
            words[at + 3] = Long.reverseBytes(mask(Math.max(prefix.length() - 64, 0)));
        } else {
            int mask = (int) (mask(prefix.length()) >>> 32);
            words[at] = Integer.toUnsignedLong(Integer.reverseBytes((int) prefix.address().low()));
            words[at + 2] = Integer.toUnsignedLong(Integer.reverseBytes(mask));
        }
    }

    private static long mask(int bits) {
        return bits == 0 ? 0 : -1L << 64 - bits;
    }

    /** The mark of a packet, 0 for none. */
    int mark(PacketBurst burst, int i) {
        int mark = 0;
        for (int rule = 0; rule < count; rule++) {
            if (fits(rule, burst, i)) {
                mark = marks[rule];
            }
        }
        return mark;
    }

    private boolean fits(int rule, PacketBurst burst, int i) {
        boolean ipv6 = PacketBurst.isIpv6Flow(burst.kind[i]);
        int family = families[rule];
        if (family != ANY_FAMILY && family != (ipv6 ? IPV6 : IPV4)
                || protocols[rule] != 0 && protocols[rule] != burst.protocol[i]) {
            return false;
        }
        int at = rule * PREFIX_WORDS;
        boolean addresses =
                ipv6
                        ? isIn(sources, at, burst.key0[i], burst.key1[i])
                                && isIn(destinations, at, burst.key2[i], burst.key3[i])
                        : isIn(sources, at, burst.key0[i] & 0xFFFFFFFFL, 0)
                                && isIn(destinations, at, burst.key0[i] >>> 32, 0);
        return addresses
                && isBetween(rule * 4, burst.ports[i])
                && isBetween(rule * 4 + 2, burst.ports[i] >>> 16);
    }

    private static boolean isIn(long[] words, int at, long first, long last) {
        return ((first ^ words[at]) & words[at + 2] | (last ^ words[at + 1]) & words[at + 3]) == 0;
    }

    private boolean isBetween(int at, int rawPort) {
        int port = Short.reverseBytes((short) rawPort) & 0xFFFF;
        return port >= portLimits[at] && port <= portLimits[at + 1];
    }
}
