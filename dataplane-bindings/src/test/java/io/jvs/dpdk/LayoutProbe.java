package io.jvs.dpdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A C program that gcc compiles against DPDK's headers and that prints what they make of things.
 */
final class LayoutProbe {
    private static final Path HEADER = Path.of("src/jextract/layouts.h");
    private static final Pattern NAME =
            Pattern.compile("^ +([A-Z0-9_]+) = (?:sizeof|offsetof)", Pattern.MULTILINE);

    /** Prints what the inlines and bitfields do to an mbuf of 0xa5 bytes; see LayoutProbeTest. */
    private static final String BODY =
            """
            static void dump(const char *name, const void *p, int n)
            {
                printf("%s ", name);
                for (int i = 0; i < n; i++) printf("%02x", ((const unsigned char *)p)[i]);
                printf("\\n");
            }
            static struct rte_mbuf m;
            static void fresh(void)
            {
                memset(&m, 0xa5, sizeof(m));
                m.buf_addr = (void *)0x100000; m.buf_len = 2176; m.next = NULL; m.nb_segs = 1;
                m.data_off = 128; m.data_len = 100; m.pkt_len = 100;
            }
            static void result(const char *name, void *returned)
            {
                printf("%s.returned %ld\\n", name, (long)returned);
                dump(name, &m, sizeof(m));
            }
            static void inlines(void)
            {
                fresh(); rte_pktmbuf_reset(&m); result("reset", NULL);
                fresh(); result("prepend", rte_pktmbuf_prepend(&m, 30));
                fresh(); result("prependTooMuch", rte_pktmbuf_prepend(&m, 129));
                fresh(); result("adjust", rte_pktmbuf_adj(&m, 14));
                fresh(); result("adjustTooMuch", rte_pktmbuf_adj(&m, 101));
                fresh(); result("append", rte_pktmbuf_append(&m, 1948));
                fresh(); result("appendTooMuch", rte_pktmbuf_append(&m, 1949));
                fresh(); result("trim", (void *)(long)(rte_pktmbuf_trim(&m, 100) == 0));
                fresh(); result("trimTooMuch", (void *)(long)(rte_pktmbuf_trim(&m, 101) == 0));
                fresh(); printf("headroom %d\\n", rte_pktmbuf_headroom(&m));
                printf("tailroom %d\\n", rte_pktmbuf_tailroom(&m));
                printf("data %ld\\n", (long)rte_pktmbuf_mtod(&m, void *));
            }
            static void bitfields(void)
            {
                fresh(); m.l2_len = 18; m.l3_len = 260; m.l4_len = 32; m.tso_segsz = 1400;
                result("txOffload", NULL);
                struct rte_eth_link up = {.link_speed = 25000, .link_duplex = 1, .link_status = 1};
                struct rte_eth_link down = {.link_speed = UINT32_MAX, .link_autoneg = 1};
                dump("linkUp", &up, 8);
                dump("linkDown", &down, 8);
            }
            static void flows(void)
            {
                struct rte_flow_attr ingress = {.ingress = 1};
                struct rte_flow_item item = {.type = RTE_FLOW_ITEM_TYPE_TCP,
                    .spec = (void *)0x1122334455667788, .mask = (void *)0x99};
                struct rte_flow_action action = {.type = RTE_FLOW_ACTION_TYPE_QUEUE,
                    .conf = (void *)0x1122334455667788};
                struct rte_flow_action_queue queue = {.index = 0x1234};
                struct rte_flow_item_ipv4 ipv4 = {.hdr.dst_addr = RTE_BE32(0xc0000201)};
                struct rte_flow_item_ipv6 ipv6;
                memset(&ipv6, 0, sizeof(ipv6));
                for (int i = 0; i < 16; i++) ((char *)&ipv6.hdr.dst_addr)[i] = i + 1;
                struct rte_flow_item_tcp tcp = {.hdr.dst_port = RTE_BE16(0x5034)};
                struct rte_flow_item_udp udp = {.hdr.dst_port = RTE_BE16(0x5034)};
                struct rte_flow_item_sctp sctp = {.hdr.dst_port = RTE_BE16(0x5034)};
                dump("flowIngress", &ingress, sizeof(ingress));
                dump("flowItem", &item, sizeof(item));
                dump("flowAction", &action, sizeof(action));
                dump("flowQueue", &queue, sizeof(queue));
                dump("flowIpv4", &ipv4, sizeof(ipv4));
                dump("flowIpv6", &ipv6, sizeof(ipv6));
                dump("flowTcp", &tcp, sizeof(tcp));
                dump("flowUdp", &udp, sizeof(udp));
                dump("flowSctp", &sctp, sizeof(sctp));
            }
            """;

    private LayoutProbe() {}

    /** The include directories to look in: Debian's, and those of -Djvs.dpdk.headers=DIR:DIR. */
    static List<Path> roots() {
        var roots = new ArrayList<Path>();
        String more = System.getProperty("jvs.dpdk.headers", "");
        for (String root : ("/usr/include:" + more).split(":", -1)) {
            if (Files.exists(Path.of(root, "dpdk/rte_ethdev.h"))) {
                roots.add(Path.of(root));
            }
        }
        return roots;
    }

    /** The names of layouts.h. */
    static List<String> names() throws IOException {
        return NAME.matcher(Files.readString(HEADER)).results().map(m -> m.group(1)).toList();
    }

    /** Compiles and runs the program; a value for each name. */
    static Map<String, String> run(Path root, Path directory)
            throws IOException, InterruptedException {
        Path source = directory.resolve("probe.c");
        Path program = directory.resolve("probe");
        Files.writeString(source, source());
        execute(
                List.of(
                        "gcc",
                        "-O1",
                        "-w",
                        "-march=corei7",
                        "-I" + root.resolve("dpdk"),
                        "-I" + root.resolve("x86_64-linux-gnu/dpdk"),
                        "-I" + HEADER.toAbsolutePath().getParent(),
                        "-include",
                        "rte_config.h",
                        "-o",
                        program.toString(),
                        source.toString()));
        var values = new LinkedHashMap<String, String>();
        for (String line : execute(List.of(program.toString())).lines().toList()) {
            int space = line.indexOf(' ');
            values.put(line.substring(0, space), line.substring(space + 1));
        }
        return values;
    }

    private static String source() throws IOException {
        var text = new StringBuilder("#include <stdio.h>\n#include <string.h>\n");
        text.append("#include \"layouts.h\"\n").append(BODY).append("int main(void)\n{\n");
        text.append("printf(\"YEAR %d\\n\", RTE_VER_YEAR);\n");
        for (String name : names()) {
            text.append("printf(\"%s %%d\\n\", (int)%s);\n".formatted(name, name));
        }
        return text.append("inlines();\nbitfields();\nflows();\nreturn 0;\n}\n").toString();
    }

    private static String execute(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed: " + output);
        }
        return output;
    }
}
