package io.jvs.connection;

import java.util.Arrays;

/** Lets everything expire and notes the last ids that went; as frugal as a real listener. */
final class RecordingListener implements ConnectionListener {
    private final int[] ids = new int[64];
    private int count;
    boolean mayExpire = true;

    int[] removed() {
        return Arrays.copyOf(ids, Math.min(count, ids.length));
    }

    @Override
    public boolean mayExpire(int id, long record, int nowTicks) {
        if (!mayExpire) {
            ConnectionLayout.setLastSeenTicks(record, nowTicks);
        }
        return mayExpire;
    }

    @Override
    public void onRemoved(int id, long record) {
        ids[count++ & 63] = id;
    }
}
