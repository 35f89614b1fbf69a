package io.jvs.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.MemoryRegion;
import io.jvs.packet.PacketBurst;
import io.jvs.packet.Verdict;
import io.jvs.scheduler.Destination;
import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.RealServer;
import io.jvs.service.Tunnel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StateStageTest {
    private static final int SYN = 2;
    private static final int FIN = 1;
    private static final int ACK = 16;

    private final MemoryRegion region = MemoryRegion.anonymous(ConnectionTable.regionBytes(100));
    private final ConnectionTable table =
            new ConnectionTable(region, 100, 1, 0, new RecordingListener());
    private final ServerTable servers = new ServerTable();
    private final StateTimeouts timeouts = new StateTimeouts();
    private final StateStage stage = new StateStage(table, servers, timeouts);
    private final ConnectionLookup lookup = new ConnectionLookup(table);
    private final PacketBurst burst = new PacketBurst();
    private final Destination server =
            new Destination(
                    100,
                    new RealServer(
                            Address.ofIpv4(1), 80, ForwardingMethod.NAT, 1, 0, 0, Tunnel.IPIP));
    private int id;
    private long record;
    private TestFlow flow = TestFlow.of(false, true, 6, 1);

    @BeforeEach
    void openAFlow() {
        servers.put(server);
        open(flow, 0);
    }

    @AfterEach
    void close() {
        region.close();
    }

    private void open(TestFlow opened, int flags) {
        flow = opened;
        id = table.allocate(flow.ipv6());
        record = table.address(id);
        flow.fill(record, 300);
        ConnectionLayout.setServerIndex(record, server.serverIndex);
        ConnectionLayout.set(record, flags);
        table.publish(id, 0);
        if (server.active() + server.inactive() == 0) {
            server.addConnection();
        } else if (server.active() > 0) {
            server.moveConnection(false);
        }
    }

    private void packet(boolean fromServer, int tcpFlags, int now) {
        burst.clear();
        int row = (fromServer ? flow.out() : flow.in()).addTo(burst);
        burst.tcpFlags[row] = tcpFlags;
        lookup.lookup(burst);
        stage.advance(burst, now);
    }

    private void expectCounts(int active, int inactive) {
        assertThat(server.active()).isEqualTo(active);
        assertThat(server.inactive()).isEqualTo(inactive);
    }

    @Test
    void shouldFollowAConnectionFromSynToTimeWait() {
        packet(false, SYN, 10);
        assertThat(ConnectionLayout.state(record)).isEqualTo(ConnectionState.SYN_RECV);
        assertThat(ConnectionLayout.timeoutTicks(record)).isEqualTo(6000);
        expectCounts(1, 0);
        packet(true, SYN | ACK, 11);
        packet(false, ACK, 12);
        assertThat(ConnectionLayout.state(record)).isEqualTo(ConnectionState.ESTABLISHED);
        assertThat(ConnectionLayout.deadlineTicks(record)).isEqualTo(12 + 90_000);
        packet(false, FIN | ACK, 13);
        assertThat(ConnectionLayout.state(record)).isEqualTo(ConnectionState.CLOSE_WAIT);
        expectCounts(0, 1);
        packet(true, FIN | ACK, 14);
        assertThat(ConnectionLayout.state(record)).isEqualTo(ConnectionState.TIME_WAIT);
        assertThat(ConnectionLayout.lastSeenTicks(record)).isEqualTo(14);
        assertThat(ConnectionLayout.packets(record)).isEqualTo(3);
        while (!table.expire(14 + 12_000 - 1, 64)) {
            assertThat(table.isLive(id)).isTrue();
        }
        assertThat(table.isLive(id)).isTrue();
        table.expire(14 + 12_000, 64);
        assertThat(table.isLive(id)).isFalse();
    }

    @Test
    void shouldUseTheInputOnlyTableUntilTheServerIsSeen() {
        ConnectionLayout.set(record, ConnectionLayout.NO_OUTPUT);
        packet(false, SYN, 1);
        packet(false, ACK, 2);
        packet(false, FIN | ACK, 3);
        assertThat(ConnectionLayout.state(record)).isEqualTo(ConnectionState.FIN_WAIT);
        packet(true, ACK, 4);
        assertThat(ConnectionLayout.has(record, ConnectionLayout.NO_OUTPUT)).isFalse();
        packet(false, FIN | ACK, 5);
        assertThat(ConnectionLayout.state(record)).isEqualTo(ConnectionState.TIME_WAIT);
    }

    @Test
    void shouldCountUdpAsInactive() {
        open(TestFlow.of(true, true, 17, 2), 0);
        packet(false, 0, 50);
        assertThat(ConnectionLayout.state(record)).isEqualTo(ConnectionState.UDP);
        assertThat(ConnectionLayout.deadlineTicks(record)).isEqualTo(50 + 30_000);
        expectCounts(0, 1);
    }

    @Test
    void shouldAssureTheTemplateOfAnEstablishedConnection() {
        int template = template();
        ConnectionLayout.setControl(record, template);
        packet(false, SYN, 1);
        assertThat(ConnectionLayout.has(table.address(template), ConnectionLayout.ASSURED))
                .isFalse();
        packet(true, SYN | ACK, 2);
        packet(false, ACK, 3);
        assertThat(ConnectionLayout.has(table.address(template), ConnectionLayout.ASSURED))
                .isTrue();
    }

    @Test
    void shouldAssureTheTemplateOfAnAnsweredDatagram() {
        open(TestFlow.of(false, true, 17, 4), 0);
        int template = template();
        ConnectionLayout.setControl(record, template);
        packet(false, 0, 1);
        assertThat(ConnectionLayout.has(table.address(template), ConnectionLayout.ASSURED))
                .isFalse();
        packet(true, 0, 2);
        assertThat(ConnectionLayout.has(table.address(template), ConnectionLayout.ASSURED))
                .isTrue();
    }

    private int template() {
        int template = table.allocate(false);
        ConnectionLayout.set(table.address(template), ConnectionLayout.TEMPLATE);
        ConnectionLayout.setTimeoutTicks(table.address(template), 30_000);
        table.publish(template, 0);
        return template;
    }

    @Test
    void shouldTakeANewTimeoutWithTheNextPacket() {
        packet(false, SYN, 1);
        packet(false, ACK, 2);
        timeouts.set(10, 0, 0);
        assertThat(ConnectionLayout.timeoutTicks(record)).isEqualTo(90_000);
        packet(false, ACK, 3);
        assertThat(ConnectionLayout.timeoutTicks(record)).isEqualTo(1000);
    }

    @Test
    void shouldUseTheSecureTablesWhenTold() {
        packet(false, SYN, 1);
        stage.setSecureTcp(true);
        packet(false, ACK, 2);
        assertThat(ConnectionLayout.state(record)).isEqualTo(ConnectionState.SYN_RECV);
        stage.setSecureTcp(false);
        packet(false, ACK, 3);
        assertThat(ConnectionLayout.state(record)).isEqualTo(ConnectionState.ESTABLISHED);
    }

    @Test
    void shouldPassOverErrorsDecidedRowsAndForeignPackets() {
        burst.clear();
        int error = flow.in().addTo(burst);
        burst.kind[error] = PacketBurst.KIND_ICMP4_ERROR;
        flow.in().addTo(burst);
        TestFlow.of(false, true, 6, 99).in().addTo(burst);
        lookup.lookup(burst);
        burst.verdict[1] = Verdict.DROP_NO_SERVER;
        burst.tcpFlags[0] = SYN;
        burst.tcpFlags[1] = SYN;
        stage.advance(burst, 70);
        assertThat(ConnectionLayout.state(record)).isEqualTo(ConnectionState.NONE);
        assertThat(ConnectionLayout.lastSeenTicks(record)).isZero();
    }

    @Test
    void shouldGoOnWithoutTheServersCountsWhenItIsGone() {
        servers.remove(server.serverIndex);
        packet(false, SYN, 1);
        assertThat(ConnectionLayout.state(record)).isEqualTo(ConnectionState.SYN_RECV);
        expectCounts(0, 1);
        assertThat(servers.find(-1)).isNull();
        assertThat(servers.find(1 << 20)).isNull();
    }
}
