package io.jvs.worker;

import io.jvs.connection.ConnectionLayout;
import io.jvs.connection.ConnectionState;
import io.jvs.connection.ConnectionTable;

/**
 * drop_entry, drop_packet and secure_tcp: what a worker does when its connection table fills up
 * (update_defense_level in ip_vs_ctl.c, ip_vs_todrop, ip_vs_random_dropentry in ip_vs_conn.c). Free
 * memory, which the kernel looks at, is here the free part of the table, in pages of 64
 * connections: 4096 bytes of 64-byte records. One thread.
 */
final class Defences {
    /** Connections in what amemthresh counts. */
    static final int CONNECTIONS_A_PAGE = 64;

    private static final int PERIOD_TICKS = ConnectionLayout.TICKS_PER_SECOND;
    private static final int MODE_ALWAYS = 3;

    /** One place in so many is looked at in a second. */
    private static final int SCAN_PART = 32;

    /** The most places that are looked at in one turn of the worker. */
    private static final int SCAN_MAX = 64;

    /** A connection that had a packet in this time is left alone. */
    private static final int YOUNG_TICKS = 60 * ConnectionLayout.TICKS_PER_SECOND;

    /** Connections with more packets than that are left alone. */
    private static final int FEW_PACKETS = 8;

    private static final int TCP = 6;
    private static final int SCTP = 132;

    private final WorkerState state;
    private final ConnectionTable table;
    private final WorkerSettings settings;

    /** By packets of a connection: one of so many is dropped; counts down. */
    private final int[] countdown = new int[FEW_PACKETS + 1];

    private int nextTicks;
    private int dropRate;
    private int dropCounter;
    private boolean dropsEntries;
    private int scanLeft;
    private long random;

    Defences(WorkerState state, int nowTicks, long seed) {
        this.state = state;
        this.table = state.table;
        this.settings = state.settings;
        this.nextTicks = nowTicks;
        this.random = seed | 1;
    }

    /** Whether a packet that would open a connection is dropped. */
    boolean dropsPacket() {
        if (dropRate == 0) {
            return false;
        }
        dropCounter--;
        if (dropCounter > 0) {
            return false;
        }
        dropCounter = dropRate;
        return true;
    }

    /** Looks once a second how things stand; true when there is nothing more to do at once. */
    boolean passTime(int nowTicks) {
        if (nowTicks - nextTicks >= 0) {
            nextTicks = nowTicks + PERIOD_TICKS;
            update();
            scanLeft = dropsEntries ? share(table.places()) : 0;
        }
        int places = table.places();
        for (int work = 0; scanLeft > 0 && work < SCAN_MAX; work++) {
            scanLeft--;
            look(table.idAt((int) Long.remainderUnsigned(next() >>> 1, places)), nowTicks);
        }
        return scanLeft == 0;
    }

    /** Switches what is to be on now; also called when the settings change. */
    void update() {
        int freePages = (table.capacity() - table.size()) / CONNECTIONS_A_PAGE;
        boolean isShort = freePages < settings.amemthresh;
        dropsEntries = isOn(settings.dropEntry, isShort);
        state.stateStage.setSecureTcp(isOn(settings.secureTcp, isShort));
        if (settings.dropPacket == MODE_ALWAYS) {
            dropRate = settings.amDroprate;
        } else if (isOn(settings.dropPacket, isShort)) {
            dropRate = settings.amemthresh / (settings.amemthresh - freePages);
            dropCounter = dropRate;
        } else {
            dropRate = 0;
        }
    }

    /** The kernel notes in mode 1 that it is on by making it 2, and the other way round. */
    private static boolean isOn(int mode, boolean isShort) {
        return mode == MODE_ALWAYS || mode != 0 && isShort;
    }

    /**
     * A part of all places; what remains is a matter of luck, so that few are not looked at more.
     */
    private int share(int places) {
        int rest = (next() & SCAN_PART - 1) < places % SCAN_PART ? 1 : 0;
        return places / SCAN_PART + rest;
    }

    /** xorshift64 (Marsaglia 2003). */
    private long next() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return random;
    }

    private void look(int id, int nowTicks) {
        if (!table.isLive(id)) {
            return;
        }
        long record = table.address(id);
        boolean template = ConnectionLayout.has(record, ConnectionLayout.TEMPLATE);
        boolean drop =
                template
                        ? isUnused(record)
                        : mayDrop(record, nowTicks) && state.extras.controlled(record) == 0;
        if (!drop) {
            return;
        }
        int control = template ? 0 : ConnectionLayout.control(record);
        end(id);
        if (control != 0 && isUnused(table.address(control))) {
            end(control);
        }
    }

    private void end(int id) {
        table.remove(id);
        state.counters.countDroppedConnection();
    }

    /** A template that controls no connection and never had an established one. */
    private boolean isUnused(long template) {
        return ConnectionLayout.has(template, ConnectionLayout.TEMPLATE)
                && state.extras.controlled(template) == 0
                && !ConnectionLayout.has(template, ConnectionLayout.ASSURED);
    }

    private boolean mayDrop(long record, int nowTicks) {
        int protocol = ConnectionLayout.protocol(record);
        int now = ConnectionLayout.state(record);
        if (protocol == TCP) {
            return now == ConnectionState.SYN_RECV
                    || now == ConnectionState.SYNACK
                    || now == ConnectionState.ESTABLISHED && isIdle(record, nowTicks);
        }
        if (protocol == SCTP) {
            return now == ConnectionState.SCTP_INIT1
                    || now == ConnectionState.SCTP_INIT
                    || now == ConnectionState.SCTP_ESTABLISHED && isIdle(record, nowTicks);
        }
        return isIdle(record, nowTicks);
    }

    /** todrop_entry(): a minute without packets, few in all, and then one in as many as those. */
    private boolean isIdle(long record, int nowTicks) {
        int packets = ConnectionLayout.packets(record);
        if (nowTicks - ConnectionLayout.lastSeenTicks(record) < YOUNG_TICKS
                || packets <= 0
                || packets > FEW_PACKETS) {
            return false;
        }
        countdown[packets]--;
        if (countdown[packets] > 0) {
            return false;
        }
        countdown[packets] = packets;
        return true;
    }
}
