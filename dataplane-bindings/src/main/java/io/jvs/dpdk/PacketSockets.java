package io.jvs.dpdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets af_packet ports receive IPv4 fragments as they come. DPDK's driver joins its sockets in a
 * group with PACKET_FANOUT_FLAG_DEFRAG, one queue or many: the kernel then puts fragments together
 * and hands over datagrams that fit neither the ring's frames nor any MTU, cut off at 2 KiB. A
 * socket cannot leave its group, and the driver has no option for it; so, before the port is used,
 * each socket is exchanged for one like it without that flag: same rings at the same address, same
 * descriptor (packet(7), rte_eth_af_packet.c).
 */
final class PacketSockets {
    private static final int PACKET_RX_RING = 5;
    private static final int PACKET_VERSION = 10;
    private static final int PACKET_TX_RING = 13;
    private static final int PACKET_LOSS = 14;
    private static final int PACKET_FANOUT = 18;
    private static final int PACKET_QDISC_BYPASS = 20;
    private static final int TPACKET_V2 = 1;

    /** PACKET_FANOUT_FLAG_DEFRAG and others, as they are in a socket's PACKET_FANOUT. */
    private static final int DEFRAG = 0x8000_0000;

    private static final int ROLLOVER = 0x1000_0000;
    private static final int UNIQUE_ID = 0x2000_0000;
    private static final int GROUP_MASK = 0xFFFF;

    private static final int DEFAULT_FRAME_BYTES = 2048;
    private static final int DEFAULT_FRAMES = 512;
    private static final int PAGE_BYTES = 4096;
    private static final Pattern SOCKET_LINK = Pattern.compile("socket:\\[(\\d+)]");
    private static final Pattern MAPPING =
            Pattern.compile("(?m)^(\\p{XDigit}+)-(\\p{XDigit}+) .* socket:\\[(\\d+)]$");

    /** One of the driver's sockets and where its two rings are mapped. */
    private record Old(int descriptor, long address, long bytes) {}

    private final DeviceArgument device;
    private final int interfaceIndex;
    private int group = -1;

    private PacketSockets(DeviceArgument device) {
        this.device = device;
        this.interfaceIndex = Posix.interfaceIndex(device.target());
    }

    /**
     * Exchanges the sockets of an af_packet port that was just made.
     *
     * @throws DpdkException when the kernel refuses, or the driver's rings are not as expected
     */
    static void keepFragments(DeviceArgument device) {
        new PacketSockets(device).exchangeAll();
    }

    private void exchangeAll() {
        List<Old> sockets;
        try {
            sockets = defragmenting();
        } catch (IOException e) {
            throw failure("reading /proc/self", 0, e.toString());
        }
        for (Old old : sockets) {
            exchange(old, sockets.size() > 1);
        }
    }

    /** The interface's sockets in this process whose group puts fragments together. */
    private List<Old> defragmenting() throws IOException {
        List<Old> found = new ArrayList<>();
        String maps =
                new String(
                        Files.readAllBytes(Path.of("/proc/self/maps")),
                        StandardCharsets.ISO_8859_1);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : all) {
                Matcher link = SOCKET_LINK.matcher(target(entry));
                int descriptor = Integer.parseInt(entry.getFileName().toString());
                if (link.matches()
                        && SocketCalls.boundInterface(descriptor) == interfaceIndex
                        && (SocketCalls.get(descriptor, PACKET_FANOUT) & DEFRAG) != 0) {
                    found.add(mapped(descriptor, link.group(1), maps));
                }
            }
        }
        return found;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    private Old mapped(int descriptor, String inode, String maps) {
        Matcher mapping = MAPPING.matcher(maps);
        while (mapping.find()) {
            if (mapping.group(3).equals(inode)) {
                long start = Long.parseUnsignedLong(mapping.group(1), 16);
                long end = Long.parseUnsignedLong(mapping.group(2), 16);
                return new Old(descriptor, start, end - start);
            }
        }
        throw failure("mmap", 0, "the driver has not mapped its rings");
    }

    private void exchange(Old old, boolean several) {
        int frame = option("framesz", DEFAULT_FRAME_BYTES);
        int frames = option("framecnt", DEFAULT_FRAMES);
        int block = option("blocksz", PAGE_BYTES);
        int blocks = frames / (block / frame);
        if (2L * block * blocks != old.bytes) {
            throw failure("mmap", 0, "the driver's rings have " + old.bytes + " bytes");
        }
        int socket = checked("socket", SocketCalls.open());
        try {
            int bypass = SocketCalls.get(old.descriptor, PACKET_QDISC_BYPASS);
            int[] ring = {block, blocks, frame, frames};
            set(socket, PACKET_VERSION, TPACKET_V2);
            set(socket, PACKET_LOSS, 1);
            set(socket, PACKET_QDISC_BYPASS, bypass);
            set(socket, PACKET_RX_RING, ring);
            set(socket, PACKET_TX_RING, ring);
            checked("mmap", SocketCalls.mapAt(old.address, old.bytes, socket));
            checked("bind", SocketCalls.bind(socket, interfaceIndex));
            if (several) {
                join(socket);
            }
        } catch (DpdkException e) {
            SocketCalls.close(socket);
            throw e;
        }
        checked("dup3", SocketCalls.takePlace(socket, old.descriptor));
    }

    private void join(int socket) {
        set(socket, PACKET_FANOUT, group < 0 ? ROLLOVER | UNIQUE_ID : ROLLOVER | group);
        group = SocketCalls.get(socket, PACKET_FANOUT) & GROUP_MASK;
    }

    private int option(String key, int otherwise) {
        for (String option : device.options()) {
            if (option.startsWith(key + "=")) {
                return Integer.parseInt(option.substring(key.length() + 1));
            }
        }
        return otherwise;
    }

    private void set(int socket, int option, int... words) {
        checked("setsockopt", SocketCalls.set(socket, option, words));
    }

    private int checked(String call, int returned) {
        if (returned < 0) {
            throw failure(call, -returned, "");
        }
        return returned;
    }

    private DpdkException failure(String call, int errno, String reason) {
        return Errno.failure(
                call + " for '" + device + "'",
                errno,
                reason,
                "use af_xdp:" + device.target() + " in its place");
    }
}
