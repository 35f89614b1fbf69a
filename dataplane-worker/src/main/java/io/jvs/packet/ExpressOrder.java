package io.jvs.packet;

import io.jvs.memory.Memory;

/**
 * Keeps flows in order of which a burst holds packets that are not plain: with options, in
 * fragments, with a priority tag, very short. Their plain packets are left to the stages with them,
 * or they would overtake. Rare: no view, which code that is not hot allocates.
 */
public final class ExpressOrder {
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
    private static final int SIX_BITS = 58;
    private static final int ADDRESSES = 12;

    private ExpressOrder() {}

    /** Takes the records from rows with the addresses of a packet of the burst that has no row. */
    public static void leaveMixed(PacketBurst burst, ExpressRows rows) {
        long base = rows.base();
        long mixed = 0;
        int next = 0;
        for (int i = 0; i < burst.count; i++) {
            if (next < rows.count && row(base, next) == i) {
                next++;
            } else {
                mixed |= addresses(burst.data[i], burst.length[i]);
            }
        }
        if (mixed != 0) {
            leave(base, rows.count, mixed);
        }
    }

    private static int row(long base, int j) {
        return Memory.getShort(ExpressRows.address(base, j) + ExpressRows.ROW);
    }

    private static void leave(long base, int count, long mixed) {
        for (int j = 0; j < count; j++) {
            long row = ExpressRows.address(base, j);
            if ((mixed & bit(Memory.getLong(row + ExpressRows.ADDRESSES))) != 0) {
                Memory.putLong(row + ExpressRows.RECORD, 0);
            }
        }
    }

    /** The bit of a frame's IPv4 addresses, 0 for none. */
    private static long addresses(long frame, int length) {
        boolean tagged =
                length >= EthernetHeader.BYTES + EthernetHeader.VLAN_BYTES
                        && EthernetHeader.type(frame) == EthernetHeader.TYPE_VLAN;
        int header = EthernetHeader.BYTES + (tagged ? EthernetHeader.VLAN_BYTES : 0);
        if (length < header + Ipv4Header.BYTES) {
            return 0;
        }
        int type = tagged ? EthernetHeader.taggedType(frame) : EthernetHeader.type(frame);
        return type == EthernetHeader.TYPE_IPV4
                ? bit(Memory.getLong(frame + header + ADDRESSES))
                : 0;
    }

    /** One bit for all packets with two addresses. */
    private static long bit(long addresses) {
        return 1L << (addresses * MIX >>> SIX_BITS);
    }
}
