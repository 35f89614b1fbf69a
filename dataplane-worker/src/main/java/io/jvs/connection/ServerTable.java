package io.jvs.connection;

import io.jvs.scheduler.Destination;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The real servers that records name by number. Changed by control commands, read for packets; one
 * thread.
 */
public final class ServerTable {
    private @Nullable Destination[] servers = new @Nullable Destination[64];
    private boolean[] isChanged = new boolean[64];
    private int[] changed = new int[64];
    private int changedCount;

    /** The server of a number, or null. */
    public @Nullable Destination find(int serverIndex) {
        return serverIndex >= 0 && serverIndex < servers.length ? servers[serverIndex] : null;
    }

    /** Puts a server at its number. */
    public void put(Destination destination) {
        int index = destination.serverIndex;
        if (index >= servers.length) {
            int length = Math.max(index + 1, servers.length * 2);
            servers = Arrays.copyOf(servers, length);
            isChanged = Arrays.copyOf(isChanged, length);
            changed = Arrays.copyOf(changed, length);
        }
        servers[index] = destination;
    }

    /** Forgets the server of a number. */
    public void remove(int serverIndex) {
        if (serverIndex >= 0 && serverIndex < servers.length) {
            servers[serverIndex] = null;
        }
    }

    /** Notes that a server's counts have changed, for {@link #takeChanged}. */
    public void noteChanged(Destination destination) {
        int index = destination.serverIndex;
        if (!isChanged[index]) {
            isChanged[index] = true;
            changed[changedCount++] = index;
        }
    }

    /** One of the servers whose counts have changed since it was last taken, or null. */
    public @Nullable Destination takeChanged() {
        if (changedCount == 0) {
            return null;
        }
        int index = changed[--changedCount];
        isChanged[index] = false;
        return servers[index];
    }

    /** One more than the highest number that has room. */
    public int length() {
        return servers.length;
    }
}
