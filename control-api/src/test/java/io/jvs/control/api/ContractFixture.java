package io.jvs.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.jvs.director.Director;
import io.jvs.director.DirectorThread;
import io.jvs.director.FakeDataplane;
import io.jvs.director.Rules;
import io.jvs.director.TestRules.MemoryStore;
import io.jvs.proto.v1.Config;
import io.jvs.proto.v1.CreateRealServerRequest;
import io.jvs.proto.v1.CreateVirtualServiceRequest;
import io.jvs.proto.v1.ForwardingMethod;
import io.jvs.proto.v1.GetConfigRequest;
import io.jvs.proto.v1.GetVirtualServiceRequest;
import io.jvs.proto.v1.Protocol;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.VirtualService;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A director behind a door, and how tests ask it. */
public abstract class ContractFixture {
    protected static final int INVALID = 3;
    protected static final int PRECONDITION = 9;
    protected static final int NOT_FOUND = 5;
    protected static final int EXISTS = 6;
    protected static final String WEB = "virtualServices/tcp-10.0.0.1-80";

    protected final FakeDataplane dataplane = new FakeDataplane();
    protected final MemoryStore store = new MemoryStore();
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

    protected <R extends Message> R call(String method, Message request, R prototype)
            throws Door.Refused {
        return door.call(method, request, prototype);
    }

    protected void refused(String method, Message request, int code, String message) {
        assertThatThrownBy(() -> call(method, request, Empty.getDefaultInstance()))
                .asInstanceOf(type(Door.Refused.class))
                .satisfies(e -> {
                    assertThat(e).hasMessage(message);
                    assertThat(e.code()).isEqualTo(code);
                });
    }

    protected static VirtualService.Builder web() {
        return VirtualService.newBuilder()
                .setProtocol(Protocol.PROTOCOL_TCP)
                .setAddress("10.0.0.1")
                .setPort(80)
                .setScheduler("rr");
    }

    protected static RealServer.Builder nat(String address) {
        return RealServer.newBuilder()
                .setAddress(address)
                .setPort(8080)
                .setForwardingMethod(ForwardingMethod.FORWARDING_METHOD_NAT);
    }

    protected static CreateVirtualServiceRequest create(VirtualService.Builder service) {
        return CreateVirtualServiceRequest.newBuilder().setVirtualService(service).build();
    }

    protected static CreateRealServerRequest create(String parent, RealServer.Builder server) {
        return CreateRealServerRequest.newBuilder().setParent(parent).setRealServer(server).build();
    }

    protected VirtualService createWeb(String... servers) throws Door.Refused {
        call("CreateVirtualService", create(web()), VirtualService.getDefaultInstance());
        for (String server : servers) {
            call("CreateRealServer", create(WEB, nat(server)), RealServer.getDefaultInstance());
        }
        return get();
    }

    protected VirtualService get() throws Door.Refused {
        return call(
                "GetVirtualService",
                GetVirtualServiceRequest.newBuilder().setName(WEB).build(),
                VirtualService.getDefaultInstance());
    }

    protected Config config() throws Door.Refused {
        return call(
                "GetConfig", GetConfigRequest.getDefaultInstance(), Config.getDefaultInstance());
    }
}
