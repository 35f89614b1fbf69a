package io.jvs.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Reads and writes native memory by its raw address. Plain accessors need no alignment and are in
 * native byte order; {@code Be} accessors read and write network byte order; the accessors that
 * name a memory order need natural alignment.
 *
 * <p>Nothing here checks that an address is mapped: whoever passes one owns the memory and has
 * checked the length. A wrong address ends the process.
 *
 * <p>All of it goes through one static-final segment and static-final handles, so that the JIT is
 * left with a sign check and the access itself (about 0.05 ns each more than sun.misc.Unsafe).
 * Where that counts, {@link #line} gives a view of constant size whose checks fold away entirely.
 */
public final class Memory {
    private static final MemorySegment ALL = all();

    private static final VarHandle BYTE = exact(ValueLayout.JAVA_BYTE);
    private static final VarHandle SHORT = exact(ValueLayout.JAVA_SHORT_UNALIGNED);
    private static final VarHandle INT = exact(ValueLayout.JAVA_INT_UNALIGNED);
    private static final VarHandle LONG = exact(ValueLayout.JAVA_LONG_UNALIGNED);
    private static final VarHandle ALIGNED_INT = exact(ValueLayout.JAVA_INT);
    private static final VarHandle ALIGNED_LONG = exact(ValueLayout.JAVA_LONG);

    private Memory() {}

    @SuppressWarnings("restricted")
    private static MemorySegment all() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    private static VarHandle exact(ValueLayout layout) {
        return layout.varHandle().withInvokeExactBehavior();
    }

    /**
     * A view of the 64 bytes at {@code address}. Made and used within one method with constant
     * offsets it costs nothing at all; passed on to a method that is not inlined it is allocated.
     */
    @SuppressWarnings("restricted")
    public static MemorySegment line(long address) {
        return MemorySegment.ofAddress(address).reinterpret(64);
    }

    /** A view of the 128 bytes at {@code address}; see {@link #line}. */
    @SuppressWarnings("restricted")
    public static MemorySegment twoLines(long address) {
        return MemorySegment.ofAddress(address).reinterpret(128);
    }

    /** A view of {@code bytes} bytes at {@code address}, for use off the hot path. */
    @SuppressWarnings("restricted")
    public static MemorySegment view(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /** The signed byte at {@code address}. */
    public static byte getByte(long address) {
        return (byte) BYTE.get(ALL, address);
    }

    /** The byte at {@code address}, 0 to 255. */
    public static int getUnsignedByte(long address) {
        return (byte) BYTE.get(ALL, address) & 0xff;
    }

    /** The signed 16-bit word at {@code address}, native order. */
    public static short getShort(long address) {
        return (short) SHORT.get(ALL, address);
    }

    /** The 16-bit word at {@code address}, native order, 0 to 65535. */
    public static int getUnsignedShort(long address) {
        return (short) SHORT.get(ALL, address) & 0xffff;
    }

    /** The 32-bit word at {@code address}, native order. */
    public static int getInt(long address) {
        return (int) INT.get(ALL, address);
    }

    /** The 32-bit word at {@code address}, native order, 0 to 4294967295. */
    public static long getUnsignedInt(long address) {
        return (int) INT.get(ALL, address) & 0xffff_ffffL;
    }

    /** The 64-bit word at {@code address}, native order. */
    public static long getLong(long address) {
        return (long) LONG.get(ALL, address);
    }

    /** Writes the low 8 bits of {@code value}. */
    public static void putByte(long address, int value) {
        BYTE.set(ALL, address, (byte) value);
    }

    /** Writes the low 16 bits of {@code value}, native order. */
    public static void putShort(long address, int value) {
        SHORT.set(ALL, address, (short) value);
    }

    /** Writes 32 bits, native order. */
    public static void putInt(long address, int value) {
        INT.set(ALL, address, value);
    }

    /** Writes 64 bits, native order. */
    public static void putLong(long address, long value) {
        LONG.set(ALL, address, value);
    }

    /** The 16-bit word at {@code address}, network order, 0 to 65535. */
    public static int getUnsignedShortBe(long address) {
        return Short.reverseBytes((short) SHORT.get(ALL, address)) & 0xffff;
    }

    /** The 32-bit word at {@code address}, network order. */
    public static int getIntBe(long address) {
        return Integer.reverseBytes((int) INT.get(ALL, address));
    }

    /** The 32-bit word at {@code address}, network order, 0 to 4294967295. */
    public static long getUnsignedIntBe(long address) {
        return Integer.reverseBytes((int) INT.get(ALL, address)) & 0xffff_ffffL;
    }

    /** The 64-bit word at {@code address}, network order. */
    public static long getLongBe(long address) {
        return Long.reverseBytes((long) LONG.get(ALL, address));
    }

    /** Writes the low 16 bits of {@code value}, network order. */
    public static void putShortBe(long address, int value) {
        SHORT.set(ALL, address, Short.reverseBytes((short) value));
    }

    /** Writes 32 bits, network order. */
    public static void putIntBe(long address, int value) {
        INT.set(ALL, address, Integer.reverseBytes(value));
    }

    /** Writes 64 bits, network order. */
    public static void putLongBe(long address, long value) {
        LONG.set(ALL, address, Long.reverseBytes(value));
    }

    /** Opaque read; 4-byte aligned. */
    public static int getIntOpaque(long address) {
        return (int) ALIGNED_INT.getOpaque(ALL, address);
    }

    /** Acquire read; 4-byte aligned. */
    public static int getIntAcquire(long address) {
        return (int) ALIGNED_INT.getAcquire(ALL, address);
    }

    /** Opaque write; 4-byte aligned. */
    public static void putIntOpaque(long address, int value) {
        ALIGNED_INT.setOpaque(ALL, address, value);
    }

    /** Release write; 4-byte aligned. */
    public static void putIntRelease(long address, int value) {
        ALIGNED_INT.setRelease(ALL, address, value);
    }

    /** Volatile compare and set; 4-byte aligned. */
    public static boolean compareAndSetInt(long address, int expected, int value) {
        return (boolean) ALIGNED_INT.compareAndSet(ALL, address, expected, value);
    }

    /** Opaque read; 8-byte aligned. */
    public static long getLongOpaque(long address) {
        return (long) ALIGNED_LONG.getOpaque(ALL, address);
    }

    /** Acquire read; 8-byte aligned. */
    public static long getLongAcquire(long address) {
        return (long) ALIGNED_LONG.getAcquire(ALL, address);
    }

    /** Opaque write; 8-byte aligned. */
    public static void putLongOpaque(long address, long value) {
        ALIGNED_LONG.setOpaque(ALL, address, value);
    }

    /** Release write; 8-byte aligned. */
    public static void putLongRelease(long address, long value) {
        ALIGNED_LONG.setRelease(ALL, address, value);
    }

    /** Volatile compare and set; 8-byte aligned. */
    public static boolean compareAndSetLong(long address, long expected, long value) {
        return (boolean) ALIGNED_LONG.compareAndSet(ALL, address, expected, value);
    }

    /** Volatile add; 8-byte aligned. Gives the value before. */
    public static long getAndAddLong(long address, long delta) {
        return (long) ALIGNED_LONG.getAndAdd(ALL, address, delta);
    }

    /** Copies {@code bytes} bytes; the ranges may overlap. */
    public static void copy(long source, long target, long bytes) {
        MemorySegment.copy(ALL, source, ALL, target, bytes);
    }

    /** Sets {@code bytes} bytes to the low 8 bits of {@code value}. */
    public static void fill(long address, long bytes, int value) {
        ALL.asSlice(address, bytes).fill((byte) value);
    }

    /** Sets {@code bytes} bytes to zero. */
    public static void zero(long address, long bytes) {
        fill(address, bytes, 0);
    }

    /** Copies {@code bytes} bytes of {@code source}, from index {@code offset}, to memory. */
    public static void copyIn(byte[] source, int offset, long target, int bytes) {
        MemorySegment.copy(source, offset, ALL, ValueLayout.JAVA_BYTE, target, bytes);
    }

    /** Copies {@code bytes} bytes of memory to {@code target}, from index {@code offset} on. */
    public static void copyOut(long source, byte[] target, int offset, int bytes) {
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, source, target, offset, bytes);
    }

    /** The first offset at which two ranges of {@code bytes} bytes differ, or -1. */
    public static long mismatch(long a, long b, long bytes) {
        return MemorySegment.mismatch(ALL, a, a + bytes, ALL, b, b + bytes);
    }
}
