package io.jvs.cli.net;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * The names of this machine: /etc/hosts first, then what the JDK's resolver finds; /etc/services.
 * Files are read when they are first needed; answers about hosts are kept. Loopback addresses that
 * the file leaves out are localhost (RFC 6761 6.3).
 */
public final class SystemNameService implements NameService {
    /** What is known without /etc/services: a minimal system has none. */
    private static final String USUAL_SERVICES =
            """
            ftp 21/tcp
            ssh 22/tcp
            telnet 23/tcp
            smtp 25/tcp
            domain 53/tcp
            domain 53/udp
            http 80/tcp www
            pop3 110/tcp
            ntp 123/udp
            imap2 143/tcp imap
            snmp 161/udp
            ldap 389/tcp
            https 443/tcp
            https 443/udp
            syslog 514/udp
            ldaps 636/tcp
            imaps 993/tcp
            pop3s 995/tcp
            """;

    private final Path hostsFile;
    private final Path servicesFile;
    private final Map<HostAddress, String> hostNames = new HashMap<>();
    private @Nullable List<String[]> hosts;
    private @Nullable List<String[]> services;

    /** Reads /etc/hosts and /etc/services. */
    public SystemNameService() {
        this(Path.of("/etc/hosts"), Path.of("/etc/services"));
    }

    /** Reads other files of the same formats. */
    public SystemNameService(Path hostsFile, Path servicesFile) {
        this.hostsFile = hostsFile;
        this.servicesFile = servicesFile;
    }

    @Override
    public @Nullable HostAddress address(String host) {
        if (host.isEmpty() || isOnlyDigitsAndDots(host)) {
            return null;
        }
        for (String[] words : hosts()) {
            HostAddress address = HostAddress.parse(words[0]);
            if (address != null && !address.ipv6() && contains(words, 1, host)) {
                return address;
            }
        }
        return resolve(host);
    }

    /** What __nss_hostname_digits_dots of glibc answers without asking a name server. */
    private static boolean isOnlyDigitsAndDots(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable HostAddress resolve(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (address instanceof Inet4Address) {
                    return HostAddress.ofBytes(address.getAddress());
                }
            }
            return null;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    @Override
    public @Nullable String host(HostAddress address) {
        String known = hostNames.get(address);
        if (known == null) {
            known = findHost(address);
            hostNames.put(address, known);
        }
        return known.isEmpty() ? null : known;
    }

    /** The name, empty when there is none. */
    private String findHost(HostAddress address) {
        for (String[] words : hosts()) {
            if (words.length > 1 && address.equals(HostAddress.parse(words[0]))) {
                return words[1];
            }
        }
        if (isLoopback(address)) {
            return "localhost";
        }
        try {
            InetAddress inet = InetAddress.getByAddress(address.bytes());
            String name = inet.getCanonicalHostName();
            return name.equals(inet.getHostAddress()) ? "" : name;
        } catch (UnknownHostException e) {
            return "";
        }
    }

    private static boolean isLoopback(HostAddress address) {
        return address.high() == 0 && address.low() == (address.ipv6() ? 1 : 0x7F00_0001);
    }

    @Override
    public int port(String service, String protocol) {
        for (String[] words : services()) {
            boolean named = words[0].equals(service) || contains(words, 2, service);
            int port = named ? portOf(words, protocol) : -1;
            if (port >= 0) {
                return port;
            }
        }
        return -1;
    }

    @Override
    public @Nullable String service(int port, String protocol) {
        for (String[] words : services()) {
            if (portOf(words, protocol) == port) {
                return words[0];
            }
        }
        return null;
    }

    /** The port of a line "name port/protocol aliases...", or -1 when it has another protocol. */
    private static int portOf(String[] words, String protocol) {
        int slash = words.length < 2 ? -1 : words[1].indexOf('/');
        boolean match = slash > 0 && words[1].substring(slash + 1).equals(protocol);
        return match ? digits(words[1].substring(0, slash)) : -1;
    }

    private static int digits(String text) {
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            value = value * 10 + digit;
            if (digit < 0 || digit > 9 || value > 65535) {
                return -1;
            }
        }
        return value;
    }

    private static boolean contains(String[] words, int from, String name) {
        for (int i = from; i < words.length; i++) {
            if (words[i].equals(name)) {
                return true;
            }
        }
        return false;
    }

    private List<String[]> hosts() {
        List<String[]> lines = hosts;
        if (lines == null) {
            lines = read(hostsFile, "");
            hosts = lines;
        }
        return lines;
    }

    private List<String[]> services() {
        List<String[]> lines = services;
        if (lines == null) {
            lines = read(servicesFile, USUAL_SERVICES);
            services = lines;
        }
        return lines;
    }

    /** The words of all lines that have any, without comments. */
    private static List<String[]> read(Path file, String otherwise) {
        Iterable<String> text;
        try {
            text = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            text = otherwise.lines().toList();
        }
        List<String[]> lines = new ArrayList<>();
        for (String line : text) {
            int comment = line.indexOf('#');
            StringTokenizer words =
                    new StringTokenizer(comment < 0 ? line : line.substring(0, comment));
            String[] all = new String[words.countTokens()];
            for (int i = 0; i < all.length; i++) {
                all[i] = words.nextToken();
            }
            if (all.length > 0) {
                lines.add(all);
            }
        }
        return lines;
    }
}
