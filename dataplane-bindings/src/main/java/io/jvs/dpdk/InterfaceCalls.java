package io.jvs.dpdk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/** ioctl(2) of network interfaces (netdevice(7), linux/ethtool.h). */
final class InterfaceCalls {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 0x80002;
    private static final long SIOCSIFHWADDR = 0x8924;
    private static final long SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_GCHANNELS = 0x3c;
    private static final short ARPHRD_ETHER = 1;

    /** struct ifreq: a name of IFNAMSIZ bytes, then a union of 24. */
    private static final int REQUEST_BYTES = 40;

    private static final int REQUEST_VALUE = 16;
    private static final int MAC_BYTES = 6;

    /** struct ethtool_channels: nine words of 32 bits. */
    private static final int CHANNELS_BYTES = 36;

    private static final int CHANNELS_MAX_COMBINED = 16;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout POINTER = ValueLayout.ADDRESS;
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SOCKET =
            call("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle IOCTL =
            call(
                    "ioctl",
                    FunctionDescriptor.of(INT, INT, ValueLayout.JAVA_LONG, POINTER),
                    Linker.Option.firstVariadicArg(2));

    private InterfaceCalls() {}

    @SuppressWarnings("restricted")
    private static MethodHandle call(
            String name, FunctionDescriptor descriptor, Linker.Option... more) {
        Linker.Option[] options = new Linker.Option[more.length + 1];
        options[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(more, 0, options, 1, more.length);
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }

    /**
     * Most combined channels (queues that receive and send) that an interface may have
     * (ETHTOOL_GCHANNELS); 0 when it has none or does not tell.
     */
    static int mostCombinedChannels(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment channels = arena.allocate(CHANNELS_BYTES, Integer.BYTES);
            channels.set(INT, 0, ETHTOOL_GCHANNELS);
            MemorySegment request = request(arena, name);
            request.set(ValueLayout.ADDRESS, REQUEST_VALUE, channels);
            return ask(arena, SIOCETHTOOL, request) < 0
                    ? 0
                    : channels.get(INT, CHANNELS_MAX_COMBINED);
        }
    }

    /** Gives an Ethernet interface another MAC address; 0, or the negated errno. */
    static int setMac(String name, long mac) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(arena, name);
            request.set(ValueLayout.JAVA_SHORT, REQUEST_VALUE, ARPHRD_ETHER);
            for (int i = 0; i < MAC_BYTES; i++) {
                request.set(
                        ValueLayout.JAVA_BYTE,
                        REQUEST_VALUE + Short.BYTES + i,
                        (byte) (mac >>> (40 - 8 * i)));
            }
            return ask(arena, SIOCSIFHWADDR, request);
        }
    }

    private static MemorySegment request(Arena arena, String name) {
        MemorySegment request = arena.allocate(REQUEST_BYTES, Long.BYTES);
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, REQUEST_VALUE - 1);
        MemorySegment.copy(bytes, 0, request, ValueLayout.JAVA_BYTE, 0, length);
        return request;
    }

    private static int ask(Arena arena, long call, MemorySegment request) {
        MemorySegment state = arena.allocate(STATE);
        int socket = -1;
        try {
            socket = (int) SOCKET.invokeExact(state, AF_INET, SOCK_DGRAM_CLOEXEC, 0);
            if (socket < 0) {
                return -(int) ERRNO.get(state, 0L);
            }
            int returned = (int) IOCTL.invokeExact(state, socket, call, request);
            return returned < 0 ? -(int) ERRNO.get(state, 0L) : returned;
        } catch (Throwable e) {
            throw Posix.unexpected(e);
        } finally {
            if (socket >= 0) {
                SocketCalls.close(socket);
            }
        }
    }
}
