package io.jvs.dpdk;

import static io.jvs.memory.Memory.getInt;
import static io.jvs.memory.Memory.getLong;
import static io.jvs.memory.Memory.getUnsignedShort;
import static io.jvs.memory.Memory.putInt;
import static io.jvs.memory.Memory.putLong;
import static io.jvs.memory.Memory.putShort;
import static io.jvs.memory.Memory.putShortBe;

import io.jvs.dpdk.raw.Dpdk;
import io.jvs.dpdk.raw.v22.Layouts;
import io.jvs.memory.Memory;

/**
 * Packet buffers (struct rte_mbuf, rte_mbuf_core.h), named by their address. Rewrites the static
 * inline functions of rte_mbuf.h that no library exports. The structure is the same in 22.11 and
 * 24.11, which a test holds. Lengths are in bytes; nothing allocates, and the owner of the mbuf is
 * the only one who writes it.
 */
public final class Mbuf {
    /** Bytes of an mbuf's address in an array of mbufs. */
    public static final int POINTER_BYTES = 8;

    /** Free bytes in front of a fresh frame (RTE_PKTMBUF_HEADROOM). */
    public static final int HEADROOM_BYTES = Dpdk.RTE_PKTMBUF_HEADROOM();

    /** {@link #offloadFlags}: a VLAN tag was taken off, see {@link #vlanTci}. */
    public static final long RX_VLAN_STRIPPED = Dpdk.RTE_MBUF_F_RX_VLAN_STRIPPED();

    /** {@link #offloadFlags}: {@link #rssHash} is set. */
    public static final long RX_RSS_HASH = Dpdk.RTE_MBUF_F_RX_RSS_HASH();

    /** {@link #offloadFlags}: the bits that tell of the IPv4 header checksum; none is unknown. */
    public static final long RX_IP_CHECKSUM_MASK = Dpdk.RTE_MBUF_F_RX_IP_CKSUM_MASK();

    /** {@link #RX_IP_CHECKSUM_MASK}: wrong. */
    public static final long RX_IP_CHECKSUM_BAD = Dpdk.RTE_MBUF_F_RX_IP_CKSUM_BAD();

    /** {@link #RX_IP_CHECKSUM_MASK}: right. */
    public static final long RX_IP_CHECKSUM_GOOD = Dpdk.RTE_MBUF_F_RX_IP_CKSUM_GOOD();

    /** {@link #offloadFlags}: the bits that tell of the TCP or UDP checksum; none is unknown. */
    public static final long RX_L4_CHECKSUM_MASK = Dpdk.RTE_MBUF_F_RX_L4_CKSUM_MASK();

    /** {@link #RX_L4_CHECKSUM_MASK}: wrong. */
    public static final long RX_L4_CHECKSUM_BAD = Dpdk.RTE_MBUF_F_RX_L4_CKSUM_BAD();

    /** {@link #RX_L4_CHECKSUM_MASK}: right. */
    public static final long RX_L4_CHECKSUM_GOOD = Dpdk.RTE_MBUF_F_RX_L4_CKSUM_GOOD();

    /** {@link #offloadFlags}: the frame to send is IPv4. */
    public static final long TX_IPV4 = Dpdk.RTE_MBUF_F_TX_IPV4();

    /** {@link #offloadFlags}: the frame to send is IPv6. */
    public static final long TX_IPV6 = Dpdk.RTE_MBUF_F_TX_IPV6();

    /** {@link #offloadFlags}: compute the IPv4 header checksum. */
    public static final long TX_IP_CHECKSUM = Dpdk.RTE_MBUF_F_TX_IP_CKSUM();

    /** {@link #offloadFlags}: compute the TCP checksum. */
    public static final long TX_TCP_CHECKSUM = Dpdk.RTE_MBUF_F_TX_TCP_CKSUM();

    /** {@link #offloadFlags}: compute the UDP checksum. */
    public static final long TX_UDP_CHECKSUM = Dpdk.RTE_MBUF_F_TX_UDP_CKSUM();

    /** {@link #offloadFlags}: put the VLAN tag of {@link #vlanTci} on. */
    public static final long TX_VLAN = Dpdk.RTE_MBUF_F_TX_VLAN();

    private static final long BUF_ADDR = Layouts.MBUF_BUF_ADDR();
    private static final long DATA_OFF = Layouts.MBUF_DATA_OFF();
    private static final long REFCNT = Layouts.MBUF_REFCNT();
    private static final long NB_SEGS = Layouts.MBUF_NB_SEGS();
    private static final long PORT = Layouts.MBUF_PORT();
    private static final long OL_FLAGS = Layouts.MBUF_OL_FLAGS();
    private static final long PACKET_TYPE = Layouts.MBUF_PACKET_TYPE();
    private static final long PKT_LEN = Layouts.MBUF_PKT_LEN();
    private static final long DATA_LEN = Layouts.MBUF_DATA_LEN();
    private static final long VLAN_TCI = Layouts.MBUF_VLAN_TCI();
    private static final long HASH_RSS = Layouts.MBUF_HASH_RSS();
    private static final long VLAN_TCI_OUTER = Layouts.MBUF_VLAN_TCI_OUTER();
    private static final long BUF_LEN = Layouts.MBUF_BUF_LEN();
    private static final long POOL = Layouts.MBUF_POOL();
    private static final long NEXT = Layouts.MBUF_NEXT();
    private static final long TX_OFFLOAD = Layouts.MBUF_TX_OFFLOAD();

    private static final long EXTERNAL = Dpdk.RTE_MBUF_F_EXTERNAL();
    private static final int MAC_ADDRESSES_BYTES = 12;
    private static final int VLAN_BYTES = 4;
    private static final int VLAN_TYPE = 0x8100;
    private static final int PORT_INVALID = 0xffff; // RTE_MBUF_PORT_INVALID

    // The bitfields of tx_offload (rte_mbuf_core.h): l2_len:7 l3_len:9 l4_len:8 tso_segsz:16
    private static final int L3_SHIFT = 7;
    private static final int L4_SHIFT = 16;
    private static final int TSO_SHIFT = 24;
    private static final long L2_MASK = 0x7f;
    private static final long L3_MASK = 0x1ff;
    private static final long L4_MASK = 0xff;
    private static final long TSO_MASK = 0xffff;
    private static final long LENGTHS_MASK = (1L << TSO_SHIFT) - 1;

    private Mbuf() {}

    /** Where the frame's first byte is (rte_pktmbuf_mtod). */
    public static long dataAddress(long mbuf) {
        return getLong(mbuf + BUF_ADDR) + getUnsignedShort(mbuf + DATA_OFF);
    }

    /** The bytes of this segment. */
    public static int dataLength(long mbuf) {
        return getUnsignedShort(mbuf + DATA_LEN);
    }

    /** The bytes of the frame, all segments together. */
    public static int packetLength(long mbuf) {
        return getInt(mbuf + PKT_LEN);
    }

    /** Sets both lengths of a frame of one segment; at most 65535. */
    public static void setLengths(long mbuf, int bytes) {
        putInt(mbuf + PKT_LEN, bytes);
        putShort(mbuf + DATA_LEN, bytes);
    }

    /** The number of the port that received it. */
    public static int port(long mbuf) {
        return getUnsignedShort(mbuf + PORT);
    }

    /** Sets {@link #port}. */
    public static void setPort(long mbuf, int port) {
        putShort(mbuf + PORT, port);
    }

    /** The offload flags: RX_ and TX_ constants. */
    public static long offloadFlags(long mbuf) {
        return getLong(mbuf + OL_FLAGS);
    }

    /** Sets {@link #offloadFlags}. */
    public static void setOffloadFlags(long mbuf, long flags) {
        putLong(mbuf + OL_FLAGS, flags);
    }

    /** What the port recognized (rte_mbuf_ptype.h), 0 when nothing. */
    public static int packetType(long mbuf) {
        return getInt(mbuf + PACKET_TYPE);
    }

    /** The VLAN tag control information that was taken off or is to be put on, 16 bits. */
    public static int vlanTci(long mbuf) {
        return getUnsignedShort(mbuf + VLAN_TCI);
    }

    /** Sets {@link #vlanTci}. */
    public static void setVlanTci(long mbuf, int tci) {
        putShort(mbuf + VLAN_TCI, tci);
    }

    /** The RSS hash, when {@link #RX_RSS_HASH} says so. */
    public static int rssHash(long mbuf) {
        return getInt(mbuf + HASH_RSS);
    }

    /** How many segments the frame has. */
    public static int segments(long mbuf) {
        return getUnsignedShort(mbuf + NB_SEGS);
    }

    /** The next segment, or 0. */
    public static long next(long mbuf) {
        return getLong(mbuf + NEXT);
    }

    /** The pool it belongs to. */
    public static long pool(long mbuf) {
        return getLong(mbuf + POOL);
    }

    /** How many hold it. */
    public static int refcount(long mbuf) {
        return getUnsignedShort(mbuf + REFCNT);
    }

    /** Where its buffer begins, headroom included. */
    public static long bufferAddress(long mbuf) {
        return getLong(mbuf + BUF_ADDR);
    }

    /** The bytes of its buffer, headroom included. */
    public static int bufferLength(long mbuf) {
        return getUnsignedShort(mbuf + BUF_LEN);
    }

    /** Where in the buffer the frame begins. */
    public static int dataOffset(long mbuf) {
        return getUnsignedShort(mbuf + DATA_OFF);
    }

    /** Sets {@link #dataOffset}, without changing the lengths. */
    public static void setDataOffset(long mbuf, int offset) {
        putShort(mbuf + DATA_OFF, offset);
    }

    /** Free bytes before the frame (rte_pktmbuf_headroom). */
    public static int headroom(long mbuf) {
        return getUnsignedShort(mbuf + DATA_OFF);
    }

    /** Free bytes behind this segment's data (rte_pktmbuf_tailroom). */
    public static int tailroom(long mbuf) {
        return bufferLength(mbuf) - dataOffset(mbuf) - dataLength(mbuf);
    }

    /**
     * Makes the frame longer at its front (rte_pktmbuf_prepend).
     *
     * @return the new {@link #dataAddress}, or 0 when the headroom is too small: nothing changed
     */
    public static long prepend(long mbuf, int bytes) {
        int offset = dataOffset(mbuf);
        if (bytes < 0 || bytes > offset) {
            return 0;
        }
        putShort(mbuf + DATA_OFF, offset - bytes);
        putShort(mbuf + DATA_LEN, dataLength(mbuf) + bytes);
        putInt(mbuf + PKT_LEN, packetLength(mbuf) + bytes);
        return getLong(mbuf + BUF_ADDR) + offset - bytes;
    }

    /**
     * Cuts bytes off the front (rte_pktmbuf_adj).
     *
     * @return the new {@link #dataAddress}, or 0 when the first segment has fewer: nothing changed
     */
    public static long adjust(long mbuf, int bytes) {
        int length = dataLength(mbuf);
        if (bytes < 0 || bytes > length) {
            return 0;
        }
        int offset = dataOffset(mbuf) + bytes;
        putShort(mbuf + DATA_OFF, offset);
        putShort(mbuf + DATA_LEN, length - bytes);
        putInt(mbuf + PKT_LEN, packetLength(mbuf) - bytes);
        return getLong(mbuf + BUF_ADDR) + offset;
    }

    /**
     * Makes the frame longer at its end (rte_pktmbuf_append).
     *
     * @return the address of the added bytes, or 0 when the tailroom is too small: nothing changed
     */
    public static long append(long mbuf, int bytes) {
        long last = lastSegment(mbuf);
        if (bytes < 0 || bytes > tailroom(last)) {
            return 0;
        }
        long address = dataAddress(last) + dataLength(last);
        putShort(last + DATA_LEN, dataLength(last) + bytes);
        putInt(mbuf + PKT_LEN, packetLength(mbuf) + bytes);
        return address;
    }

    /**
     * Puts the VLAN tag that the port took off a received frame back into it (rte_vlan_insert).
     *
     * @return false when the headroom is too small: nothing changed
     */
    public static boolean restoreVlan(long mbuf) {
        long front = prepend(mbuf, VLAN_BYTES);
        if (front == 0) {
            return false;
        }
        Memory.copy(front + VLAN_BYTES, front, MAC_ADDRESSES_BYTES);
        putShortBe(front + MAC_ADDRESSES_BYTES, VLAN_TYPE);
        putShortBe(front + MAC_ADDRESSES_BYTES + 2, vlanTci(mbuf));
        setOffloadFlags(mbuf, offloadFlags(mbuf) & ~(RX_VLAN_STRIPPED | TX_VLAN));
        return true;
    }

    /** Cuts bytes off the end (rte_pktmbuf_trim); false when the last segment has fewer. */
    public static boolean trim(long mbuf, int bytes) {
        long last = lastSegment(mbuf);
        int length = dataLength(last);
        if (bytes < 0 || bytes > length) {
            return false;
        }
        putShort(last + DATA_LEN, length - bytes);
        putInt(mbuf + PKT_LEN, packetLength(mbuf) - bytes);
        return true;
    }

    private static long lastSegment(long mbuf) {
        long segment = mbuf;
        long next = next(segment);
        while (next != 0) {
            segment = next;
            next = next(segment);
        }
        return segment;
    }

    /** Tells the port where the headers to offload are: the lengths of layers 2, 3 and 4. */
    public static void setTxOffload(long mbuf, int l2Bytes, int l3Bytes, int l4Bytes) {
        long lengths =
                (l2Bytes & L2_MASK)
                        | (l3Bytes & L3_MASK) << L3_SHIFT
                        | (l4Bytes & L4_MASK) << L4_SHIFT;
        putLong(mbuf + TX_OFFLOAD, (getLong(mbuf + TX_OFFLOAD) & ~LENGTHS_MASK) | lengths);
    }

    /** The layer 2 header's length, to send. */
    public static int l2Length(long mbuf) {
        return (int) (getLong(mbuf + TX_OFFLOAD) & L2_MASK);
    }

    /** The layer 3 header's length, to send. */
    public static int l3Length(long mbuf) {
        return (int) (getLong(mbuf + TX_OFFLOAD) >>> L3_SHIFT & L3_MASK);
    }

    /** The layer 4 header's length, to send. */
    public static int l4Length(long mbuf) {
        return (int) (getLong(mbuf + TX_OFFLOAD) >>> L4_SHIFT & L4_MASK);
    }

    /** The bytes of TCP payload in a segment that the port cuts. */
    public static int tsoSegmentSize(long mbuf) {
        return (int) (getLong(mbuf + TX_OFFLOAD) >>> TSO_SHIFT & TSO_MASK);
    }

    /** Sets {@link #tsoSegmentSize}. */
    public static void setTsoSegmentSize(long mbuf, int bytes) {
        long others = getLong(mbuf + TX_OFFLOAD) & ~(TSO_MASK << TSO_SHIFT);
        putLong(mbuf + TX_OFFLOAD, others | (bytes & TSO_MASK) << TSO_SHIFT);
    }

    /** Makes a buffer from the pool an empty frame (rte_pktmbuf_reset). */
    static void reset(long mbuf) {
        putLong(mbuf + NEXT, 0);
        putLong(mbuf + TX_OFFLOAD, 0);
        putLong(mbuf + OL_FLAGS, getLong(mbuf + OL_FLAGS) & EXTERNAL);
        putInt(mbuf + PACKET_TYPE, 0);
        putShort(mbuf + VLAN_TCI, 0);
        putShort(mbuf + VLAN_TCI_OUTER, 0);
        putShort(mbuf + NB_SEGS, 1);
        putShort(mbuf + PORT, PORT_INVALID);
        putShort(mbuf + DATA_OFF, Math.min(HEADROOM_BYTES, bufferLength(mbuf)));
        setLengths(mbuf, 0);
    }

    /**
     * Gives frames back to their pools, chains too (rte_pktmbuf_free_bulk); 0 entries are skipped.
     *
     * @param mbufArrayAddress {@code count} addresses of 8 bytes
     */
    public static void freeBulk(long mbufArrayAddress, int count) {
        BurstCall.free(mbufArrayAddress, count);
    }
}
