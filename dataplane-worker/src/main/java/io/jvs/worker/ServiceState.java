package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.scheduler.DestinationList;
import io.jvs.scheduler.Scheduler;
import io.jvs.service.AccessList;
import io.jvs.service.Address;
import io.jvs.service.AddressFamily;
import io.jvs.service.Limits;
import io.jvs.service.Persistence;
import io.jvs.service.ServiceKey;
import io.jvs.service.SynProxySpec;
import io.jvs.service.VirtualService;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A virtual service on one worker: its configuration, servers and scheduler. One thread. */
final class ServiceState {
    private static final int FTP_PORT = 21;
    private static final Set<String> LOCALITY = Set.of("lblc", "lblcr");
    private static final Set<String> TAKING_TURNS = Set.of("rr", "wrr");
    private static final Set<String> COUNTING =
            Set.of("lc", "wlc", "lblc", "lblcr", "sed", "nq", "ovf", "twos");

    final int index;
    final DestinationList servers = new DestinationList();
    VirtualService spec;
    Scheduler scheduler;

    /** Virtual port in host order; 0 for every port, and for a mark. */
    int port;

    /** Firewall mark, 0 for none. */
    int mark;

    /** Ticks that a template lives; 0 when the service is not persistent. */
    int persistenceTicks;

    /** What of a client's address a template keeps: raw words; IPv4 in the low 32 bits. */
    long maskHigh;

    long maskLow;

    /** Which clients may open connections; null when all may. */
    @Nullable AccessList access;

    /** When its clients' SYNs are answered here; null for never. */
    @Nullable SynGuard syns;

    /**
     * Connections of this worker whose client has not acknowledged yet, while they are asked for.
     */
    int halfOpen;

    /** Its limits, null for none, and the configuration that they are made from. */
    @Nullable LimitState limits;

    Limits limitsSpec = Limits.NONE;

    /** Connections on this worker, those of removed servers too. */
    int open;

    /** How its servers are told their clients: code of a ClientAddress. */
    int disclosure;

    /** Its real servers by what connection ids of QUIC say; null when they are not looked at. */
    @Nullable QuicServers quic;

    /** Local addresses in order, and the same as raw words. */
    Address[] locals = new Address[0];

    int[] localIpv4 = new int[0];
    long[] localHigh = new long[0];
    long[] localLow = new long[0];

    /** {@link #pin}: a connection is whose worker its first packet came to. */
    static final int PIN_NONE = 0;

    /** {@link #pin}: all connections of a client, or of its network, are one worker's. */
    static final int PIN_CLIENT = 1;

    /** {@link #pin}: all connections to one virtual address are one worker's. */
    static final int PIN_VIRTUAL = 2;

    /** Which connections must meet at one worker, when there are several. */
    int pin;

    /** Whether the scheduler looks at connection counts, or a server has a threshold. */
    boolean readsCounts;

    /** Whether the scheduler looks at connection counts. */
    boolean isCounting;

    /** Whether a server has an upper threshold. */
    boolean hasThresholds;

    /** When the other workers' counts were last read, and the server to go on from. */
    int countsMillis;

    int countsNext;

    /** Picks to let go by before the next one. */
    int skips;

    private boolean beginsAnew = true;

    /** Where the next FULLNAT connection begins to look. */
    int nextLocal;

    ServiceState(int index, VirtualService spec, long seed) {
        this.index = index;
        this.spec = spec;
        this.scheduler = schedulerOf(spec, seed);
        readSpec();
    }

    /** A service on an address has that one only. */
    private Scheduler schedulerOf(VirtualService wanted, long seed) {
        int addresses = wanted.key() instanceof ServiceKey.Mark ? Scheduler.ADDRESSES_MAX : 1;
        return Scheduler.create(wanted.scheduler(), wanted.flags(), servers, seed, addresses);
    }

    /** Takes an edited configuration; a new scheduler begins from the list as it stands. */
    void edit(VirtualService edited, long seed) {
        boolean sameScheduler =
                edited.scheduler().equals(spec.scheduler()) && edited.flags().equals(spec.flags());
        spec = edited;
        readSpec();
        if (!sameScheduler) {
            scheduler = schedulerOf(edited, seed);
            beginsAnew = true;
        }
    }

    /** Its servers were changed. */
    void onServersChanged() {
        beginsAnew |= scheduler.name().equals("wrr");
    }

    /**
     * Works out what several workers need to know of it; after each generation that changed it.
     *
     * @param worker the worker's number: its turns begin so many picks further on
     */
    void prepareSharing(int worker) {
        scheduler.settle();
        hasThresholds = servers.hasThresholds();
        String name = scheduler.name();
        isCounting = COUNTING.contains(name);
        readsCounts = hasThresholds || isCounting;
        countsMillis = -1;
        if (beginsAnew) {
            beginsAnew = false;
            skips = TAKING_TURNS.contains(name) ? worker : 0;
        }
        if (persistenceTicks != 0 || port == FTP_PORT) {
            pin = PIN_CLIENT;
        } else {
            pin = LOCALITY.contains(name) ? PIN_VIRTUAL : PIN_NONE;
        }
    }

    /** Takes its SYN proxy as it is configured, shared by so many workers. */
    void guardSyns(int workers) {
        SynProxySpec wanted = spec.guard().synProxy();
        if (syns == null ? wanted.mode() != SynProxySpec.Mode.OFF : !wanted.equals(syns.spec)) {
            syns = wanted.mode() == SynProxySpec.Mode.OFF ? null : new SynGuard(wanted, workers);
        }
    }

    private void readSpec() {
        disclosure = spec.clientAddress().code();
        switch (spec.key()) {
            case ServiceKey.Endpoint endpoint -> port = endpoint.port();
            case ServiceKey.Mark marked -> mark = marked.mark();
        }
        AccessList list = spec.guard().access();
        access = list.isEmpty() ? null : list;
        Persistence persistence = spec.persistence();
        if (persistence == null) {
            persistenceTicks = 0;
            return;
        }
        long ticks = (long) persistence.timeoutSeconds() * ConnectionLayout.TICKS_PER_SECOND;
        persistenceTicks = (int) Math.min(ticks, Integer.MAX_VALUE / 2);
        if (spec.key().family() == AddressFamily.IPV6) {
            Address mask = Address.ofIpv6(-1, -1).masked(persistence.mask());
            maskHigh = Long.reverseBytes(mask.high());
            maskLow = Long.reverseBytes(mask.low());
        } else {
            maskLow = Integer.toUnsignedLong(Integer.reverseBytes(persistence.mask()));
        }
    }

    /** Sets the local addresses. */
    void setLocals(Address[] addresses) {
        locals = addresses;
        localIpv4 = new int[addresses.length];
        localHigh = new long[addresses.length];
        localLow = new long[addresses.length];
        for (int i = 0; i < addresses.length; i++) {
            localIpv4[i] = Integer.reverseBytes((int) addresses[i].low());
            localHigh[i] = Long.reverseBytes(addresses[i].high());
            localLow[i] = Long.reverseBytes(addresses[i].low());
        }
        nextLocal = 0;
    }
}
