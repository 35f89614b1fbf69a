package io.jvs.connection;

/** What a table asks and tells its owner, on the worker's thread. */
public interface ConnectionListener {

    /**
     * Asks whether a connection whose time is up may go. To keep it, write a new last-seen time or
     * timeout into the record and answer false: its timer is set anew from them.
     *
     * @param id its id
     * @param record address of its record
     * @param nowTicks the time
     */
    boolean mayExpire(int id, long record, int nowTicks);

    /**
     * Tells that a connection is gone from the index; its record can still be read during this
     * call. Other connections may be removed from here.
     *
     * @param id its id
     * @param record address of its record
     */
    void onRemoved(int id, long record);
}
