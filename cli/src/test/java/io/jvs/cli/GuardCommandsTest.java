package io.jvs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.jvs.proto.v1.AccessList;
import io.jvs.proto.v1.ChangeAccessEntriesRequest;
import io.jvs.proto.v1.Limits;
import io.jvs.proto.v1.ListAccessEntriesRequest;
import io.jvs.proto.v1.ListAccessEntriesResponse;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.ServerExit;
import io.jvs.proto.v1.UpdateRealServerRequest;
import io.jvs.proto.v1.UpdateVirtualServiceRequest;
import io.jvs.proto.v1.VirtualService;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** jvs acl, limits and drain against a director that notes what it is asked. */
class GuardCommandsTest {
    private static final String WEB = "virtualServices/tcp-192.0.2.1-80";

    private final List<MessageLite> requests = new ArrayList<>();
    private MessageLite reply = VirtualService.getDefaultInstance();
    private String out = "";
    private String err = "";

    private final class Notes implements DirectorClient {
        @Override
        public <T extends MessageLite> T call(String method, MessageLite request, Parser<T> parser)
                throws DirectorException {
            requests.add(request);
            try {
                boolean pages = request instanceof ListAccessEntriesRequest;
                MessageLite answer = pages ? page((ListAccessEntriesRequest) request) : reply;
                boolean access = request instanceof ChangeAccessEntriesRequest;
                return parser.parseFrom(
                        access
                                ? AccessList.getDefaultInstance().toByteArray()
                                : answer.toByteArray());
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }

        private MessageLite page(ListAccessEntriesRequest request) {
            boolean first = request.getPageToken().isEmpty();
            return ListAccessEntriesResponse.newBuilder()
                    .addEntries(first ? "deny 10.0.0.0/8" : "allow 10.1.0.0/16")
                    .setNextPageToken(first ? "1" : "")
                    .build();
        }
    }

    private int run(String arguments, String in) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        int code =
                JvsMain.execute(
                        List.of(arguments.split(" ", -1)),
                        new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                        new IpvsadmCommand.Console(
                                new PrintStream(outBytes, false, StandardCharsets.UTF_8),
                                new PrintStream(errBytes, false, StandardCharsets.UTF_8)),
                        new Notes());
        out = outBytes.toString(StandardCharsets.UTF_8);
        err = errBytes.toString(StandardCharsets.UTF_8);
        return code;
    }

    @Test
    void shouldListAnAccessListAsLoadTakesIt() {
        assertThat(run("acl 192.0.2.1:80", "")).isZero();
        assertThat(out).isEqualTo("deny 10.0.0.0/8\nallow 10.1.0.0/16\n");
    }

    @Test
    void shouldChangeAnAccessList() {
        assertThat(run("acl 192.0.2.1:80 add 10.0.0.0/8 allow 10.1.0.0/16 ::1", "")).isZero();
        assertThat(run("acl [2001:db8::1]:53/udp delete 10.0.0.0/8", "")).isZero();
        assertThat(run("acl fwm:7/ipv6 load", "# spam\n10.0.0.0/8 # all\n\nallow ::/0\n")).isZero();
        assertThat(run("acl fwm:7 clear", "")).isZero();
        ChangeAccessEntriesRequest.Builder change = ChangeAccessEntriesRequest.newBuilder();
        assertThat(requests)
                .containsExactly(
                        change.setParent(WEB)
                                .addAdd("deny 10.0.0.0/8")
                                .addAdd("allow 10.1.0.0/16")
                                .addAdd("allow ::1")
                                .build(),
                        change.clear()
                                .setParent("virtualServices/udp-2001:db8::1-53")
                                .addDelete("10.0.0.0/8")
                                .build(),
                        change.clear()
                                .setParent("virtualServices/fwm-7-ipv6")
                                .setReplace(true)
                                .addAdd("10.0.0.0/8")
                                .addAdd("allow ::/0")
                                .build(),
                        change.clear()
                                .setParent("virtualServices/fwm-7-ipv4")
                                .setReplace(true)
                                .build());
    }

    @Test
    void shouldChangeOnlyTheLimitsThatAreNamed() {
        Limits limits = Limits.newBuilder().setConnections(5).setBytesPerSecond(9).build();
        reply = VirtualService.newBuilder().setLimits(limits).build();
        assertThat(run("limits 192.0.2.1:80 --conn-rate 100 --max-conn 0", "")).isZero();
        UpdateVirtualServiceRequest update = (UpdateVirtualServiceRequest) requests.getLast();
        assertThat(update.getUpdateMask().getPathsList()).containsExactly("limits");
        assertThat(update.getVirtualService())
                .isEqualTo(
                        VirtualService.newBuilder()
                                .setName(WEB)
                                .setLimits(
                                        limits.toBuilder()
                                                .setConnections(0)
                                                .setConnectionsPerSecond(100))
                                .build());
        reply = RealServer.newBuilder().setLimits(limits).build();
        assertThat(run("limits 192.0.2.1:80 10.0.0.2", "")).isZero();
        assertThat(out)
                .isEqualTo(
                        "--max-conn 5\n--conn-rate 0\n--packet-rate 0\n--byte-rate 9\n--burst 0\n");
        assertThat(run("limits 192.0.2.1:80 10.0.0.2:8080 --clear", "")).isZero();
        RealServer server = ((UpdateRealServerRequest) requests.getLast()).getRealServer();
        assertThat(server.getName()).isEqualTo(WEB + "/realServers/10.0.0.2-8080");
        assertThat(server.getLimits()).isEqualTo(Limits.getDefaultInstance());
    }

    @Test
    void shouldDrainAndUndrain() {
        reply = RealServer.getDefaultInstance();
        assertThat(run("drain 192.0.2.1:80 10.0.0.2:8080 --deadline 10m --then keep", "")).isZero();
        UpdateRealServerRequest update = (UpdateRealServerRequest) requests.getLast();
        assertThat(update.getUpdateMask().getPathsList()).containsExactly("drain");
        assertThat(update.getRealServer().getName()).isEqualTo(WEB + "/realServers/10.0.0.2-8080");
        assertThat(update.getRealServer().getDrain().getDeadline().getSeconds()).isEqualTo(600);
        assertThat(update.getRealServer().getDrain().getThen())
                .isEqualTo(ServerExit.SERVER_EXIT_KEEP);
        assertThat(run("drain 192.0.2.1:80 10.0.0.2:8080 --undo", "")).isZero();
        update = (UpdateRealServerRequest) requests.getLast();
        assertThat(update.getRealServer().hasDrain()).isFalse();
        assertThat(run("drain 192.0.2.1:80 --on-removed reschedule", "")).isZero();
        assertThat(
                        ((UpdateVirtualServiceRequest) requests.getLast())
                                .getVirtualService()
                                .getOnServerRemoved())
                .isEqualTo(ServerExit.SERVER_EXIT_RESCHEDULE);
    }

    @Test
    void shouldListWhoGoes() {
        VirtualService.Builder service = VirtualService.newBuilder();
        service.addRealServersBuilder().setAddress("10.0.0.1").setPort(80);
        service.addRealServersBuilder()
                .setAddress("2001:db8::2")
                .setPort(80)
                .setActiveConnections(3)
                .setInactiveConnections(4)
                .getDrainBuilder()
                .setThen(ServerExit.SERVER_EXIT_RESET)
                .setOver(true)
                .getDeadlineBuilder()
                .setSeconds(30);
        reply = service.build();
        assertThat(run("drain 192.0.2.1:80", "")).isZero();
        assertThat(out)
                .isEqualTo("[2001:db8::2]:80 over, deadline 30s, then reset, connections 7\n");
    }

    @ParameterizedTest
    @CsvSource({
        "acl,jvs acl: it needs a service",
        "acl web,jvs acl: 'web' is not a service such as 192.0.2.1:80",
        "acl 192.0.2.1:80 add,jvs acl: it needs a prefix",
        "acl 192.0.2.1:80 grow,jvs acl: 'grow' is not one of its commands",
        "acl 192.0.2.1:80 clear all,jvs acl: 'all' is one word too many",
        "limits 192.0.2.1:80 --rate 1,jvs limits: '--rate' is not one of its options",
        "limits 192.0.2.1:80 --max-conn many,'jvs limits: --max-conn needs a number, not ''many'''",
        "limits 192.0.2.1:80 web --clear,jvs limits: 'web' is not a real server such as",
        "drain 192.0.2.1:80 10.0.0.2 --deadline soon,jvs drain: 'soon' is not a time such as 30s",
        "drain 192.0.2.1:80 10.0.0.2 --then drop,'jvs drain: ''drop'' is none of keep, reset'",
    })
    void shouldNameWhatIsWrong(String arguments, String message) {
        assertThat(run(arguments, "")).isEqualTo(2);
        assertThat(err).startsWith(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"acl --help", "limits -h", "drain --help"})
    void shouldExplainThemselves(String arguments) {
        assertThat(run(arguments, "")).isZero();
        assertThat(out).startsWith("usage: jvs ").doesNotContain("\t");
        assertThat(requests).isEmpty();
    }
}
