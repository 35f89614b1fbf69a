package io.jvs.dpdk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The few system calls that DPDK's threads and log need and the JDK does not have. */
final class Posix {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle STATE_ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SCHED_SETAFFINITY =
            withErrno(
                    "sched_setaffinity",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS));
    private static final MethodHandle SCHED_GETAFFINITY =
            withErrno(
                    "sched_getaffinity",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS));
    private static final MethodHandle MEMFD_CREATE =
            withErrno(
                    "memfd_create",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle FOPEN =
            withErrno(
                    "fopen",
                    FunctionDescriptor.of(
                            ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    private static final MethodHandle IF_NAMETOINDEX =
            withErrno(
                    "if_nametoindex",
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private Posix() {}

    @SuppressWarnings("restricted")
    private static MethodHandle withErrno(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"));
    }

    /** Lets the calling thread run on the CPUs of {@code mask} only; 0, or the negated errno. */
    static int setAffinity(byte[] mask) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment set = arena.allocateFrom(ValueLayout.JAVA_BYTE, mask);
            int returned = (int) SCHED_SETAFFINITY.invokeExact(state, 0, (long) mask.length, set);
            return returned < 0 ? -errno(state) : 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Fills {@code mask} with the calling thread's CPUs; 0 or more, or the negated errno. */
    static int getAffinity(byte[] mask) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment set = arena.allocate(mask.length);
            int returned = (int) SCHED_GETAFFINITY.invokeExact(state, 0, (long) mask.length, set);
            MemorySegment.copy(set, ValueLayout.JAVA_BYTE, 0, mask, 0, mask.length);
            return returned < 0 ? -errno(state) : returned;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** An anonymous file in memory (memfd_create(2)): its descriptor, or the negated errno. */
    static int memoryFile(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int returned = (int) MEMFD_CREATE.invokeExact(state, arena.allocateFrom(name), 1);
            return returned < 0 ? -errno(state) : returned;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Opens a stdio stream; NULL when it cannot be opened. */
    static MemorySegment openStream(String path, String mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return (MemorySegment)
                    FOPEN.invokeExact(state, arena.allocateFrom(path), arena.allocateFrom(mode));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * The index of a network interface in the calling thread's namespace, 0 when there is none.
     * java.net.NetworkInterface does not see interfaces without an address.
     */
    static int interfaceIndex(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return (int) IF_NAMETOINDEX.invokeExact(state, arena.allocateFrom(name));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static int errno(MemorySegment state) {
        return (int) STATE_ERRNO.get(state, 0L);
    }

    static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
