package io.jvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real FTP clients (curl, lftp) and servers (vsftpd) on both sides of a real director: passive and
 * active, old and extended commands, IPv4 and IPv6 and from one to the other, NAT and FULLNAT.
 * Needs root.
 */
class FtpIT {
    private static final String VIP4 = "172.16.0.100";
    private static final String VIP6 = "2001:db8:c::100";
    private static final long START_SECONDS = 60;

    private static Laboratory laboratory;

    @TempDir private Path directory;
    private int transfers;

    @BeforeAll
    static void makeLaboratory() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "network namespaces need root: run the integration tests as root");
        laboratory = Laboratory.up("jvsftp");
        laboratory.lab("ftp");
    }

    @AfterAll
    static void removeLaboratory() throws Exception {
        if (laboratory != null) {
            laboratory.down();
        }
    }

    private static final String MIXED = "nat64 and nat46";

    private static String service(String method, boolean ipv6, String syns) {
        boolean mixed = method.equals(MIXED);
        String server =
                ipv6 != mixed
                        ? "{address: \"2001:db8:1::1%d\", port: 21, forwarding_method: %s}"
                        : "{address: \"10.0.1.1%d\", port: 21, forwarding_method: %s}";
        List<String> servers =
                Stream.of(1, 2, 3)
                        .map(number -> server.formatted(number, mixed ? "fullnat" : method))
                        .toList();
        String locals = ipv6 != mixed ? "\"2001:db8:1::200\"" : "\"10.0.1.200\", \"10.0.1.201\"";
        return """
          - protocol: tcp
            address: "%s"
            port: 21
            scheduler: rr
            syn_proxy: {mode: %s}
            local_addresses: [%s]
            real_servers: %s
        """
                .formatted(ipv6 ? VIP6 : VIP4, syns, method.equals("nat") ? "" : locals, servers);
    }

    private Path configuration(String method, int workers, String syns) throws Exception {
        String text =
                laboratory.lab("director", "two")
                        + """

                        workers: %d
                        memory: no-huge
                        memory_megabytes: 128
                        max_connections: 100000
                        control_socket: %s/jvs.sock
                        state_directory: %s/state
                        health_checks: {enabled: false}
                        virtual_services:
                        """
                                .formatted(workers, directory, directory)
                        + service(method, false, syns)
                        + service(method, true, syns);
        return Files.writeString(directory.resolve("jvs.yaml"), text);
    }

    @ParameterizedTest
    @CsvSource({
        "nat,1,off",
        "nat,2,off",
        "fullnat,2,off",
        "fullnat,2,on",
        MIXED + ",1,off",
        MIXED + ",2,on"
    })
    void shouldCarryFtp(String method, int workers, String syns) throws Exception {
        laboratory.lab("prepare", method.equals("nat") ? method : "fullnat");
        Path log = directory.resolve("director.log");
        Process director = laboratory.director(configuration(method, workers, syns), log);
        try {
            awaitAnswer(director, log);
            for (String vip : List.of(VIP4, VIP6)) {
                transfer(vip);
                transfer(vip, "--ftp-port", "-");
                lftp(vip, "on");
                lftp(vip, "off");
            }
            transfer(VIP4, "--disable-epsv", "--no-ftp-skip-pasv-ip");
            transfer(VIP4, "--ftp-port", "-", "--disable-eprt");
        } finally {
            director.destroy();
            if (!director.waitFor(20, TimeUnit.SECONDS)) {
                director.destroyForcibly().waitFor();
            }
        }
    }

    private static void awaitAnswer(Process director, Path log) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (laboratory.client("curl", "-sS", "-m", "5", url(VIP4, "")).status() != 0) {
            assertThat(director.isAlive()).as("%s", Files.readString(log)).isTrue();
            assertThat(System.nanoTime() - end).as("%s", Files.readString(log)).isNegative();
            Thread.sleep(100);
        }
    }

    private static String url(String vip, String path) {
        return "ftp://" + (vip.contains(":") ? "[" + vip + "]" : vip) + "/" + path;
    }

    private static Path onServer(int server, String name) {
        return laboratory.state().resolve("rs" + server).resolve("ftp").resolve(name);
    }

    /** 5 MiB down, and the same up again, byte for byte. */
    private void transfer(String vip, String... options) throws Exception {
        Path fetched = directory.resolve("fetched");
        curl(options, url(vip, "5MiB"), "-o", fetched.toString());
        assertThat(isOfAServer(fetched, "5MiB")).as("%s %s", vip, List.of(options)).isTrue();
        String name = "upload/" + directory.getFileName() + "-" + transfers++;
        curl(options, url(vip, name), "-T", fetched.toString());
        assertThat(isOfAServer(fetched, name)).as("%s %s", vip, List.of(options)).isTrue();
    }

    private static boolean isOfAServer(Path file, String name) throws Exception {
        for (int server = 1; server <= 3; server++) {
            Path other = onServer(server, name);
            if (Files.exists(other) && Files.mismatch(file, other) < 0) {
                return true;
            }
        }
        return false;
    }

    private static void curl(String[] options, String... rest) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-gsS", "-m", "50"));
        command.addAll(List.of(options));
        command.addAll(List.of(rest));
        Laboratory.Result result = laboratory.client(command.toArray(new String[0]));
        assertThat(result.status()).as("%s: %s", command, result.output()).isZero();
    }

    /** Several transfers in one session. */
    private void lftp(String vip, String passive) throws Exception {
        Path fetched = directory.resolve("lftp-" + transfers++);
        String script =
                "set net:timeout 20; set net:max-retries 2; set cmd:fail-exit on;"
                        + " set ftp:passive-mode "
                        + passive
                        + "; ls; get 1MiB -o "
                        + fetched
                        + "; ls upload; quit";
        Laboratory.Result result = laboratory.client("lftp", "-e", script, url(vip, ""));
        assertThat(result.status()).as("%s %s: %s", vip, passive, result.output()).isZero();
        assertThat(isOfAServer(fetched, "1MiB")).isTrue();
    }
}
