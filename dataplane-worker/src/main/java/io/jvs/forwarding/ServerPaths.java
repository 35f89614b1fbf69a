package io.jvs.forwarding;

import java.util.Arrays;

/** The way to each real server by its dense number. Owned by one worker's thread. */
public final class ServerPaths {
    private ServerPath[] paths = new ServerPath[0];

    /** Sets the way to a server; grows as needed (control commands only). */
    public void set(int serverIndex, ServerPath path) {
        if (serverIndex >= paths.length) {
            int old = paths.length;
            paths = Arrays.copyOf(paths, Math.max(16, Integer.highestOneBit(serverIndex) * 2));
            Arrays.fill(paths, old, paths.length, ServerPath.NONE);
        }
        paths[serverIndex] = path;
    }

    /** The way to a server; {@link ServerPath#NONE} for one that was never set. */
    public ServerPath get(int serverIndex) {
        return Integer.compareUnsigned(serverIndex, paths.length) < 0
                ? paths[serverIndex]
                : ServerPath.NONE;
    }
}
