package io.jvs.cli.listing;

import io.jvs.cli.net.HostAddress;
import io.jvs.proto.v1.AddressFamily;
import io.jvs.proto.v1.Protocol;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.RealServerStatistics;
import io.jvs.proto.v1.ServiceStatistics;
import io.jvs.proto.v1.VirtualService;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which ipvsadm lists services and real servers. The kernel hands services out by hash
 * bucket (ip_vs_svc_hashkey, ip_vs_svc_fwm_hashkey), the newest first in each; ipvsadm then sorts
 * with glibc's merge sort and a comparison that subtracts 32-bit words, which is not an order where
 * words differ by 2^31 or more, so that the result depends on the order before.
 */
public final class ServiceOrder {
    /** A kernel mixes its table's address into the bucket; this is one value of these bits. */
    private static final int BUCKET_MIX = 0x30;

    private static final HostAddress NO_ADDRESS = HostAddress.ofIpv4(0);
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private ServiceOrder() {}

    /** Services as listed: in kernel order, or sorted. */
    public static List<VirtualService> services(List<VirtualService> made, boolean sorted) {
        List<Entry<VirtualService>> entries = new ArrayList<>(made.size());
        for (VirtualService service : made) {
            entries.add(
                    entry(
                            service,
                            service.getFirewallMark(),
                            service.getFamily(),
                            service.getProtocol(),
                            service.getAddress(),
                            service.getPort()));
        }
        return order(entries, sorted);
    }

    /** Statistics as listed: in kernel order, or sorted. */
    public static List<ServiceStatistics> statistics(List<ServiceStatistics> made, boolean sorted) {
        List<Entry<ServiceStatistics>> entries = new ArrayList<>(made.size());
        for (ServiceStatistics service : made) {
            entries.add(
                    entry(
                            service,
                            service.getFirewallMark(),
                            service.getFamily(),
                            service.getProtocol(),
                            service.getAddress(),
                            service.getPort()));
        }
        return order(entries, sorted);
    }

    /** Real servers as listed: in list order, or sorted. */
    public static List<RealServer> servers(VirtualService service, boolean sorted) {
        List<Entry<RealServer>> entries = new ArrayList<>(service.getRealServersCount());
        for (RealServer server : service.getRealServersList()) {
            entries.add(new Entry<>(server, 0, 0, 0, parse(server.getAddress()), server.getPort()));
        }
        return items(sorted ? sort(entries) : entries);
    }

    /** Real servers' statistics as listed: in list order, or sorted. */
    public static List<RealServerStatistics> servers(ServiceStatistics service, boolean sorted) {
        List<Entry<RealServerStatistics>> entries = new ArrayList<>(service.getRealServersCount());
        for (RealServerStatistics server : service.getRealServersList()) {
            entries.add(new Entry<>(server, 0, 0, 0, parse(server.getAddress()), server.getPort()));
        }
        return items(sorted ? sort(entries) : entries);
    }

    private static HostAddress parse(String literal) {
        HostAddress address = HostAddress.parse(literal);
        return address == null ? NO_ADDRESS : address;
    }

    private static <T> Entry<T> entry(
            T item, int mark, AddressFamily family, Protocol protocol, String literal, int port) {
        if (mark != 0) {
            boolean ipv6 = family == AddressFamily.ADDRESS_FAMILY_IPV6;
            return new Entry<>(item, mark, ipv6 ? AF_INET6 : AF_INET, 0, NO_ADDRESS, 0);
        }
        HostAddress address = parse(literal);
        int number =
                switch (protocol) {
                    case PROTOCOL_UDP -> 17;
                    case PROTOCOL_SCTP -> 132;
                    default -> 6;
                };
        return new Entry<>(item, 0, address.ipv6() ? AF_INET6 : AF_INET, number, address, port);
    }

    private static <T> List<T> order(List<Entry<T>> made, boolean sorted) {
        List<List<Entry<T>>> buckets = new ArrayList<>(512);
        for (int i = 0; i < 512; i++) {
            buckets.add(List.of());
        }
        for (int i = made.size() - 1; i >= 0; i--) {
            int bucket = made.get(i).bucket();
            if (buckets.get(bucket).isEmpty()) {
                buckets.set(bucket, new ArrayList<>(2));
            }
            buckets.get(bucket).add(made.get(i));
        }
        List<Entry<T>> kernelOrder = new ArrayList<>(made.size());
        for (List<Entry<T>> bucket : buckets) {
            kernelOrder.addAll(bucket);
        }
        return items(sorted ? sort(kernelOrder) : kernelOrder);
    }

    private static <T> List<T> items(List<Entry<T>> entries) {
        List<T> items = new ArrayList<>(entries.size());
        for (Entry<T> entry : entries) {
            items.add(entry.item);
        }
        return items;
    }

    /** glibc's qsort(3) up to 2.36: the lower half is the smaller one, equals keep their order. */
    private static <T> List<Entry<T>> sort(List<Entry<T>> entries) {
        if (entries.size() < 2) {
            return entries;
        }
        int half = entries.size() / 2;
        List<Entry<T>> left = sort(entries.subList(0, half));
        List<Entry<T>> right = sort(entries.subList(half, entries.size()));
        List<Entry<T>> merged = new ArrayList<>(entries.size());
        int r = 0;
        for (Entry<T> entry : left) {
            while (r < right.size() && entry.minus(right.get(r)) > 0) {
                merged.add(right.get(r++));
            }
            merged.add(entry);
        }
        merged.addAll(right.subList(r, right.size()));
        return merged;
    }

    /** What a service or real server is known by. */
    private record Entry<T>(
            T item, int mark, int family, int protocol, HostAddress address, int port) {

        /** 0..255 in the table of addresses, 256..511 in the table of marks. */
        int bucket() {
            if (mark != 0) {
                return 256 + ((mark ^ BUCKET_MIX) & 0xFF);
            }
            int fold = address.word(0);
            for (int i = 1; i < 4; i++) {
                fold ^= address.word(i);
            }
            return (protocol ^ fold ^ BUCKET_MIX ^ port >>> 8 ^ port) & 0xFF;
        }

        /** ipvs_cmp_services and ipvs_cmp_dests: differences that may overflow. */
        int minus(Entry<T> other) {
            if (mark != other.mark || family != other.family || protocol != other.protocol) {
                int byMark = mark - other.mark;
                int byFamily = family - other.family;
                return byMark != 0 ? byMark : byFamily != 0 ? byFamily : protocol - other.protocol;
            }
            int words = address.ipv6() ? 4 : 1;
            for (int i = 0; i < words; i++) {
                int difference = address.word(i) - other.address.word(i);
                if (difference != 0) {
                    return difference;
                }
            }
            return port - other.port;
        }
    }
}
