package io.jvs.dpdk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls around packet sockets (packet(7)); each gives the negated errno when refused.
 */
final class SocketCalls {
    /** AF_PACKET. */
    static final int AF_PACKET = 17;

    /** Bytes of struct sockaddr_ll. */
    static final int ADDRESS_BYTES = 20;

    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_PACKET = 263;
    private static final short ALL_PROTOCOLS = Short.reverseBytes((short) 3); // htons(ETH_P_ALL)
    private static final int ADDRESS_PROTOCOL = 2;
    private static final int ADDRESS_INTERFACE = 4;
    private static final int READ_WRITE = 3; // PROT_READ | PROT_WRITE
    private static final int SHARED_LOCKED_FIXED = 0x2011; // MAP_SHARED | MAP_LOCKED | MAP_FIXED

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout POINTER = ValueLayout.ADDRESS;
    private static final MethodHandle SOCKET = call("socket", INT, INT, INT, INT);
    private static final MethodHandle BIND = call("bind", INT, INT, POINTER, INT);
    private static final MethodHandle NAME = call("getsockname", INT, INT, POINTER, POINTER);
    private static final MethodHandle SET = call("setsockopt", INT, INT, INT, INT, POINTER, INT);
    private static final MethodHandle GET =
            call("getsockopt", INT, INT, INT, INT, POINTER, POINTER);
    private static final MethodHandle MAP = call("mmap", LONG, LONG, LONG, INT, INT, INT, LONG);
    private static final MethodHandle DUPLICATE = call("dup3", INT, INT, INT, INT);
    private static final MethodHandle CLOSE = call("close", INT, INT);
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout()
                    .varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private SocketCalls() {}

    @SuppressWarnings("restricted")
    private static MethodHandle call(String name, MemoryLayout returned, MemoryLayout... taken) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(returned, taken),
                Linker.Option.captureCallState("errno"));
    }

    private static MemorySegment state(Arena arena) {
        return arena.allocate(Linker.Option.captureStateLayout());
    }

    private static int result(int returned, MemorySegment state) {
        return returned < 0 ? -(int) ERRNO.get(state, 0L) : returned;
    }

    /** A raw packet socket for all protocols. */
    static int open() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int type = SOCK_RAW | SOCK_CLOEXEC;
            int protocol = Short.toUnsignedInt(ALL_PROTOCOLS);
            return result((int) SOCKET.invokeExact(state, AF_PACKET, type, protocol), state);
        } catch (Throwable e) {
            throw Posix.unexpected(e);
        }
    }

    /** Receives from that interface from now on. */
    static int bind(int socket, int interfaceIndex) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            MemorySegment address = arena.allocate(ADDRESS_BYTES, Integer.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(ValueLayout.JAVA_SHORT, ADDRESS_PROTOCOL, ALL_PROTOCOLS);
            address.set(INT, ADDRESS_INTERFACE, interfaceIndex);
            return result((int) BIND.invokeExact(state, socket, address, ADDRESS_BYTES), state);
        } catch (Throwable e) {
            throw Posix.unexpected(e);
        }
    }

    /** The interface that a packet socket is bound to; 0 or less for what is no such socket. */
    static int boundInterface(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            MemorySegment address = arena.allocate(ADDRESS_BYTES, Integer.BYTES);
            MemorySegment bytes = arena.allocateFrom(INT, ADDRESS_BYTES);
            int returned = result((int) NAME.invokeExact(state, socket, address, bytes), state);
            boolean packet = address.get(ValueLayout.JAVA_SHORT, 0) == AF_PACKET;
            return returned < 0 || !packet ? returned : address.get(INT, ADDRESS_INTERFACE);
        } catch (Throwable e) {
            throw Posix.unexpected(e);
        }
    }

    /** Sets an option of SOL_PACKET, one word or several. */
    static int set(int socket, int option, int... words) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            MemorySegment value = arena.allocateFrom(INT, words);
            int bytes = words.length * Integer.BYTES;
            return result(
                    (int) SET.invokeExact(state, socket, SOL_PACKET, option, value, bytes), state);
        } catch (Throwable e) {
            throw Posix.unexpected(e);
        }
    }

    /** An option of SOL_PACKET of one word; 0 when it cannot be read. */
    static int get(int socket, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            MemorySegment value = arena.allocate(INT);
            MemorySegment bytes = arena.allocateFrom(INT, Integer.BYTES);
            int returned = (int) GET.invokeExact(state, socket, SOL_PACKET, option, value, bytes);
            return returned < 0 ? 0 : value.get(INT, 0);
        } catch (Throwable e) {
            throw Posix.unexpected(e);
        }
    }

    /** Maps a socket's rings in the place of what is mapped there. */
    static int mapAt(long address, long bytes, int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            long at =
                    (long)
                            MAP.invokeExact(
                                    state,
                                    address,
                                    bytes,
                                    READ_WRITE,
                                    SHARED_LOCKED_FIXED,
                                    socket,
                                    0L);
            return at == address ? 0 : -(int) ERRNO.get(state, 0L);
        } catch (Throwable e) {
            throw Posix.unexpected(e);
        }
    }

    /** Closes {@code old} and gives its number to {@code socket} (dup3(2), then close(2)). */
    static int takePlace(int socket, int old) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int returned = result((int) DUPLICATE.invokeExact(state, socket, old, 0), state);
            close(socket);
            return returned;
        } catch (Throwable e) {
            throw Posix.unexpected(e);
        }
    }

    /** Closes a socket. */
    static void close(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) CLOSE.invokeExact(state(arena), socket);
        } catch (Throwable e) {
            throw Posix.unexpected(e);
        }
    }
}
