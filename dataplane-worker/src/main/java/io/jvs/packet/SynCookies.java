package io.jvs.packet;

/**
 * First sequence numbers from which a TCP handshake can be taken up again without having kept
 * anything of it (RFC 4987 section 3.6). A cookie is 24 bits of a SipHash-2-4 over addresses, ports
 * and the client's first sequence number, and 8 bits of data that the same hash hides. The key
 * changes every {@link #EPOCH_TICKS}, is derived from a 128-bit secret, and the one before is still
 * taken; so a cookie is good for one to two such times. All workers with the same secret take one
 * another's. One thread; allocates nothing.
 */
public final class SynCookies {
    /** How long a key is used for new cookies: 81.92 s. */
    public static final int EPOCH_TICKS = 1 << 13;

    private static final int EPOCH_SHIFT = 13;
    private static final int STAMP_SHIFT = 8;
    private static final int MAC_MASK = 0xFFFF_FF00;

    private final SipHash24 hash = new SipHash24();
    private final long secret0;
    private final long secret1;
    private int epoch;
    private boolean started;
    private long key0;
    private long key1;
    private long previous0;
    private long previous1;
    private int stamp;

    /** Cookies under a 128-bit secret. */
    public SynCookies(long secret0, long secret1) {
        this.secret0 = secret0;
        this.secret1 = secret1;
    }

    /** Derives the keys of that time; cheap when they are the same as before. */
    public void setTime(int nowTicks) {
        int now = nowTicks >>> EPOCH_SHIFT;
        if (started && now == epoch) {
            return;
        }
        started = true;
        epoch = now;
        int before = nowTicks - EPOCH_TICKS >>> EPOCH_SHIFT;
        previous0 = derive(before, 0);
        previous1 = derive(before, 1);
        key0 = derive(now, 0);
        key1 = derive(now, 1);
    }

    private long derive(int number, int half) {
        hash.begin(secret0, secret1);
        hash.add(Integer.toUnsignedLong(number) << 1 | half);
        return hash.end();
    }

    /**
     * A cookie for a row's flow.
     *
     * @param clientSequence the client's first sequence number, host order
     * @param data 8 bits
     * @return the sequence number to answer with, host order
     */
    public int make(PacketBurst burst, int i, int clientSequence, int data) {
        long code = code(burst, i, clientSequence, key0, key1);
        stamp = (int) (code >>> STAMP_SHIFT);
        return (int) (code >>> 32) & MAC_MASK | ((int) code ^ data) & 0xFF;
    }

    /**
     * A time stamp to go with the cookie that was made last: 32 bits of the hash that are not in
     * the cookie, so that a SYN sent once more gets the same one (until the key changes) and nobody
     * learns a clock from it.
     */
    public int stamp() {
        return stamp;
    }

    /**
     * The data of a cookie that was made for a row's flow in time, or -1.
     *
     * @param clientSequence the client's first sequence number, host order
     */
    public int read(PacketBurst burst, int i, int clientSequence, int cookie) {
        long code = code(burst, i, clientSequence, key0, key1);
        if (((int) (code >>> 32) ^ cookie) >>> 8 != 0) {
            code = code(burst, i, clientSequence, previous0, previous1);
        }
        return ((int) (code >>> 32) ^ cookie) >>> 8 == 0 ? ((int) code ^ cookie) & 0xFF : -1;
    }

    private long code(PacketBurst burst, int i, int clientSequence, long k0, long k1) {
        hash.begin(k0, k1);
        hash.add(burst.key0[i]);
        if (PacketBurst.isIpv6Flow(burst.kind[i])) {
            hash.add(burst.key1[i]);
            hash.add(burst.key2[i]);
            hash.add(burst.key3[i]);
        }
        hash.add(Integer.toUnsignedLong(burst.ports[i]) | (long) clientSequence << 32);
        return hash.end();
    }
}
