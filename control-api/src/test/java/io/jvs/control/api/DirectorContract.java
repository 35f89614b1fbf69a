package io.jvs.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import io.jvs.proto.v1.AccessList;
import io.jvs.proto.v1.ApplyConfigRequest;
import io.jvs.proto.v1.ApplyConfigResponse;
import io.jvs.proto.v1.ChangeAccessEntriesRequest;
import io.jvs.proto.v1.Config;
import io.jvs.proto.v1.DirectorInfo;
import io.jvs.proto.v1.FlushRequest;
import io.jvs.proto.v1.GetDirectorInfoRequest;
import io.jvs.proto.v1.GetSysctlsRequest;
import io.jvs.proto.v1.GetTimeoutsRequest;
import io.jvs.proto.v1.Limits;
import io.jvs.proto.v1.ListAccessEntriesRequest;
import io.jvs.proto.v1.ListAccessEntriesResponse;
import io.jvs.proto.v1.ListConnectionsRequest;
import io.jvs.proto.v1.ListConnectionsResponse;
import io.jvs.proto.v1.ListLocalPortsRequest;
import io.jvs.proto.v1.ListLocalPortsResponse;
import io.jvs.proto.v1.ListMarkRulesRequest;
import io.jvs.proto.v1.ListStatisticsRequest;
import io.jvs.proto.v1.ListStatisticsResponse;
import io.jvs.proto.v1.LocalPortUse;
import io.jvs.proto.v1.MarkRule;
import io.jvs.proto.v1.MarkRules;
import io.jvs.proto.v1.Operation;
import io.jvs.proto.v1.Operations;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.RealServerStatistics;
import io.jvs.proto.v1.ServiceStatistics;
import io.jvs.proto.v1.SetMarkRulesRequest;
import io.jvs.proto.v1.SetSysctlsRequest;
import io.jvs.proto.v1.SetTimeoutsRequest;
import io.jvs.proto.v1.Sysctls;
import io.jvs.proto.v1.Timeouts;
import io.jvs.proto.v1.UpdateRealServerRequest;
import io.jvs.proto.v1.UpdateVirtualServiceRequest;
import io.jvs.proto.v1.VirtualService;
import io.jvs.proto.v1.ZeroStatisticsRequest;
import io.jvs.service.Address;
import io.jvs.worker.ConnectionView;
import io.jvs.worker.ServerCounter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What all methods do, with each error; run through every door. */
public abstract class DirectorContract extends RuleContract {
    private static ConnectionView connection(int port) {
        Address client = Address.parse("172.16.0.1");
        return new ConnectionView(
                6,
                client,
                port,
                Address.parse("10.0.0.1"),
                80,
                Address.parse("10.1.0.1"),
                8080,
                Address.parse("10.2.0.1"),
                1025,
                io.jvs.service.ForwardingMethod.FULLNAT,
                "ESTABLISHED",
                899_000,
                false);
    }

    private static ChangeAccessEntriesRequest.Builder access() {
        return ChangeAccessEntriesRequest.newBuilder().setParent(WEB);
    }

    private List<String> entries() throws Exception {
        return call(
                        "ListAccessEntries",
                        ListAccessEntriesRequest.newBuilder().setParent(WEB).build(),
                        ListAccessEntriesResponse.getDefaultInstance())
                .getEntriesList();
    }

    @Test
    void shouldChangeAnAccessListWholeOrNotAtAll() throws Exception {
        createWeb();
        AccessList made =
                call(
                        "ChangeAccessEntries",
                        access().addAdd("10.0.0.0/8").addAdd("allow 10.1.0.0/16").build(),
                        AccessList.getDefaultInstance());
        assertThat(made.getSize()).isEqualTo(2);
        assertThat(entries()).containsExactly("deny 10.0.0.0/8", "allow 10.1.0.0/16");
        assertThat(get().getAccessList()).isEqualTo(made);
        assertThat(config().getVirtualServices(0).getAccessList().getDenyList())
                .containsExactly("10.0.0.0/8");
        refused(
                "ChangeAccessEntries",
                access().addDelete("10.0.0.0/8").addDelete("10.2.0.0/16").build(),
                NOT_FOUND,
                "No such entry: 10.2.0.0/16");
        refused(
                "ChangeAccessEntries",
                access().addAdd("permit all").build(),
                INVALID,
                "'permit all' is not an entry of an access list such as 'deny 10.0.0.0/8',"
                        + " 'allow 2001:db8::/32' or '192.0.2.1'");
        refused(
                "ChangeAccessEntries",
                access().setParent("virtualServices/tcp-10.0.0.9-80").addAdd("::/0").build(),
                NOT_FOUND,
                "No such service");
        assertThat(entries()).hasSize(2);
        call(
                "ChangeAccessEntries",
                access().setReplace(true).addAdd("2001:db8::/32").build(),
                AccessList.getDefaultInstance());
        assertThat(entries()).containsExactly("deny 2001:db8::/32");
        call(
                "ChangeAccessEntries",
                access().addDelete("2001:db8::/32").build(),
                AccessList.getDefaultInstance());
        assertThat(get().hasAccessList()).isFalse();
    }

    @Test
    void shouldSetMarkRulesOnlyWhereTheyAreAsExpected() throws Exception {
        MarkRules one = marks(1);
        call("SetMarkRules", setMarks(one), MarkRules.getDefaultInstance());
        SetMarkRulesRequest.Builder next = setMarks(marks(2)).toBuilder();
        refused(
                "SetMarkRules",
                next.setExpected(marks(3)).build(),
                PRECONDITION,
                "the mark rules were changed by another client meanwhile");
        assertThat(
                        call(
                                "ListMarkRules",
                                ListMarkRulesRequest.getDefaultInstance(),
                                MarkRules.getDefaultInstance()))
                .isEqualTo(one);
        assertThat(
                        call(
                                "SetMarkRules",
                                next.setExpected(one).build(),
                                MarkRules.getDefaultInstance()))
                .isEqualTo(marks(2));
    }

    private static MarkRules marks(int mark) {
        return MarkRules.newBuilder().addMarkRules(MarkRule.newBuilder().setMark(mark)).build();
    }

    private static SetMarkRulesRequest setMarks(MarkRules marks) {
        return SetMarkRulesRequest.newBuilder().addAllMarkRules(marks.getMarkRulesList()).build();
    }

    @Test
    void shouldKeepLimitsThroughIpvsadmsEdits() throws Exception {
        Limits limits = Limits.newBuilder().setConnections(7).setBytesPerSecond(1 << 20).build();
        call(
                "CreateVirtualService",
                create(web().setLimits(limits).addRealServers(nat("10.1.0.1").setLimits(limits))),
                VirtualService.getDefaultInstance());
        call(
                "UpdateVirtualService",
                UpdateVirtualServiceRequest.newBuilder()
                        .setVirtualService(web().setScheduler("wlc"))
                        .build(),
                VirtualService.getDefaultInstance());
        call(
                "UpdateRealServer",
                UpdateRealServerRequest.newBuilder()
                        .setParent(WEB)
                        .setRealServer(nat("10.1.0.1").setWeight(9))
                        .build(),
                RealServer.getDefaultInstance());
        assertThat(get().getLimits()).isEqualTo(limits);
        assertThat(get().getRealServers(0).getLimits()).isEqualTo(limits);
        assertThat(get().getRealServers(0).getWeight()).isEqualTo(9);
        call(
                "UpdateRealServer",
                UpdateRealServerRequest.newBuilder()
                        .setParent(WEB)
                        .setRealServer(nat("10.1.0.1"))
                        .setUpdateMask(FieldMask.newBuilder().addPaths("limits"))
                        .build(),
                RealServer.getDefaultInstance());
        assertThat(get().getRealServers(0).hasLimits()).isFalse();
        refused(
                "CreateVirtualService",
                create(web().setPort(81).setLimits(Limits.newBuilder().setBurstMillis(70_000))),
                INVALID,
                "limits.burst_millis must be 0..60000");
    }

    @Test
    void shouldListConnectionsOfOneMomentInPages() throws Exception {
        dataplane.setConnections(List.of(connection(1), connection(2), connection(3)));
        ListConnectionsResponse first =
                call(
                        "ListConnections",
                        ListConnectionsRequest.newBuilder().setPageSize(2).build(),
                        ListConnectionsResponse.getDefaultInstance());
        dataplane.setConnections(List.of());
        ListConnectionsResponse second =
                call(
                        "ListConnections",
                        ListConnectionsRequest.newBuilder()
                                .setPageSize(2)
                                .setPageToken(first.getNextPageToken())
                                .build(),
                        ListConnectionsResponse.getDefaultInstance());
        assertThat(first.getConnectionsList()).hasSize(2);
        assertThat(second.getConnectionsList()).hasSize(1);
        assertThat(second.getNextPageToken()).isEmpty();
        assertThat(second.getConnections(0).getClientPort()).isEqualTo(3);
        assertThat(second.getConnections(0).getLocalAddress()).isEqualTo("10.2.0.1");
        assertThat(second.getConnections(0).getState()).isEqualTo("ESTABLISHED");
        assertThat(second.getConnections(0).getExpiresMillis()).isEqualTo(899_000);
        refused(
                "ListConnections",
                ListConnectionsRequest.newBuilder().setPageToken("99-1").build(),
                INVALID,
                "page_size must be 0 or more and page_token from a listing of the last minute");
    }

    @Test
    void shouldListLocalPorts() throws Exception {
        ListLocalPortsResponse ports =
                call(
                        "ListLocalPorts",
                        ListLocalPortsRequest.getDefaultInstance(),
                        ListLocalPortsResponse.getDefaultInstance());
        assertThat(ports.getLocalPorts(0))
                .isEqualTo(
                        LocalPortUse.newBuilder()
                                .setLocalAddress("10.2.0.1")
                                .setProtocol(6)
                                .setRealAddress("10.1.0.1")
                                .setRealPort(80)
                                .setUsed(64_511)
                                .setWaiting(1)
                                .setCapacity(64_511)
                                .setExhausted(9)
                                .build());
        refused(
                "ListLocalPorts",
                ListLocalPortsRequest.newBuilder().setPageSize(-1).build(),
                INVALID,
                "page_size must be 0 or more");
    }

    @Test
    void shouldGiveStatisticsAndZeroThem() throws Exception {
        createWeb("10.1.0.1");
        int index = dataplane.serverIndex("10.1.0.1");
        dataplane.count(index, ServerCounter.CONNECTIONS, 1);
        dataplane.count(index, ServerCounter.INCOMING_PACKETS, 2);
        dataplane.count(index, ServerCounter.OUTGOING_PACKETS, 3);
        dataplane.count(index, ServerCounter.INCOMING_BYTES, 4);
        dataplane.count(index, ServerCounter.OUTGOING_BYTES, 5);
        ServiceStatistics service = statistics("").getServices(0);
        assertThat(service.getName()).isEqualTo(WEB);
        RealServerStatistics server = service.getRealServers(0);
        assertThat(server.getTotals().getConnections()).isEqualTo(1);
        assertThat(server.getTotals().getIncomingPackets()).isEqualTo(2);
        assertThat(server.getTotals().getOutgoingPackets()).isEqualTo(3);
        assertThat(server.getTotals().getIncomingBytes()).isEqualTo(4);
        assertThat(server.getTotals().getOutgoingBytes()).isEqualTo(5);
        assertThat(service.getTotals()).isEqualTo(server.getTotals());
        assertThat(statistics("").getTotals()).isEqualTo(server.getTotals());
        call(
                "ZeroStatistics",
                ZeroStatisticsRequest.newBuilder().setName(WEB).build(),
                Empty.getDefaultInstance());
        assertThat(statistics(WEB).getServices(0).getTotals().getConnections()).isZero();
        String missing = "virtualServices/tcp-10.0.0.9-80";
        refused(
                "ZeroStatistics",
                ZeroStatisticsRequest.newBuilder().setName(missing).build(),
                NOT_FOUND,
                "No such service");
        refused(
                "ListStatistics",
                ListStatisticsRequest.newBuilder().setName(missing).build(),
                NOT_FOUND,
                "No such service");
    }

    private ListStatisticsResponse statistics(String name) throws Door.Refused {
        return call(
                "ListStatistics",
                ListStatisticsRequest.newBuilder().setName(name).build(),
                ListStatisticsResponse.getDefaultInstance());
    }

    @Test
    void shouldSetTimeoutsAndKeepThoseThatAreZero() throws Exception {
        Timeouts now =
                call(
                        "SetTimeouts",
                        SetTimeoutsRequest.newBuilder()
                                .setTimeouts(Timeouts.newBuilder().setTcpSeconds(60))
                                .build(),
                        Timeouts.getDefaultInstance());
        Timeouts wanted =
                Timeouts.newBuilder()
                        .setTcpSeconds(60)
                        .setTcpFinSeconds(120)
                        .setUdpSeconds(300)
                        .build();
        assertThat(now).isEqualTo(wanted);
        assertThat(
                        call(
                                "GetTimeouts",
                                GetTimeoutsRequest.getDefaultInstance(),
                                Timeouts.getDefaultInstance()))
                .isEqualTo(wanted);
    }

    @Test
    void shouldSetSettingsByTheKernelsNames() throws Exception {
        Sysctls now =
                call(
                        "SetSysctls",
                        SetSysctlsRequest.newBuilder()
                                .putValues("net.ipv4.vs.conn_reuse_mode", "0")
                                .putValues("drop_packet", "3")
                                .build(),
                        Sysctls.getDefaultInstance());
        assertThat(now.getValuesMap())
                .hasSize(31)
                .containsEntry("conn_reuse_mode", "0")
                .containsEntry("drop_packet", "3")
                .containsEntry("sync_threshold", "3 50");
        assertThat(
                        call(
                                "GetSysctls",
                                GetSysctlsRequest.getDefaultInstance(),
                                Sysctls.getDefaultInstance()))
                .isEqualTo(now);
        assertThat(config().getSysctlsMap())
                .containsOnly(Map.entry("conn_reuse_mode", "0"), Map.entry("drop_packet", "3"));
    }

    @Test
    void shouldFlush() throws Exception {
        createWeb("10.1.0.1");
        call("Flush", FlushRequest.getDefaultInstance(), Empty.getDefaultInstance());
        assertThat(config().getVirtualServicesList()).isEmpty();
    }

    private static ApplyConfigRequest operations(Operation... operations) {
        return ApplyConfigRequest.newBuilder()
                .setOperations(Operations.newBuilder().addAllOperations(List.of(operations)))
                .build();
    }

    @Test
    void shouldApplyABatchOfOperationsAsOneGeneration() throws Exception {
        ApplyConfigResponse reply =
                call(
                        "ApplyConfig",
                        operations(
                                Operation.newBuilder()
                                        .setCreateVirtualService(create(web()))
                                        .build(),
                                Operation.newBuilder()
                                        .setCreateRealServer(create(WEB, nat("10.1.0.1")))
                                        .build(),
                                Operation.newBuilder()
                                        .setCreateRealServer(create(WEB, nat("10.1.0.2")))
                                        .build()),
                        ApplyConfigResponse.getDefaultInstance());
        assertThat(reply.getGeneration()).isEqualTo(2);
        assertThat(reply.getChanged()).isTrue();
        assertThat(reply.getAdded()).isEqualTo(3);
        assertThat(dataplane.applied()).hasSize(2);
        assertThat(get().getRealServersList())
                .extracting(RealServer::getAddress)
                .containsExactly("10.1.0.2", "10.1.0.1");
    }

    @Test
    void shouldApplyNothingOfABatchWithABadOperationAndSayWhich() throws Exception {
        createWeb();
        ApplyConfigRequest request =
                operations(
                        Operation.newBuilder().setFlush(FlushRequest.getDefaultInstance()).build(),
                        Operation.newBuilder().setCreateVirtualService(create(web())).build(),
                        Operation.newBuilder()
                                .setCreateVirtualService(create(web().setScheduler("nosuch")))
                                .build());
        assertThatThrownBy(() -> call("ApplyConfig", request, Empty.getDefaultInstance()))
                .asInstanceOf(type(Door.Refused.class))
                .satisfies(e -> {
                    assertThat(e).hasMessage("Service already exists");
                    assertThat(e.operation()).isEqualTo(3);
                });
        assertThat(config().getVirtualServicesList()).hasSize(1);
        assertThat(dataplane.applied()).hasSize(2);
    }

    @Test
    void shouldTakeBackWhatGetConfigGave() throws Exception {
        createWeb("10.1.0.1", "10.1.0.2");
        Config config = config();
        ApplyConfigRequest request = ApplyConfigRequest.newBuilder().setConfig(config).build();
        ApplyConfigResponse same =
                call("ApplyConfig", request, ApplyConfigResponse.getDefaultInstance());
        assertThat(same.getChanged()).isFalse();
        call("Flush", FlushRequest.getDefaultInstance(), Empty.getDefaultInstance());
        call("ApplyConfig", request, ApplyConfigResponse.getDefaultInstance());
        assertThat(config()).isEqualTo(config);
        refused(
                "ApplyConfig",
                ApplyConfigRequest.getDefaultInstance(),
                INVALID,
                "ApplyConfig needs a config or operations");
    }

    @Test
    void shouldTellAboutItself() throws Exception {
        dataplane.setConnections(List.of(connection(1)));
        DirectorInfo info =
                call(
                        "GetDirectorInfo",
                        GetDirectorInfoRequest.getDefaultInstance(),
                        DirectorInfo.getDefaultInstance());
        assertThat(info.getVersion()).isEqualTo("1.2.3");
        assertThat(info.getConnectionTableSize()).isEqualTo(4096);
        assertThat(info.getConnections()).isEqualTo(1);
        assertThat(info.getGeneration()).isEqualTo(1);
        assertThat(info.getPorts(0).getMac()).isEqualTo("02:00:00:00:00:01");
        assertThat(info.getWorkers(0).getCycles()).isEqualTo(1000);
    }

    @Test
    void shouldSayThatRulesCouldNotBeKept() throws Exception {
        store.setFull(true);
        refused(
                "CreateVirtualService",
                create(web()),
                14,
                "the rules could not be kept: writing rules failed: No space left on device");
        assertThat(config().getVirtualServicesList()).isEmpty();
    }
}
