package io.jvs.forwarding;

import static io.jvs.packet.IcmpHeader.PARAMETER_PROBLEM;
import static io.jvs.packet.IcmpHeader.TIME_EXCEEDED;
import static io.jvs.packet.IcmpHeader.UNREACHABLE;
import static io.jvs.packet.IcmpHeader.V6_PARAMETER_PROBLEM;
import static io.jvs.packet.IcmpHeader.V6_TIME_EXCEEDED;
import static io.jvs.packet.IcmpHeader.V6_TOO_BIG;
import static io.jvs.packet.IcmpHeader.V6_UNREACHABLE;

/** Which ICMP error is which ICMPv6 error (RFC 7915 sections 4.2 and 5.2). */
final class IcmpFamilyTable {
    /** No error of the other version says this. */
    static final int NONE = -1;

    private static final int V6_NO_ROUTE = V6_UNREACHABLE << 8;
    private static final int V6_PROHIBITED = V6_UNREACHABLE << 8 | 1;
    private static final int V6_PORT = V6_UNREACHABLE << 8 | 4;
    private static final int V6_NEXT_HEADER = V6_PARAMETER_PROBLEM << 8 | 1;
    private static final int HOST = UNREACHABLE << 8 | 1;
    private static final int PROTOCOL = UNREACHABLE << 8 | 2;
    private static final int PORT = UNREACHABLE << 8 | 3;
    private static final int FRAGMENTATION_NEEDED = UNREACHABLE << 8 | 4;
    private static final int PROHIBITED = UNREACHABLE << 8 | 10;

    private IcmpFamilyTable() {}

    /** ICMPv6 type in bits 15..8 and code for those of ICMP, or {@link #NONE}. */
    static int toIpv6(int type, int code) {
        return switch (type) {
            case UNREACHABLE -> unreachableToIpv6(code);
            case TIME_EXCEEDED -> V6_TIME_EXCEEDED << 8 | code;
            case PARAMETER_PROBLEM -> code == 0 || code == 2 ? V6_PARAMETER_PROBLEM << 8 : NONE;
            default -> NONE;
        };
    }

    private static int unreachableToIpv6(int code) {
        return switch (code) {
            case 0, 1, 5, 6, 7, 8, 11, 12 -> V6_NO_ROUTE;
            case 2 -> V6_NEXT_HEADER;
            case 3 -> V6_PORT;
            case 4 -> V6_TOO_BIG << 8;
            case 9, 10, 13, 15 -> V6_PROHIBITED;
            default -> NONE;
        };
    }

    /** ICMP type in bits 15..8 and code for those of ICMPv6, or {@link #NONE}. */
    static int toIpv4(int type, int code) {
        return switch (type) {
            case V6_UNREACHABLE -> unreachableToIpv4(code);
            case V6_TOO_BIG -> FRAGMENTATION_NEEDED;
            case V6_TIME_EXCEEDED -> TIME_EXCEEDED << 8 | code;
            case V6_PARAMETER_PROBLEM -> parameterToIpv4(code);
            default -> NONE;
        };
    }

    private static int unreachableToIpv4(int code) {
        return switch (code) {
            case 0, 2, 3 -> HOST;
            case 1 -> PROHIBITED;
            case 4 -> PORT;
            default -> NONE;
        };
    }

    private static int parameterToIpv4(int code) {
        return switch (code) {
            case 0 -> PARAMETER_PROBLEM << 8;
            case 1 -> PROTOCOL;
            default -> NONE;
        };
    }

    /** Where in an IPv6 header the field is that an IPv4 header has there, or {@link #NONE}. */
    static int pointerToIpv6(int pointer) {
        return switch (pointer) {
            case 0, 1 -> pointer;
            case 2, 3 -> 4;
            case 8 -> 7;
            case 9 -> 6;
            case 12, 13, 14, 15 -> 8;
            case 16, 17, 18, 19 -> 24;
            default -> NONE;
        };
    }

    /** Where in an IPv4 header the field is that an IPv6 header has there, or {@link #NONE}. */
    static int pointerToIpv4(int pointer) {
        return switch (pointer) {
            case 0, 1 -> pointer;
            case 4, 5 -> 2;
            case 6 -> 9;
            case 7 -> 8;
            default -> addressToIpv4(pointer);
        };
    }

    private static int addressToIpv4(int pointer) {
        if (pointer < 8 || pointer > 39) {
            return NONE;
        }
        return pointer < 24 ? 12 : 16;
    }

    /**
     * The largest packet that passes a router which does not tell: the next size in use below that
     * of the packet which did not (RFC 1191 section 7).
     */
    static int plateau(int totalLength) {
        if (totalLength > 8166) {
            return totalLength > 32000 ? 32000 : totalLength > 17914 ? 17914 : 8166;
        }
        if (totalLength > 1492) {
            return totalLength > 4352 ? 4352 : totalLength > 2002 ? 2002 : 1492;
        }
        if (totalLength > 508) {
            return totalLength > 1006 ? 1006 : 508;
        }
        return totalLength > 296 ? 296 : 68;
    }
}
