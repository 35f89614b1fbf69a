package io.jvs.worker;

import io.jvs.memory.Memory;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.QuicHeader;
import io.jvs.packet.QuicIdReader;
import io.jvs.packet.UdpHeader;
import io.jvs.scheduler.Destination;
import io.jvs.scheduler.DestinationList;
import io.jvs.service.QuicIdFormat;
import io.jvs.service.QuicRouting;
import io.jvs.service.RealServer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The real servers of a service by what connection ids of QUIC say (docs/design/015-quic.md): open
 * addressing over columns, made anew with each generation. One thread; looking allocates nothing.
 */
final class QuicServers {
    /** The packet names no server: the scheduler is asked. */
    static final int NOT_NAMED = -1;

    /** The packet names a server that there is not. */
    static final int UNKNOWN = -2;

    private static final int CONFIGS = 8;

    /** The configuration that says that an id names no server. */
    private static final int UNROUTABLE = 7;

    /** Shapes of DPVS's ids are told apart from configurations by this. */
    private static final int SUFFIX = 1 << 8;

    private static final int MAX_SUFFIX_BYTES = 8;
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private final boolean addressSuffix;
    private final @Nullable QuicIdReader[] readers = new @Nullable QuicIdReader[CONFIGS];
    private final QuicIdReader suffixReader = new QuicIdReader(1, 4, new byte[0]);
    private final int mask;
    private final long[] first;
    private final long[] last;
    private final int[] shape;
    private final int[] server;

    /** Reads ids as {@code routing} says and knows these servers. */
    QuicServers(QuicRouting routing, DestinationList servers) {
        addressSuffix = routing.addressSuffix();
        int each = addressSuffix ? 2 * MAX_SUFFIX_BYTES : routing.formats().size();
        int capacity = Math.max(16, Integer.highestOneBit(each * servers.size() + 1) * 4);
        mask = capacity - 1;
        first = new long[capacity];
        last = new long[capacity];
        shape = new int[capacity];
        server = new int[capacity];
        for (QuicIdFormat format : routing.formats()) {
            byte[] key = HexFormat.of().parseHex(format.key());
            readers[format.configId()] =
                    new QuicIdReader(format.serverIdBytes(), format.nonceBytes(), key);
        }
        for (int i = 0; i < servers.size(); i++) {
            put(routing, servers.get(i));
        }
    }

    /** The table of a service, null when it does not look at connection ids. */
    static @Nullable QuicServers of(ServiceState service) {
        QuicRouting routing = service.spec.quic();
        return routing.isNone() ? null : new QuicServers(routing, service.servers);
    }

    private void put(QuicRouting routing, Destination destination) {
        RealServer spec = destination.spec;
        for (QuicIdFormat format : routing.formats()) {
            byte[] id = routing.serverId(spec, format.serverIdBytes());
            put(1 + format.configId(), id, destination.serverIndex);
        }
        int most = addressSuffix ? Math.min(MAX_SUFFIX_BYTES, spec.address().bytes().length) : 0;
        for (int bytes = 1; bytes <= most; bytes++) {
            byte[] all = spec.address().bytes();
            byte[] id = new byte[bytes + 2];
            System.arraycopy(all, all.length - bytes, id, 0, bytes);
            put(SUFFIX | bytes << 1, Arrays.copyOf(id, bytes), destination.serverIndex);
            id[bytes] = (byte) (spec.port() >>> 8);
            id[bytes + 1] = (byte) spec.port();
            put(SUFFIX | bytes << 1 | 1, id, destination.serverIndex);
        }
    }

    /** What two servers have is nobody's. */
    private void put(int wantShape, byte[] id, int serverIndex) {
        long wantFirst = word(id, 0);
        long wantLast = word(id, 8);
        int slot = slot(wantFirst, wantLast, wantShape);
        boolean twice = shape[slot] != 0;
        first[slot] = wantFirst;
        last[slot] = wantLast;
        shape[slot] = wantShape;
        server[slot] = twice ? UNKNOWN : serverIndex;
    }

    private static long word(byte[] id, int from) {
        long word = 0;
        for (int i = 0; i < 8; i++) {
            word = word << 8 | (from + i < id.length ? id[from + i] & 0xFF : 0);
        }
        return word;
    }

    /** Where an id is, or would be. */
    private int slot(long wantFirst, long wantLast, int wantShape) {
        long mixed = ((wantFirst * MIX ^ wantLast) * MIX ^ wantShape) * MIX;
        int slot = (int) (mixed >>> 40) & mask;
        while (shape[slot] != 0
                && (first[slot] != wantFirst
                        || last[slot] != wantLast
                        || shape[slot] != wantShape)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    /** The number of the server that a row's packet names, NOT_NAMED or UNKNOWN. */
    int find(PacketBurst burst, int i) {
        long packet = burst.data[i] + burst.layer4[i] + UdpHeader.BYTES;
        int where = QuicHeader.serverId(packet, burst.end[i] - burst.layer4[i] - UdpHeader.BYTES);
        if (where < 0) {
            return NOT_NAMED;
        }
        long id = packet + (where >>> 8);
        int bytes = where & 0xFF;
        return addressSuffix ? findSuffix(id, bytes) : findId(id, bytes);
    }

    private int findId(long id, int bytes) {
        int config = bytes == 0 ? UNROUTABLE : Memory.getUnsignedByte(id) >>> 5;
        if (config == UNROUTABLE) {
            return NOT_NAMED;
        }
        QuicIdReader reader = readers[config];
        return reader != null && reader.read(id, bytes) ? known(reader, 1 + config) : UNKNOWN;
    }

    private int findSuffix(long id, int bytes) {
        int read = suffixReader.readSuffix(id, bytes);
        return read < 0 ? UNKNOWN : known(suffixReader, SUFFIX | read);
    }

    private int known(QuicIdReader reader, int wantShape) {
        int slot = slot(reader.first(), reader.last(), wantShape);
        return shape[slot] == 0 ? UNKNOWN : server[slot];
    }
}
