package io.jvs.worker;

import io.jvs.scheduler.DestinationList;
import io.jvs.scheduler.Scheduler;
import io.jvs.service.Address;
import io.jvs.service.VirtualService;

/** A virtual service on one worker: its configuration, servers and scheduler. One thread. */
final class ServiceState {
    final int index;
    final DestinationList servers = new DestinationList();
    VirtualService spec;
    Scheduler scheduler;

    /** Local addresses in order, and the same as raw words. */
    Address[] locals = new Address[0];

    int[] localIpv4 = new int[0];
    long[] localHigh = new long[0];
    long[] localLow = new long[0];

    /** Where the next FULLNAT connection begins to look. */
    int nextLocal;

    ServiceState(int index, VirtualService spec, long seed) {
        this.index = index;
        this.spec = spec;
        this.scheduler = Scheduler.create(spec.scheduler(), spec.flags(), servers, seed);
    }

    /** Takes an edited configuration; a new scheduler begins from the list as it stands. */
    void edit(VirtualService edited, long seed) {
        boolean sameScheduler =
                edited.scheduler().equals(spec.scheduler()) && edited.flags().equals(spec.flags());
        spec = edited;
        if (!sameScheduler) {
            scheduler = Scheduler.create(edited.scheduler(), edited.flags(), servers, seed);
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
