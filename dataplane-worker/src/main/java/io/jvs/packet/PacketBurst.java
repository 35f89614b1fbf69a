package io.jvs.packet;

import java.util.Arrays;

/**
 * The packets of one burst as columns; row {@code i} is a packet. Each stage of the pipeline reads
 * columns that earlier stages wrote and writes its own. Owned by one worker's thread.
 *
 * <p>A frame begins at address {@link #data} and is {@link #length} bytes; up to {@link #headroom}
 * bytes in front of it may be used. Whoever moves the start of a frame changes the three columns
 * together ({@link #moveStart}); the port writes them back into its buffer when it sends.
 */
public final class PacketBurst {
    /** Rows; a receive takes at most {@link #RECEIVE_MAX}, the rest is for packets made here. */
    public static final int CAPACITY = 64;

    /** The most packets of one receive. */
    public static final int RECEIVE_MAX = 32;

    /** {@link #kind}: nothing that the pipeline balances (see the verdict). */
    public static final byte KIND_OTHER = 0;

    /** {@link #kind}: ARP. */
    public static final byte KIND_ARP = 1;

    /** {@link #kind}: IPv4 with TCP, UDP or SCTP; key and ports are set. */
    public static final byte KIND_IPV4 = 2;

    /** {@link #kind}: IPv6 with TCP, UDP or SCTP; key and ports are set. */
    public static final byte KIND_IPV6 = 3;

    /** {@link #kind}: ICMP error; key and ports are the embedded packet's, turned round. */
    public static final byte KIND_ICMP4_ERROR = 4;

    /** {@link #kind}: ICMPv6 error; key and ports are the embedded packet's, turned round. */
    public static final byte KIND_ICMP6_ERROR = 5;

    /** {@link #kind}: other ICMP (echo and so on); addresses are set, ports are 0. */
    public static final byte KIND_ICMP4 = 6;

    /** {@link #kind}: other ICMPv6 but neighbour discovery; addresses are set, ports are 0. */
    public static final byte KIND_ICMP6 = 7;

    /** {@link #kind}: neighbour discovery (RFC 4861). */
    public static final byte KIND_ND = 8;

    /** {@link #kind}: IPv4 with another protocol; addresses are set, ports are 0. */
    public static final byte KIND_IPV4_OTHER = 9;

    /** {@link #kind}: IPv6 with another protocol; addresses are set, ports are 0. */
    public static final byte KIND_IPV6_OTHER = 10;

    /**
     * {@link #kind}: a fragment behind the first one, IPv4 or IPv6, that is tracked; its first
     * fragment says what becomes of it.
     */
    public static final byte KIND_FRAGMENT = 11;

    /** {@link #nextHop}: not known yet. */
    public static final int NEXT_HOP_NONE = -1;

    /** {@link #nextHop}: the link header is complete, send by {@link #port}. */
    public static final int NEXT_HOP_DONE = -2;

    /** {@link #nextHop}: the real server is the host itself. */
    public static final int NEXT_HOP_HOST = -3;

    /** {@link #direction}: from the client to the real server. */
    public static final byte FROM_CLIENT = 0;

    /** {@link #direction}: from the real server to the client. */
    public static final byte FROM_SERVER = 1;

    /** {@link #hop}, the bits that count: may not be handed over any more. */
    public static final int FINAL_HOP = 2;

    /** {@link #hop}, a flag: a fragment that is where its datagram is collected. */
    public static final int COLLECTED = 4;

    /** Rows in use. */
    public int count;

    /** Rows from this one on were made here, not received; the pipeline says so. */
    public int firstMade = CAPACITY;

    /** Rows that are fragments; set by the parser. */
    public int fragments;

    /** The port's own name for the buffer (a DPDK mbuf's address, say). */
    public final long[] handle = new long[CAPACITY];

    /** Address of the frame's first byte. */
    public final long[] data = new long[CAPACITY];

    /** Bytes of the frame. */
    public final int[] length = new int[CAPACITY];

    /** Usable bytes in front of the frame. */
    public final int[] headroom = new int[CAPACITY];

    /** Usable bytes behind the frame. */
    public final int[] tailroom = new int[CAPACITY];

    /** Number of the port that it came in by. */
    public final int[] port = new int[CAPACITY];

    /**
     * How often another worker has handed it over: 0, 1 or {@link #FINAL_HOP}, and the flag {@link
     * #COLLECTED}; 0 with one worker.
     */
    public final byte[] hop = new byte[CAPACITY];

    /** Number of the L3 interface (port and VLAN) that it came in by; set by the parser. */
    public final int[] ingress = new int[CAPACITY];

    /** What the parser found: one of the KIND constants. */
    public final byte[] kind = new byte[CAPACITY];

    /** Offset of the IP (or ARP) header from {@link #data}. */
    public final int[] layer3 = new int[CAPACITY];

    /** Offset of the transport (or ICMP) header from {@link #data}. */
    public final int[] layer4 = new int[CAPACITY];

    /** End of the IP packet as an offset from {@link #data}; what follows is padding. */
    public final int[] end = new int[CAPACITY];

    /**
     * IP protocol number of the key: 6, 17, 132; for ICMP errors the embedded packet's; 44 for a
     * fragment without a transport header that follows its connection.
     */
    public final int[] protocol = new int[CAPACITY];

    /**
     * Key word 0 as it lies in the packet: IPv4 source and destination (8 bytes); IPv6 source bytes
     * 0..7.
     */
    public final long[] key0 = new long[CAPACITY];

    /** Key word 1: IPv6 source bytes 8..15; not set for IPv4. */
    public final long[] key1 = new long[CAPACITY];

    /** Key word 2: IPv6 destination bytes 0..7; not set for IPv4. */
    public final long[] key2 = new long[CAPACITY];

    /** Key word 3: IPv6 destination bytes 8..15; not set for IPv4. */
    public final long[] key3 = new long[CAPACITY];

    /** Source and destination port as they lie in the packet (4 bytes, native load). */
    public final int[] ports = new int[CAPACITY];

    /** TCP flags (low 8 bits of byte 13), 0 for others. */
    public final int[] tcpFlags = new int[CAPACITY];

    /** Which part of its datagram it is, see {@link FragmentWord}; 0 for a whole one. */
    public final int[] fragment = new int[CAPACITY];

    /** Identification of a fragment's datagram: 16 bits of IPv4, 32 of IPv6. */
    public final int[] fragmentId = new int[CAPACITY];

    /** Bytes of the datagram's payload that a fragment carries. */
    public final int[] fragmentBytes = new int[CAPACITY];

    /** SCTP: {@link SctpHeader#decidingChunk}, NO_CHUNK for others. */
    public final int[] sctpChunk = new int[CAPACITY];

    /** Hash of the key; set by the lookup. */
    public final long[] hash = new long[CAPACITY];

    /** Address of the connection's record, or 0; set by lookup and admission. */
    public final long[] connection = new long[CAPACITY];

    /** Id of the connection, valid where {@link #connection} is not 0. */
    public final int[] connectionId = new int[CAPACITY];

    /** Which way it goes: FROM_CLIENT or FROM_SERVER; set by lookup and admission. */
    public final byte[] direction = new byte[CAPACITY];

    /** What became of it: one of {@link Verdict}'s codes. */
    public final byte[] verdict = new byte[CAPACITY];

    /**
     * Next hop as an index into the neighbour table, {@link #NEXT_HOP_NONE} while unknown, or
     * {@link #NEXT_HOP_DONE} when the link header is complete already (answers to the sender); the
     * frame then leaves by {@link #port}.
     */
    public final int[] nextHop = new int[CAPACITY];

    /** Largest IP packet on the way out in bytes; set together with {@link #nextHop}. */
    public final int[] mtu = new int[CAPACITY];

    /** Adds an empty row and gives its number; the caller knows that there is room. */
    public int add() {
        int row = count++;
        verdict[row] = Verdict.NONE;
        kind[row] = KIND_OTHER;
        fragment[row] = 0;
        hop[row] = 0;
        connection[row] = 0;
        direction[row] = FROM_CLIENT;
        nextHop[row] = NEXT_HOP_NONE;
        return row;
    }

    /**
     * Adds rows of packets that a port has received; handle, data, lengths and rooms are the
     * caller's to set, and {@link PacketParser} sets what {@link #add} does beyond this.
     */
    public void addReceived(int rows, int portNumber) {
        int end = count + rows;
        Arrays.fill(port, count, end, portNumber);
        Arrays.fill(verdict, count, end, Verdict.NONE);
        Arrays.fill(hop, count, end, (byte) 0);
        count = end;
    }

    /**
     * Whether a row of a kind with a flow (IPv4, IPv6 and the ICMP errors about them) has the
     * addresses of IPv6.
     */
    public static boolean isIpv6Flow(int kind) {
        return kind == KIND_IPV6 || kind == KIND_ICMP6_ERROR;
    }

    /** Whether a row is an ICMP error; its key is of the packet that it is about. */
    public static boolean isError(int kind) {
        return kind == KIND_ICMP4_ERROR || kind == KIND_ICMP6_ERROR;
    }

    /** Forgets all rows. */
    public void clear() {
        count = 0;
        firstMade = CAPACITY;
        fragments = 0;
    }

    /**
     * Takes rows out that were just received; the others keep their order.
     *
     * @param gone a bit for each row that goes
     */
    public void remove(long gone) {
        if (Long.bitCount(gone) == count) {
            count = 0;
            return;
        }
        int kept = Long.numberOfTrailingZeros(gone);
        for (int from = kept + 1; from < count; from++) {
            if ((gone >>> from & 1) == 0) {
                copyReceived(from, kept++);
            }
        }
        count = kept;
    }

    private void copyReceived(int from, int to) {
        handle[to] = handle[from];
        data[to] = data[from];
        length[to] = length[from];
        headroom[to] = headroom[from];
        tailroom[to] = tailroom[from];
        port[to] = port[from];
        hop[to] = hop[from];
        verdict[to] = verdict[from];
    }

    /**
     * Moves the start of row {@code i} by {@code bytes}: negative towards the front (the frame
     * grows), positive cuts. The caller has checked headroom or length.
     */
    public void moveStart(int i, int bytes) {
        data[i] += bytes;
        length[i] -= bytes;
        headroom[i] += bytes;
    }
}
