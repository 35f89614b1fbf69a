package io.jvs.worker;

import io.jvs.connection.StateStage;
import io.jvs.forwarding.ForwardStage;
import io.jvs.link.LocalResponder;
import io.jvs.link.NeighborTable;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.PacketParser;
import io.jvs.packet.Verdict;
import io.jvs.port.PacketPort;
import org.jspecify.annotations.Nullable;

/** The way of a burst through the stages, in one direction; docs/architecture.md draws it. */
final class Pipeline {
    private final WorkerState state;
    private final ExpressLane expressLane;
    private final PacketParser parser;
    private final LocalResponder responder;
    private final Admission admission;
    private final StateStage stateStage;
    private final RouteStage routeStage;
    private final FtpStage ftpStage;
    private final ForwardStage forwardStage;
    private final TunnelErrorStage tunnelErrors;
    private final FragmentStage fragments;
    private final NeighborTable neighbors;
    private final HostPath hostPath;
    private final TransmitStage transmitStage;
    private final @Nullable Handover handover;
    private final @Nullable OwnerStage owners;
    private final EndingStage endings;
    private long parkedSent;
    private long parkedDropped;
    private final PacketBurst released = new PacketBurst();

    Pipeline(WorkerState state, PacketPort[] ports) {
        this.state = state;
        this.expressLane = state.express;
        this.parser = state.parser;
        this.responder = state.responder;
        this.admission = new Admission(state);
        this.stateStage = state.stateStage;
        this.routeStage = new RouteStage(state);
        this.ftpStage = new FtpStage(state);
        this.forwardStage = state.forwardStage;
        this.tunnelErrors = new TunnelErrorStage(state, routeStage);
        this.fragments = state.fragments;
        this.neighbors = state.neighbors;
        this.hostPath = new HostPath(state);
        this.endings = state.endings;
        this.transmitStage = new TransmitStage(state, ports);
        this.handover = state.handover;
        this.owners = state.owners;
    }

    /** Takes the first {@code received} rows all the way. */
    void run(PacketBurst burst, int received, int nowTicks) {
        countReceived(burst, received);
        if (hostPath.isHost(burst.port[0])) {
            burst.firstMade = received;
            fromHost(burst, nowTicks);
            finish(burst, received);
            return;
        }
        int express = expressLane.take(burst, nowTicks);
        state.counters.countVerdict(Verdict.FORWARDED, express);
        if (burst.count == 0) {
            transmitStage.flush();
        } else {
            runStages(burst, nowTicks);
        }
    }

    /** Takes packets that another worker has received and handed over all the way. */
    void runHandedOver(PacketBurst burst, int nowTicks) {
        runStages(burst, nowTicks);
    }

    private void runStages(PacketBurst burst, int nowTicks) {
        int received = burst.count;
        burst.firstMade = received;
        balance(burst, nowTicks);
        finish(burst, received);
        sendMade(nowTicks);
        sendReleased(nowTicks);
    }

    /** Learns from copies of what neighbours have said to another worker, and frees them. */
    void learn(PacketBurst copies, int nowTicks) {
        parser.parse(copies);
        responder.take(copies, nowTicks);
        for (int i = 0; i < copies.count; i++) {
            state.buffers.free(copies.handle[i]);
        }
        countUnparked();
    }

    /** Sends what is to be sent, and lets other workers see what they were given. */
    void flush() {
        transmitStage.flush();
        if (handover != null) {
            handover.publish();
        }
    }

    /** Fragments that waited and may go on now. */
    private void sendReleased(int nowTicks) {
        int waited = fragments.takeReleased(released);
        while (waited > 0) {
            released.firstMade = waited;
            send(released, nowTicks);
            finish(released, waited);
            waited = fragments.takeReleased(released);
        }
    }

    /** What the host sends, among it the answers of real servers that run on the host. */
    private void fromHost(PacketBurst burst, int nowTicks) {
        if (!state.hostServes) {
            hostPath.toWire(burst);
            return;
        }
        hostPath.assignPorts(burst);
        parser.parseFromHost(burst);
        state.lookup.lookup(burst);
        hostPath.othersToWire(burst);
        state.syns.take(burst, nowTicks);
        stateStage.advance(burst, nowTicks);
        state.syns.complete(burst);
        send(burst, nowTicks);
    }

    private void finish(PacketBurst burst, int received) {
        state.counters.account(burst, received);
        countUnparked();
        state.counters.countOriginated(burst.count - received);
        freeDropped(burst);
        flush();
    }

    private void balance(PacketBurst burst, int nowTicks) {
        parser.parse(burst);
        if (owners != null) {
            owners.collect(burst);
        }
        fragments.track(burst, nowTicks);
        tunnelErrors.take(burst, nowTicks);
        if (handover != null) {
            handover.tellNeighbors(burst);
        }
        responder.take(burst, nowTicks);
        state.lookup.lookup(burst);
        if (owners != null) {
            owners.steer(burst);
        }
        endings.take(burst, nowTicks);
        state.syns.take(burst, nowTicks);
        admission.admit(burst, nowTicks);
        state.strayReplies.answer(burst, nowTicks);
        responder.leftOver(burst, nowTicks);
        stateStage.advance(burst, nowTicks);
        state.syns.complete(burst);
        fragments.follow(burst);
        send(burst, nowTicks);
    }

    private void send(PacketBurst burst, int nowTicks) {
        state.limits.police(burst, nowTicks);
        routeStage.route(burst, nowTicks);
        ftpStage.take(burst, nowTicks);
        forwardStage.forward(burst, nowTicks);
        admission.endOnePackets();
        neighbors.resolve(burst, nowTicks);
        hostPath.toHost(burst);
    }

    /** Sends the segments that end connections. */
    private void sendMade(int nowTicks) {
        if (endings.hasMade()) {
            PacketBurst made = endings.made();
            made.firstMade = 0;
            stateStage.advance(made, nowTicks);
            forwardStage.forward(made, nowTicks);
            neighbors.resolve(made, nowTicks);
            finish(made, 0);
            made.clear();
        }
    }

    /** Lets time pass; gives 1 when there is more to do at once. */
    int passTime(int nowTicks, int expireMax) {
        boolean done = state.table.expire(nowTicks, expireMax);
        sendDue(nowTicks);
        neighbors.tick(nowTicks);
        countUnparked();
        done &= fragments.expire(nowTicks, expireMax);
        done &= state.defences.passTime(nowTicks);
        done &= endings.passTime(nowTicks);
        sendMade(nowTicks);
        done &= state.orphans.passTime();
        flush();
        return done ? 0 : 1;
    }

    /** What the SYN proxy sends because time has passed. */
    private void sendDue(int nowTicks) {
        PacketBurst due = state.syns.due();
        if (due.count > 0) {
            due.firstMade = 0;
            send(due, nowTicks);
            finish(due, 0);
            due.clear();
        }
    }

    /** What was parked and has found its end since. */
    private void countUnparked() {
        long sent = neighbors.parkedSent();
        long dropped = neighbors.parkedDropped();
        state.counters.setUndisclosed(forwardStage.undisclosed());
        state.counters.countVerdict(Verdict.FORWARDED, sent - parkedSent);
        state.counters.countVerdict(Verdict.DROP_NEIGHBOR_UNREACHABLE, dropped - parkedDropped);
        parkedSent = sent;
        parkedDropped = dropped;
    }

    private void countReceived(PacketBurst burst, int received) {
        long bytes = 0;
        for (int i = 0; i < received; i++) {
            bytes += burst.length[i];
        }
        state.counters.countPort(burst.port[0], PortCounter.RECEIVED_PACKETS, received, bytes);
    }

    private void freeDropped(PacketBurst burst) {
        for (int i = 0; i < burst.count; i++) {
            int verdict = burst.verdict[i];
            if (verdict == Verdict.CONSUMED || Verdict.isDrop(verdict)) {
                state.buffers.free(burst.handle[i]);
            }
        }
    }
}
