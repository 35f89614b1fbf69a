package io.jvs.forwarding;

import java.util.Arrays;

/** The way to each real server by its dense number. Owned by one worker's thread. */
public final class ServerPaths {
    private ServerPath[] paths = new ServerPath[0];

    /** By server: number of its tunnel's end, where it has one. */
    private int[] ends = new int[0];

    private final PathMtus learned = new PathMtus();

    /** Sets the way to a server; grows as needed (control commands only). */
    public void set(int serverIndex, ServerPath path) {
        if (serverIndex >= paths.length) {
            int old = paths.length;
            paths = Arrays.copyOf(paths, Math.max(16, Integer.highestOneBit(serverIndex) * 2));
            Arrays.fill(paths, old, paths.length, ServerPath.NONE);
            ends = Arrays.copyOf(ends, paths.length);
        }
        paths[serverIndex] = path;
        if (path.overheadBytes != 0) {
            ends[serverIndex] =
                    learned.hold(
                            path.outerDestination0,
                            path.outerIpv6 ? path.outerDestination1 : 0,
                            path.outerIpv6);
        }
    }

    /** The way to a server; {@link ServerPath#NONE} for one that was never set. */
    public ServerPath get(int serverIndex) {
        return Integer.compareUnsigned(serverIndex, paths.length) < 0
                ? paths[serverIndex]
                : ServerPath.NONE;
    }

    /** Largest IP packet on the way to a server that was set, as far as is known now. */
    public int mtu(int serverIndex, int nowTicks) {
        ServerPath path = paths[serverIndex];
        return path.overheadBytes == 0
                ? path.mtu
                : learned.limit(ends[serverIndex], path.mtu, nowTicks);
    }

    /** What routers have told about the ways through tunnels. */
    public PathMtus learned() {
        return learned;
    }
}
