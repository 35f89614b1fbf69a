package io.jvs.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import io.jvs.proto.v1.CreateLocalAddressRequest;
import io.jvs.proto.v1.DeleteLocalAddressRequest;
import io.jvs.proto.v1.DeleteRealServerRequest;
import io.jvs.proto.v1.DeleteVirtualServiceRequest;
import io.jvs.proto.v1.ForwardingMethod;
import io.jvs.proto.v1.GetRealServerRequest;
import io.jvs.proto.v1.GetVirtualServiceRequest;
import io.jvs.proto.v1.ListLocalAddressesRequest;
import io.jvs.proto.v1.ListLocalAddressesResponse;
import io.jvs.proto.v1.ListRealServersRequest;
import io.jvs.proto.v1.ListRealServersResponse;
import io.jvs.proto.v1.ListVirtualServicesRequest;
import io.jvs.proto.v1.ListVirtualServicesResponse;
import io.jvs.proto.v1.LocalAddress;
import io.jvs.proto.v1.Persistence;
import io.jvs.proto.v1.Protocol;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.SynProxy;
import io.jvs.proto.v1.SynProxyMode;
import io.jvs.proto.v1.UpdateRealServerRequest;
import io.jvs.proto.v1.UpdateVirtualServiceRequest;
import io.jvs.proto.v1.VirtualService;
import io.jvs.worker.ServerCounter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the methods on services, real servers and local addresses do, with each error. */
public abstract class RuleContract extends ContractFixture {
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
        assertThat(made.getPersistence().getTimeoutSeconds()).isEqualTo(360);
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
                "update_mask: 'port' cannot be changed; it can be access_list, client_address,"
                        + " health_check, limits, local_addresses, on_server_removed, one_packet,"
                        + " persistence, persistence_engine, quic, real_servers, scheduler,"
                        + " scheduler_flags, syn_proxy or *");
    }

    @Test
    void shouldTakeASynProxyWhereItCanWork() throws Exception {
        SynProxy automatic =
                SynProxy.newBuilder().setMode(SynProxyMode.SYN_PROXY_MODE_AUTO).build();
        call(
                "CreateVirtualService",
                create(web().addRealServers(nat("10.1.0.1"))),
                VirtualService.getDefaultInstance());
        UpdateVirtualServiceRequest update =
                UpdateVirtualServiceRequest.newBuilder()
                        .setVirtualService(web().setSynProxy(automatic))
                        .setUpdateMask(FieldMask.newBuilder().addPaths("syn_proxy"))
                        .build();
        call("UpdateVirtualService", update, VirtualService.getDefaultInstance());
        assertThat(get().getSynProxy())
                .isEqualTo(automatic.toBuilder().setHalfOpenThreshold(10_000).build());
        assertThat(get().getRealServersCount()).isEqualTo(1);
        refused(
                "CreateVirtualService",
                create(web().setPort(53).setProtocol(Protocol.PROTOCOL_UDP).setSynProxy(automatic)),
                INVALID,
                "syn_proxy auto is only for TCP virtual services");
        refused(
                "CreateVirtualService",
                create(
                        web().setPort(81)
                                .setSynProxy(automatic)
                                .addRealServers(
                                        nat("10.1.0.1")
                                                .setForwardingMethod(
                                                        ForwardingMethod
                                                                .FORWARDING_METHOD_TUNNEL))),
                INVALID,
                "syn_proxy needs real servers by NAT or FULLNAT; 10.1.0.1 is by TUNNEL");
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
                "UpdateRealServer",
                UpdateRealServerRequest.newBuilder()
                        .setParent(WEB)
                        .setRealServer(nat("10.1.0.9").setLowerThreshold(1))
                        .build(),
                INVALID,
                "Numerical result out of range");
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
}
