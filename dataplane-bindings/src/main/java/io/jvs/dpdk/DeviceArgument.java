package io.jvs.dpdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A port as users name it: {@code 0000:03:00.0} or {@code 03:00.0} (a PCI device), {@code
 * af_packet:IF}, {@code af_xdp:IF}, {@code tap:IF}, {@code pcap:IN,OUT}, {@code memif:SOCKET},
 * {@code null} or {@code ring}; each may end in {@code ,key=value} options of the DPDK driver.
 *
 * @param kind which driver
 * @param target the PCI address, interface, socket or files; "" where there is none
 * @param options key=value pairs for the driver, in order; a key may come twice
 */
public record DeviceArgument(Kind kind, String target, List<String> options) {
    /** The kinds of ports. */
    public enum Kind {
        /** A device on the PCI bus. */
        PCI("", false),
        /** A kernel interface through AF_PACKET sockets. */
        AF_PACKET("net_af_packet", true),
        /** A kernel interface through AF_XDP sockets. */
        AF_XDP("net_af_xdp", true),
        /** A new interface of the kernel, whose other end DPDK holds. */
        TAP("net_tap", true),
        /** Frames from and to pcap files. */
        PCAP("net_pcap", true),
        /** Shared memory with another process (libmemif). */
        MEMIF("net_memif", true),
        /** Receives empty frames without end, drops what is sent. */
        NULL("net_null", false),
        /** Receives what it sends. */
        RING("net_ring", false);

        private final String driver;
        private final boolean systemCalls;

        Kind(String driver, boolean systemCalls) {
            this.driver = driver;
            this.systemCalls = systemCalls;
        }

        private String prefix() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern PCI_ADDRESS =
            Pattern.compile("(?:[0-9a-fA-F]{4}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7]");
    private static final Pattern INTERFACE = Pattern.compile("[^/\\s:=,]{1,15}");
    private static final Pattern OPTION = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*=[^,]*");
    private static final String ACCEPTED =
            "a PCI address like 0000:03:00.0, af_packet:IF, af_xdp:IF, tap:IF, pcap:IN,OUT,"
                    + " memif:SOCKET, null or ring is accepted";

    /** Copies the options. */
    public DeviceArgument {
        options = List.copyOf(options);
    }

    /**
     * Reads what a user wrote.
     *
     * @throws IllegalArgumentException one sentence, when it names no port
     */
    public static DeviceArgument parse(String text) {
        String first = text.split(",", 2)[0];
        if (PCI_ADDRESS.matcher(first).matches()) {
            String address = first.toLowerCase(Locale.ROOT);
            String full = address.length() == 7 ? "0000:" + address : address;
            return new DeviceArgument(Kind.PCI, full, options(text, first.length()));
        }
        for (Kind kind : Kind.values()) {
            if (kind == Kind.NULL || kind == Kind.RING) {
                if (first.equals(kind.prefix())) {
                    return new DeviceArgument(kind, "", options(text, first.length()));
                }
            } else if (kind != Kind.PCI && text.startsWith(kind.prefix() + ":")) {
                return parse(kind, text);
            }
        }
        throw refused(text, ACCEPTED);
    }

    private static DeviceArgument parse(Kind kind, String text) {
        int start = kind.prefix().length() + 1;
        String rest = text.substring(start);
        if (kind == Kind.PCAP) {
            return pcap(text, rest);
        }
        String target = rest.split(",", 2)[0];
        if (kind == Kind.MEMIF) {
            boolean path = !target.contains("=");
            if (path && target.isEmpty()) {
                throw refused(
                        text, "memif: is followed by a socket's path or by key=value options");
            }
            return new DeviceArgument(
                    kind,
                    path ? target : "",
                    options(text, path ? start + target.length() : start - 1));
        }
        if (!INTERFACE.matcher(target).matches()) {
            throw refused(
                    text,
                    kind.prefix() + ": is followed by an interface's name of 1 to 15 characters");
        }
        return new DeviceArgument(kind, target, options(text, start + target.length()));
    }

    private static DeviceArgument pcap(String text, String rest) {
        var files = new ArrayList<String>();
        var options = new ArrayList<String>();
        for (String part : rest.split(",", -1)) {
            if (part.contains("=") || files.size() == 2) {
                options.add(option(text, part));
            } else if (options.isEmpty()) {
                files.add(part);
            } else {
                throw refused(text, "files come before key=value options");
            }
        }
        if (files.stream().allMatch(String::isEmpty) && options.isEmpty()) {
            throw refused(
                    text, "pcap: is followed by the file to read, the file to write, or both");
        }
        return new DeviceArgument(Kind.PCAP, String.join(",", files), options);
    }

    private static List<String> options(String text, int from) {
        var options = new ArrayList<String>();
        if (from < text.length()) {
            for (String part : text.substring(from + 1).split(",", -1)) {
                options.add(option(text, part));
            }
        }
        return options;
    }

    private static String option(String text, String part) {
        if (!OPTION.matcher(part).matches()) {
            throw refused(text, "'" + part + "' is no key=value option");
        }
        return part;
    }

    private static IllegalArgumentException refused(String text, String accepted) {
        return new IllegalArgumentException("Device '" + text + "' is no port: " + accepted + ".");
    }

    /**
     * Whether its bursts make system calls, so that a downcall must let the JVM's safepoints by.
     */
    public boolean makesSystemCalls() {
        return kind.systemCalls;
    }

    /** The pcap file to read, or "". */
    String pcapInput() {
        return target.split(",", -1)[0];
    }

    /** The pcap file to write, or "". */
    String pcapOutput() {
        String[] files = target.split(",", -1);
        return files.length > 1 ? files[1] : "";
    }

    /** DPDK's bus name. */
    String bus() {
        return kind == Kind.PCI ? "pci" : "vdev";
    }

    /** DPDK's device name: the PCI address, or the driver's name and a number. */
    String deviceName(int number) {
        return kind == Kind.PCI ? target : kind.driver + number;
    }

    /** DPDK's device arguments for {@code queues} receive and transmit queues. */
    String arguments(int queues) {
        var all = new ArrayList<String>();
        switch (kind) {
            case PCI, NULL, RING -> {}
            case AF_PACKET -> {
                all.add("iface=" + target);
                addUnlessGiven(all, "qpairs", queues);
            }
            case AF_XDP -> {
                all.add("iface=" + target);
                addUnlessGiven(all, "queue_count", queues);
            }
            case TAP -> all.add("iface=" + target);
            case PCAP -> addPcap(all);
            case MEMIF -> addMemif(all);
        }
        all.addAll(options);
        return String.join(",", all);
    }

    private void addPcap(List<String> all) {
        if (!pcapInput().isEmpty()) {
            all.add("rx_pcap=" + pcapInput());
        }
        if (!pcapOutput().isEmpty()) {
            all.add("tx_pcap=" + pcapOutput());
        }
    }

    private void addMemif(List<String> all) {
        if (!target.isEmpty()) {
            all.add("socket=" + target);
            if (!given("socket-abstract")) {
                all.add("socket-abstract=" + (target.startsWith("/") ? "no" : "yes"));
            }
        }
    }

    private void addUnlessGiven(List<String> all, String key, int value) {
        if (value > 1 && !given(key)) {
            all.add(key + "=" + value);
        }
    }

    private boolean given(String key) {
        return options.stream().anyMatch(option -> option.startsWith(key + "="));
    }

    /** The canonical text, which {@link #parse} reads again. */
    @Override
    public String toString() {
        var parts = new ArrayList<String>();
        if (!target.isEmpty()) {
            parts.add(target);
        }
        parts.addAll(options);
        String rest = String.join(",", parts);
        return switch (kind) {
            case PCI -> rest;
            case NULL, RING -> kind.prefix() + (rest.isEmpty() ? "" : "," + rest);
            default -> kind.prefix() + ":" + rest;
        };
    }
}
