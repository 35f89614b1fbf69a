package io.jvs.dpdk;

import io.jvs.memory.Memory;
import java.lang.foreign.MemorySegment;

/** C strings. */
final class CText {
    private static final int MAX_BYTES = 4096;

    private CText() {}

    /** The string that a pointer points to; empty for NULL. */
    static String read(MemorySegment pointer) {
        return read(pointer.address());
    }

    /** The string at an address; empty for NULL. Cut off at 4096 bytes. */
    static String read(long address) {
        if (address == 0) {
            return "";
        }
        int length = 0;
        while (length < MAX_BYTES && Memory.getByte(address + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        Memory.copyOut(address, bytes, 0, length);
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
}
