package io.jvs.packet;

import java.util.Arrays;

/**
 * The L3 interfaces of the director as columns: one for each port (untagged) and one for each VLAN
 * on a port. Written by control commands on the worker's thread, read by its stages.
 */
public final class InterfaceTable {
    /** Most interfaces. */
    public static final int MAX = 64;

    /** Upper half of every interface's link-local address, host order. */
    public static final long LINK_LOCAL_HIGH = 0xFE80_0000_0000_0000L;

    /** Most VLAN ids. */
    private static final int VLANS = 4096;

    private int size;
    private final int[] port = new int[MAX];
    private final int[] vlan = new int[MAX];
    private final long[] mac = new long[MAX];
    private final int[] mtu = new int[MAX];
    private final int[] ipv4 = new int[MAX];
    private final long[] ipv6High = new long[MAX];
    private final long[] ipv6Low = new long[MAX];
    private final int[][] owns4 = new int[MAX][0];
    private final int[][] masks4 = new int[MAX][0];
    private int[] byPortAndVlan = new int[0];

    /**
     * Adds an interface and gives its number.
     *
     * @param portNumber the port it is on
     * @param vlanId 1..4094, or 0 for untagged frames
     * @param macBits the 48-bit MAC address, first byte of the wire in bits 47..40
     * @param mtuBytes the largest IP packet
     * @throws IllegalStateException when there are {@link #MAX} already
     */
    public int add(int portNumber, int vlanId, long macBits, int mtuBytes) {
        if (size == MAX) {
            throw new IllegalStateException("at most " + MAX + " interfaces can be configured");
        }
        int row = size++;
        port[row] = portNumber;
        vlan[row] = vlanId;
        mac[row] = macBits;
        mtu[row] = mtuBytes;
        int needed = (portNumber + 1) * VLANS;
        if (byPortAndVlan.length < needed) {
            int old = byPortAndVlan.length;
            byPortAndVlan = Arrays.copyOf(byPortAndVlan, needed);
            Arrays.fill(byPortAndVlan, old, needed, -1);
        }
        byPortAndVlan[portNumber * VLANS + vlanId] = row;
        return row;
    }

    /** Sets the IPv4 address that ICMP errors come from; 32 bits, host order. */
    public void setIpv4(int row, int addressBits) {
        ipv4[row] = addressBits;
    }

    /** Adds one of several IPv4 addresses and its prefix's length, 0..32; host order. */
    public void addNetwork4(int row, int addressBits, int prefixLength) {
        int last = owns4[row].length;
        owns4[row] = Arrays.copyOf(owns4[row], last + 1);
        masks4[row] = Arrays.copyOf(masks4[row], last + 1);
        owns4[row][last] = addressBits;
        masks4[row][last] = prefixLength == 0 ? 0 : -1 << 32 - prefixLength;
    }

    /** Sets the IPv6 address that ICMPv6 errors come from; two halves, host order. */
    public void setIpv6(int row, long high, long low) {
        ipv6High[row] = high;
        ipv6Low[row] = low;
    }

    /** Interfaces in use. */
    public int size() {
        return size;
    }

    /** The interface of a port's VLAN (0: untagged), or -1. */
    public int find(int portNumber, int vlanId) {
        int index = portNumber * VLANS + vlanId;
        return index < byPortAndVlan.length ? byPortAndVlan[index] : -1;
    }

    /** The port that it is on. */
    public int port(int row) {
        return port[row];
    }

    /** Its VLAN id, 0 for untagged. */
    public int vlan(int row) {
        return vlan[row];
    }

    /** Its 48-bit MAC address, first byte of the wire in bits 47..40. */
    public long mac(int row) {
        return mac[row];
    }

    /**
     * The lower half of the link-local address that a MAC address gives (RFC 4291 appendix A), host
     * order; the upper half is {@link #LINK_LOCAL_HIGH}.
     */
    public static long linkLocalLow(long mac) {
        long upper = (mac >>> 24 ^ 0x020000) & 0xFF_FFFFL;
        return upper << 40 | 0xFFFEL << 24 | mac & 0xFF_FFFFL;
    }

    /** Its MTU in bytes. */
    public int mtu(int row) {
        return mtu[row];
    }

    /** Its IPv4 address, host order, 0 for none. */
    public int ipv4(int row) {
        return ipv4[row];
    }

    /**
     * The IPv4 address for asking the target: that of the network which has it, as some hosts
     * ignore an ARP request from another network; else {@link #ipv4}. Host order.
     */
    public int ipv4Towards(int row, int targetBits) {
        int[] own = owns4[row];
        int[] mask = masks4[row];
        for (int i = 0; i < own.length; i++) {
            if (((own[i] ^ targetBits) & mask[i]) == 0) {
                return own[i];
            }
        }
        return ipv4[row];
    }

    /** Its IPv6 address bits 127..64, host order. */
    public long ipv6High(int row) {
        return ipv6High[row];
    }

    /** Its IPv6 address bits 63..0, host order; both halves 0 for none. */
    public long ipv6Low(int row) {
        return ipv6Low[row];
    }
}
