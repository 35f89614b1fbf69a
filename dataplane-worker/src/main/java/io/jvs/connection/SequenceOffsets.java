package io.jvs.connection;

import io.jvs.memory.Memory;

/**
 * Sequence numbers of a TCP connection whose data changes length on the way (struct nf_ct_seqadj,
 * net/netfilter/nf_conntrack_seqadj.c): of each direction the place of the last change, and the
 * offsets before and after it. Everything is modulo 2^32, in host order.
 *
 * <p>A place is the sequence number, as its sender counts, where the changed text begins. What
 * begins up to there, the changed text sent once more included, has the offset before; what begins
 * behind it the one after.
 */
public final class SequenceOffsets {
    private SequenceOffsets() {}

    private static long at(long extra, int direction) {
        return extra + direction * ExtraLayout.DIRECTION_BYTES;
    }

    /**
     * The sequence number that the other side gets to see.
     *
     * @param extra address of the auxiliary record
     * @param direction of the packet, FROM_CLIENT or FROM_SERVER
     * @param sequence as its sender counts
     */
    public static int forward(long extra, int direction, int sequence) {
        return sequence + offset(at(extra, direction), sequence);
    }

    /**
     * What an acknowledgement number (or the edge of a SACK block) was before {@link #forward}.
     *
     * @param extra address of the auxiliary record
     * @param direction of the data that is acknowledged: the opposite of the packet's
     * @param acknowledgement as the receiver of the data counts
     */
    public static int back(long extra, int direction, int acknowledgement) {
        long words = at(extra, direction);
        int unchanged = acknowledgement - Memory.getInt(words + ExtraLayout.BEFORE);
        return acknowledgement - offset(words, unchanged);
    }

    private static int offset(long words, int sequence) {
        boolean behind = sequence - Memory.getInt(words + ExtraLayout.POSITION) > 0;
        return Memory.getInt(words + (behind ? ExtraLayout.AFTER : ExtraLayout.BEFORE));
    }

    /**
     * Notes that text grew or shrank; for the same place once more nothing happens
     * (nf_ct_seqadj_set). Sets {@link ConnectionLayout#SHIFTED}.
     *
     * @param connection address of the connection's record
     * @param extra address of its auxiliary record
     * @param direction of the text
     * @param position where it begins, as its sender counts
     * @param bytes by how much it grew; negative when it shrank
     */
    public static void change(long connection, long extra, int direction, int position, int bytes) {
        long words = at(extra, direction);
        int after = Memory.getInt(words + ExtraLayout.AFTER);
        if (Memory.getInt(words + ExtraLayout.BEFORE) != after
                && position - Memory.getInt(words + ExtraLayout.POSITION) <= 0) {
            return;
        }
        Memory.putInt(words + ExtraLayout.POSITION, position);
        Memory.putInt(words + ExtraLayout.BEFORE, after);
        Memory.putInt(words + ExtraLayout.AFTER, after + bytes);
        ConnectionLayout.set(connection, ConnectionLayout.SHIFTED);
    }

    /**
     * Sets one offset for all that a direction sends: the difference between the first sequence
     * number that was promised to the other side and that of the sender. Sets {@link
     * ConnectionLayout#SHIFTED}.
     *
     * @param first the sender's first sequence number
     */
    public static void begin(long connection, long extra, int direction, int first, int offset) {
        long words = at(extra, direction);
        Memory.putInt(words + ExtraLayout.POSITION, first);
        Memory.putInt(words + ExtraLayout.BEFORE, offset);
        Memory.putInt(words + ExtraLayout.AFTER, offset);
        ConnectionLayout.set(connection, ConnectionLayout.SHIFTED);
    }

    /** Forgets all changes: another session begins on the same record. */
    public static void reset(long connection, long extra) {
        Memory.zero(extra, 2L * ExtraLayout.DIRECTION_BYTES);
        ConnectionLayout.clear(connection, ConnectionLayout.SHIFTED);
    }

    /** Where the last change of a direction is, as its sender counts. */
    public static int position(long extra, int direction) {
        return Memory.getInt(at(extra, direction) + ExtraLayout.POSITION);
    }

    /** By how much the text of the last change grew. */
    public static int growth(long extra, int direction) {
        long words = at(extra, direction);
        return Memory.getInt(words + ExtraLayout.AFTER) - Memory.getInt(words + ExtraLayout.BEFORE);
    }
}
