package io.jvs.link;

import io.jvs.service.Address;
import io.jvs.service.PrefixMap;
import io.jvs.service.PrefixRanges;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Connected, static and default routes; the longest prefix wins, of equal ones the first. Changed
 * at start, looked up by stages; one thread.
 */
public final class RouteTable {
    /** No gateway: the destination is on the link. */
    public static final int ON_LINK = -1;

    private static final int NONE = -1;

    private record Route(Address prefix, int length, int interfaceNumber, int gateway, int mtu) {
        boolean isFor(Address otherPrefix, int otherLength) {
            return length == otherLength && prefix.equals(otherPrefix);
        }
    }

    private final List<Route> routes = new ArrayList<>();
    private PrefixMap ipv4 = new PrefixRanges(false, NONE).build();
    private PrefixMap ipv6 = new PrefixRanges(true, NONE).build();
    private int[] interfaceNumbers = new int[0];
    private int[] gateways = new int[0];
    private int[] mtus = new int[0];

    /**
     * Adds a route; one to a network that there is a route to already has no effect.
     *
     * @param prefix the network; host bits are not looked at
     * @param length prefix length
     * @param interfaceNumber the way out
     * @param gateway index in the neighbour table, or {@link #ON_LINK}
     * @param mtuBytes the interface's MTU
     */
    public void add(Address prefix, int length, int interfaceNumber, int gateway, int mtuBytes) {
        Route added = new Route(prefix.masked(length), length, interfaceNumber, gateway, mtuBytes);
        if (routes.stream().anyMatch(route -> route.isFor(added.prefix, length))) {
            return;
        }
        routes.add(added);
        routes.sort(Comparator.comparing(Route::prefix).thenComparingInt(Route::length));
        rebuild();
    }

    private void rebuild() {
        interfaceNumbers = routes.stream().mapToInt(Route::interfaceNumber).toArray();
        gateways = routes.stream().mapToInt(Route::gateway).toArray();
        mtus = routes.stream().mapToInt(Route::mtu).toArray();
        ipv4 = map(false);
        ipv6 = map(true);
    }

    private PrefixMap map(boolean forIpv6) {
        PrefixRanges ranges = new PrefixRanges(forIpv6, NONE);
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            if (route.prefix.isIpv6() == forIpv6) {
                ranges.add(route.prefix.high(), route.prefix.low(), route.length, i);
            }
        }
        return ranges.build();
    }

    /** The route of an IPv4 address (raw), or -1. */
    public int lookup4(int raw) {
        return ipv4.find4(Integer.reverseBytes(raw));
    }

    /** The first address around an IPv4 address (raw) that has the same route; host order. */
    public int first4(int raw) {
        return ipv4.first4(Integer.reverseBytes(raw));
    }

    /** The last address around an IPv4 address (raw) that has the same route; host order. */
    public int last4(int raw) {
        return ipv4.last4(Integer.reverseBytes(raw));
    }

    /** The route of an IPv6 address (raw halves), or -1. */
    public int lookup6(long rawHigh, long rawLow) {
        return ipv6.find6(Long.reverseBytes(rawHigh), Long.reverseBytes(rawLow));
    }

    /** The route of an address, or -1; for the control path. */
    public int lookup(Address address) {
        return address.isIpv6()
                ? lookup6(Long.reverseBytes(address.high()), Long.reverseBytes(address.low()))
                : lookup4(Integer.reverseBytes((int) address.low()));
    }

    /** The way out. */
    public int interfaceNumber(int route) {
        return interfaceNumbers[route];
    }

    /** The gateway's index in the neighbour table, or {@link #ON_LINK}. */
    public int gateway(int route) {
        return gateways[route];
    }

    /** Largest IP packet in bytes. */
    public int mtu(int route) {
        return mtus[route];
    }
}
