package io.jvs.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import io.jvs.director.Director;
import io.jvs.director.DirectorThread;
import io.jvs.director.FakeDataplane;
import io.jvs.director.Rules;
import io.jvs.director.TestRules.MemoryStore;
import io.jvs.proto.v1.ApplyConfigRequest;
import io.jvs.proto.v1.ApplyConfigResponse;
import io.jvs.proto.v1.Config;
import io.jvs.proto.v1.CreateLocalAddressRequest;
import io.jvs.proto.v1.CreateRealServerRequest;
import io.jvs.proto.v1.CreateVirtualServiceRequest;
import io.jvs.proto.v1.DeleteLocalAddressRequest;
import io.jvs.proto.v1.DeleteRealServerRequest;
import io.jvs.proto.v1.DeleteVirtualServiceRequest;
import io.jvs.proto.v1.DirectorInfo;
import io.jvs.proto.v1.FlushRequest;
import io.jvs.proto.v1.ForwardingMethod;
import io.jvs.proto.v1.GetConfigRequest;
import io.jvs.proto.v1.GetDirectorInfoRequest;
import io.jvs.proto.v1.GetRealServerRequest;
import io.jvs.proto.v1.GetTimeoutsRequest;
import io.jvs.proto.v1.GetVirtualServiceRequest;
import io.jvs.proto.v1.ListConnectionsRequest;
import io.jvs.proto.v1.ListConnectionsResponse;
import io.jvs.proto.v1.ListLocalAddressesRequest;
import io.jvs.proto.v1.ListLocalAddressesResponse;
import io.jvs.proto.v1.ListRealServersRequest;
import io.jvs.proto.v1.ListRealServersResponse;
import io.jvs.proto.v1.ListStatisticsRequest;
import io.jvs.proto.v1.ListStatisticsResponse;
import io.jvs.proto.v1.ListVirtualServicesRequest;
import io.jvs.proto.v1.ListVirtualServicesResponse;
import io.jvs.proto.v1.LocalAddress;
import io.jvs.proto.v1.Operation;
import io.jvs.proto.v1.Operations;
import io.jvs.proto.v1.Persistence;
import io.jvs.proto.v1.Protocol;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.RealServerStatistics;
import io.jvs.proto.v1.ServiceStatistics;
import io.jvs.proto.v1.SetTimeoutsRequest;
import io.jvs.proto.v1.Timeouts;
import io.jvs.proto.v1.UpdateRealServerRequest;
import io.jvs.proto.v1.UpdateVirtualServiceRequest;
import io.jvs.proto.v1.VirtualService;
import io.jvs.proto.v1.ZeroStatisticsRequest;
import io.jvs.service.Address;
import io.jvs.worker.ConnectionView;
import io.jvs.worker.ServerCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each method does, with each error; run through every door. */
public abstract class DirectorContract {
    private static final int INVALID = 3;
    private static final int NOT_FOUND = 5;
    private static final int EXISTS = 6;
    private static final String WEB = "virtualServices/tcp-10.0.0.1-80";

    private final FakeDataplane dataplane = new FakeDataplane();
    private final MemoryStore store = new MemoryStore();
    private DirectorThread thread;
    private Door door;

    /** Opens the door under test. */
    protected abstract Door open(DirectorMethods methods) throws Exception;

    @BeforeEach
    void openDoor() throws Exception {
        Director director = new Director(dataplane, store, Set.of("rr", "wlc", "sh"));
        thread = DirectorThread.start(director, Rules.EMPTY, System::nanoTime);
        DirectorFacts facts = new DirectorFacts("1.2.3", 4096, System.nanoTime());
        door = open(new DirectorMethods(director, thread.proxy(), facts));
    }

    @AfterEach
    void closeDoor() throws Exception {
        door.close();
        thread.close();
    }

    private <R extends Message> R call(String method, Message request, R prototype)
            throws Door.Refused {
        return door.call(method, request, prototype);
    }

    private void refused(String method, Message request, int code, String message) {
        assertThatThrownBy(() -> call(method, request, Empty.getDefaultInstance()))
                .asInstanceOf(type(Door.Refused.class))
                .satisfies(e -> {
                    assertThat(e).hasMessage(message);
                    assertThat(e.code()).isEqualTo(code);
                });
    }

    private static VirtualService.Builder web() {
        return VirtualService.newBuilder()
                .setProtocol(Protocol.PROTOCOL_TCP)
                .setAddress("10.0.0.1")
                .setPort(80)
                .setScheduler("rr");
    }

    private static RealServer.Builder nat(String address) {
        return RealServer.newBuilder()
                .setAddress(address)
                .setPort(8080)
                .setForwardingMethod(ForwardingMethod.FORWARDING_METHOD_NAT);
    }

    private static CreateVirtualServiceRequest create(VirtualService.Builder service) {
        return CreateVirtualServiceRequest.newBuilder().setVirtualService(service).build();
    }

    private static CreateRealServerRequest create(String parent, RealServer.Builder server) {
        return CreateRealServerRequest.newBuilder().setParent(parent).setRealServer(server).build();
    }

    private VirtualService createWeb(String... servers) throws Door.Refused {
        call("CreateVirtualService", create(web()), VirtualService.getDefaultInstance());
        for (String server : servers) {
            call("CreateRealServer", create(WEB, nat(server)), RealServer.getDefaultInstance());
        }
        return get();
    }

    private VirtualService get() throws Door.Refused {
        return call(
                "GetVirtualService",
                GetVirtualServiceRequest.newBuilder().setName(WEB).build(),
                VirtualService.getDefaultInstance());
    }

    private Config config() throws Door.Refused {
        return call(
                "GetConfig", GetConfigRequest.getDefaultInstance(), Config.getDefaultInstance());
    }

    @Test
    void shouldCreateAndGetAService() throws Exception {
        VirtualService made =
                call(
                        "CreateVirtualService",
                        create(
                                web().addRealServers(nat("10.1.0.1").setWeight(5))
                                        .addLocalAddresses("10.2.0.1")
                                        .setPersistence(
                                                Persistence.newBuilder()
                                                        .setNetmask("255.255.255.0"))),
                        VirtualService.getDefaultInstance());
        assertThat(made.getName()).isEqualTo(WEB);
        assertThat(made.getPersistence().getTimeoutSeconds()).isEqualTo(300);
        assertThat(made.getPersistence().getNetmask()).isEqualTo("255.255.255.0");
        assertThat(made.getLocalAddressesList()).containsExactly("10.2.0.1");
        assertThat(made.getRealServers(0).getName()).isEqualTo(WEB + "/realServers/10.1.0.1-8080");
        assertThat(made.getRealServers(0).getEffectiveWeight()).isEqualTo(5);
        assertThat(get()).isEqualTo(made);
    }

    @Test
    void shouldRefuseBadServicesWithIpvsadmsWords() throws Exception {
        createWeb();
        refused("CreateVirtualService", create(web()), EXISTS, "Service already exists");
        refused(
                "CreateVirtualService",
                create(web().setPort(81).setScheduler("nosuch")),
                NOT_FOUND,
                "Scheduler or persistence engine not found");
        refused(
                "CreateVirtualService",
                create(web().setPort(0)),
                INVALID,
                "Zero port specified for non-persistent service");
        refused(
                "CreateVirtualService",
                create(web().setPort(70000)),
                INVALID,
                "illegal virtual server address[:port] specified");
        refused(
                "CreateVirtualService",
                create(web().setAddress("10.0.0.300")),
                INVALID,
                "illegal virtual server address[:port] specified");
        refused(
                "CreateVirtualService",
                create(web().setPort(81).setOnePacket(true)),
                INVALID,
                "One-Packet Scheduling is only for UDP virtual services");
        refused(
                "CreateVirtualService",
                create(web().setPort(81).addSchedulerFlags("mh-port")),
                INVALID,
                "incompatible scheduler flag `mh-port'");
        refused(
                "CreateVirtualService",
                create(VirtualService.newBuilder()),
                INVALID,
                "a service needs a protocol (TCP, UDP or SCTP) or a firewall mark");
        assertThat(config().getVirtualServicesList()).hasSize(1);
    }

    @Test
    void shouldUpdateWhatIpvsadmEditsWithoutAMask() throws Exception {
        createWeb("10.1.0.1");
        VirtualService edited =
                call(
                        "UpdateVirtualService",
                        UpdateVirtualServiceRequest.newBuilder()
                                .setVirtualService(web().clearScheduler())
                                .build(),
                        VirtualService.getDefaultInstance());
        assertThat(edited.getScheduler()).isEqualTo("wlc");
        assertThat(edited.getRealServersList()).hasSize(1);
    }

    @Test
    void shouldUpdateOnlyWhatAMaskNames() throws Exception {
        createWeb("10.1.0.1");
        VirtualService edited =
                call(
                        "UpdateVirtualService",
                        UpdateVirtualServiceRequest.newBuilder()
                                .setVirtualService(
                                        VirtualService.newBuilder()
                                                .setName(WEB)
                                                .setScheduler("sh")
                                                .addLocalAddresses("10.2.0.9"))
                                .setUpdateMask(FieldMask.newBuilder().addPaths("local_addresses"))
                                .build(),
                        VirtualService.getDefaultInstance());
        assertThat(edited.getScheduler()).isEqualTo("rr");
        assertThat(edited.getLocalAddressesList()).containsExactly("10.2.0.9");
        refused(
                "UpdateVirtualService",
                UpdateVirtualServiceRequest.newBuilder()
                        .setVirtualService(web())
                        .setUpdateMask(FieldMask.newBuilder().addPaths("port"))
                        .build(),
                INVALID,
                "update_mask: 'port' cannot be changed; it can be health_check, local_addresses,"
                        + " one_packet, persistence, real_servers, scheduler, scheduler_flags or *");
    }

    @Test
    void shouldDeleteAService() throws Exception {
        createWeb("10.1.0.1");
        DeleteVirtualServiceRequest delete =
                DeleteVirtualServiceRequest.newBuilder().setName(WEB).build();
        call("DeleteVirtualService", delete, Empty.getDefaultInstance());
        refused("DeleteVirtualService", delete, NOT_FOUND, "No such service");
        refused(
                "GetVirtualService",
                GetVirtualServiceRequest.newBuilder().setName(WEB).build(),
                NOT_FOUND,
                "No such service");
        refused(
                "UpdateVirtualService",
                UpdateVirtualServiceRequest.newBuilder().setVirtualService(web()).build(),
                NOT_FOUND,
                "No such service");
        refused(
                "DeleteVirtualService",
                DeleteVirtualServiceRequest.newBuilder().setName("virtualServices/x").build(),
                INVALID,
                "'virtualServices/x' is not a name of the form virtualServices/tcp-ADDRESS-PORT or"
                        + " virtualServices/fwm-MARK-ipv4");
    }

    @Test
    void shouldListServicesInPages() throws Exception {
        List<String> names = new ArrayList<>();
        for (int port = 1; port <= 5; port++) {
            names.add(
                    call(
                                    "CreateVirtualService",
                                    create(web().setPort(port)),
                                    VirtualService.getDefaultInstance())
                            .getName());
        }
        List<String> listed = new ArrayList<>();
        String token = "";
        do {
            ListVirtualServicesResponse page =
                    call(
                            "ListVirtualServices",
                            ListVirtualServicesRequest.newBuilder()
                                    .setPageSize(2)
                                    .setPageToken(token)
                                    .build(),
                            ListVirtualServicesResponse.getDefaultInstance());
            page.getVirtualServicesList().forEach(service -> listed.add(service.getName()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(listed).isEqualTo(names);
        refused(
                "ListVirtualServices",
                ListVirtualServicesRequest.newBuilder().setPageToken("x").build(),
                INVALID,
                "page_size must be 0 or more and page_token from a list");
    }

    @Test
    void shouldPutANewServerAtTheHeadAndCountItsConnections() throws Exception {
        createWeb("10.1.0.1", "10.1.0.2");
        dataplane.count(dataplane.serverIndex("10.1.0.2"), ServerCounter.ACTIVE, 3);
        dataplane.count(dataplane.serverIndex("10.1.0.2"), ServerCounter.INACTIVE, 4);
        dataplane.count(dataplane.serverIndex("10.1.0.2"), ServerCounter.PERSISTENT, 5);
        ListRealServersResponse list =
                call(
                        "ListRealServers",
                        ListRealServersRequest.newBuilder().setParent(WEB).build(),
                        ListRealServersResponse.getDefaultInstance());
        assertThat(list.getRealServersList())
                .extracting(RealServer::getAddress)
                .containsExactly("10.1.0.2", "10.1.0.1");
        RealServer head = list.getRealServers(0);
        assertThat(head.getActiveConnections()).isEqualTo(3);
        assertThat(head.getInactiveConnections()).isEqualTo(4);
        assertThat(head.getPersistentConnections()).isEqualTo(5);
        assertThat(head.getWeight()).isEqualTo(1);
    }

    @Test
    void shouldRefuseBadServersWithIpvsadmsWords() throws Exception {
        createWeb("10.1.0.1");
        refused(
                "CreateRealServer",
                create("virtualServices/tcp-10.0.0.9-80", nat("10.1.0.1")),
                NOT_FOUND,
                "Service not defined");
        refused(
                "CreateRealServer",
                create(WEB, nat("10.1.0.1")),
                EXISTS,
                "Destination already exists");
        refused(
                "CreateRealServer",
                create(WEB, nat("2001:db8::1")),
                INVALID,
                "Different address family is allowed only for tunneling servers");
        refused(
                "CreateRealServer",
                create(WEB, nat("10.1.0.2").setPort(99999)),
                INVALID,
                "illegal real server address[:port] specified");
        refused(
                "CreateRealServer",
                create(WEB, nat("10.1.0.2").setWeight(-1)),
                INVALID,
                "illegal weight specified");
        refused(
                "CreateRealServer",
                create(WEB, nat("10.1.0.2").setUpperThreshold(5).setLowerThreshold(10)),
                INVALID,
                "Numerical result out of range");
        refused(
                "UpdateRealServer",
                UpdateRealServerRequest.newBuilder()
                        .setParent(WEB)
                        .setRealServer(nat("10.1.0.9"))
                        .build(),
                NOT_FOUND,
                "No such destination");
        refused(
                "DeleteRealServer",
                DeleteRealServerRequest.newBuilder()
                        .setName(WEB + "/realServers/10.1.0.9-8080")
                        .build(),
                NOT_FOUND,
                "No such destination");
        refused(
                "GetRealServer",
                GetRealServerRequest.newBuilder()
                        .setName(WEB + "/realServers/10.1.0.9-8080")
                        .build(),
                NOT_FOUND,
                "No such destination");
        assertThat(get().getRealServersList()).hasSize(1);
    }

    @Test
    void shouldUpdateAndDeleteAServer() throws Exception {
        createWeb("10.1.0.1");
        String name = WEB + "/realServers/10.1.0.1-8080";
        RealServer edited =
                call(
                        "UpdateRealServer",
                        UpdateRealServerRequest.newBuilder()
                                .setRealServer(RealServer.newBuilder().setName(name).setWeight(0))
                                .setUpdateMask(FieldMask.newBuilder().addPaths("weight"))
                                .build(),
                        RealServer.getDefaultInstance());
        assertThat(edited.getWeight()).isZero();
        assertThat(edited.getForwardingMethod()).isEqualTo(ForwardingMethod.FORWARDING_METHOD_NAT);
        RealServer reset =
                call(
                        "UpdateRealServer",
                        UpdateRealServerRequest.newBuilder()
                                .setParent(WEB)
                                .setRealServer(nat("10.1.0.1"))
                                .build(),
                        RealServer.getDefaultInstance());
        assertThat(reset.getWeight()).isEqualTo(1);
        call(
                "DeleteRealServer",
                DeleteRealServerRequest.newBuilder().setName(name).build(),
                Empty.getDefaultInstance());
        assertThat(get().getRealServersList()).isEmpty();
    }

    @Test
    void shouldKeepLocalAddressesInOrder() throws Exception {
        createWeb();
        for (String address : List.of("10.2.0.9", "10.2.0.1")) {
            call(
                    "CreateLocalAddress",
                    CreateLocalAddressRequest.newBuilder()
                            .setParent(WEB)
                            .setLocalAddress(LocalAddress.newBuilder().setAddress(address))
                            .build(),
                    LocalAddress.getDefaultInstance());
        }
        ListLocalAddressesRequest list =
                ListLocalAddressesRequest.newBuilder().setParent(WEB).build();
        assertThat(
                        call(
                                        "ListLocalAddresses",
                                        list,
                                        ListLocalAddressesResponse.getDefaultInstance())
                                .getLocalAddressesList())
                .extracting(LocalAddress::getAddress)
                .containsExactly("10.2.0.9", "10.2.0.1");
        DeleteLocalAddressRequest delete =
                DeleteLocalAddressRequest.newBuilder()
                        .setName(WEB + "/localAddresses/10.2.0.9")
                        .build();
        call("DeleteLocalAddress", delete, Empty.getDefaultInstance());
        refused("DeleteLocalAddress", delete, NOT_FOUND, "No such local address");
        refused(
                "CreateLocalAddress",
                CreateLocalAddressRequest.newBuilder()
                        .setParent(WEB)
                        .setLocalAddress(LocalAddress.newBuilder().setAddress("10.2.0.1"))
                        .build(),
                EXISTS,
                "Local address already exists");
    }

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
