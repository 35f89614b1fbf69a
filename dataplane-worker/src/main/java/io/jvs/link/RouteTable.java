package io.jvs.link;

import io.jvs.service.Address;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Connected, static and default routes, longest prefix first. A director has a handful of them:
 * they are columns that are walked. Changed at start, looked up by stages; one thread.
 */
public final class RouteTable {
    /** No gateway: the destination is on the link. */
    public static final int ON_LINK = -1;

    private record Route(Address prefix, int length, int interfaceNumber, int gateway, int mtu) {}

    private final List<Route> routes = new ArrayList<>();
    private int size4;
    private int[] prefix4 = new int[0];
    private int[] mask4 = new int[0];
    private int size6;
    private long[] prefixHigh = new long[0];
    private long[] prefixLow = new long[0];
    private long[] maskHigh = new long[0];
    private long[] maskLow = new long[0];
    private int[] interfaceNumbers = new int[0];
    private int[] gateways = new int[0];
    private int[] mtus = new int[0];

    /**
     * Adds a route.
     *
     * @param prefix the network; host bits are not looked at
     * @param length prefix length
     * @param interfaceNumber the way out
     * @param gateway index in the neighbour table, or {@link #ON_LINK}
     * @param mtuBytes the interface's MTU
     */
    public void add(Address prefix, int length, int interfaceNumber, int gateway, int mtuBytes) {
        routes.add(new Route(prefix.masked(length), length, interfaceNumber, gateway, mtuBytes));
        routes.sort(
                Comparator.comparing((Route route) -> route.prefix().family())
                        .thenComparing(Comparator.comparingInt(Route::length).reversed()));
        rebuild();
    }

    private void rebuild() {
        int size = routes.size();
        size4 = (int) routes.stream().filter(route -> !route.prefix().isIpv6()).count();
        size6 = size - size4;
        prefix4 = new int[size4];
        mask4 = new int[size4];
        prefixHigh = new long[size6];
        prefixLow = new long[size6];
        maskHigh = new long[size6];
        maskLow = new long[size6];
        interfaceNumbers = routes.stream().mapToInt(Route::interfaceNumber).toArray();
        gateways = routes.stream().mapToInt(Route::gateway).toArray();
        mtus = routes.stream().mapToInt(Route::mtu).toArray();
        for (int i = 0; i < size; i++) {
            fill(i, routes.get(i));
        }
    }

    private void fill(int i, Route route) {
        if (i < size4) {
            Address ones = Address.ofIpv4(-1).masked(route.length());
            prefix4[i] = Integer.reverseBytes((int) route.prefix().low());
            mask4[i] = Integer.reverseBytes((int) ones.low());
        } else {
            Address ones = Address.ofIpv6(-1, -1).masked(route.length());
            prefixHigh[i - size4] = Long.reverseBytes(route.prefix().high());
            prefixLow[i - size4] = Long.reverseBytes(route.prefix().low());
            maskHigh[i - size4] = Long.reverseBytes(ones.high());
            maskLow[i - size4] = Long.reverseBytes(ones.low());
        }
    }

    /** The route of an IPv4 address (raw), or -1. */
    public int lookup4(int raw) {
        for (int i = 0; i < size4; i++) {
            if ((raw & mask4[i]) == prefix4[i]) {
                return i;
            }
        }
        return -1;
    }

    /** The route of an IPv6 address (raw halves), or -1. */
    public int lookup6(long rawHigh, long rawLow) {
        for (int i = 0; i < size6; i++) {
            if ((rawHigh & maskHigh[i]) == prefixHigh[i] && (rawLow & maskLow[i]) == prefixLow[i]) {
                return i + size4;
            }
        }
        return -1;
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
