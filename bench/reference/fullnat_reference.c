/*
 * The yardstick: the least that a FULLNAT director must do to a packet, in C on DPDK.
 *
 * For each burst of 32: parse and check IPv4 and TCP, hash the five-tuple (CRC32C), find it in a table of
 * 64-byte buckets of four 16-byte keys (bucket lines prefetched for the whole burst, then connection lines),
 * rewrite both addresses and ports with incremental checksums (RFC 1624), TTL, MACs, count packets and bytes
 * of the connection and direction, and send. No timeouts, TCP states, limits, statistics of servers, fragments,
 * ICMP or configuration: what JVS does beyond this is what its ratio shows.
 *
 * Usage: fullnat_reference EAL-ARGUMENTS -- WORK FLOWS SERVERS SECONDS WARMUP SYNTHESIS
 *   WORK       fullnat, or forward (only receive and send, to know what the port costs)
 *   FLOWS      a number; or a file of 24-byte records, one a flow, as jvs bench writes it
 *   SYNTHESIS  1: the next flow's addresses and ports are written over each received frame before the pipeline
 *              (for more flows than a replay file holds); 0: frames are taken as the port gives them
 * Prints one line: RESULT ns=N cpu_ns=N packets=N forwarded=N dropped=N
 */
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <rte_byteorder.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_ether.h>
#include <rte_ip.h>
#include <rte_mbuf.h>
#include <rte_prefetch.h>
#include <rte_tcp.h>

#define BURST 32
#define BUCKET_KEYS 4
#define FIRST_LOCAL_PORT 1025
#define LOCAL_PORTS 60000
#define CLIENT_PORTS 50000
#define HEADERS (RTE_ETHER_HDR_LEN + sizeof(struct rte_ipv4_hdr) + sizeof(struct rte_tcp_hdr))

/* One flow as it comes in from the client and from the real server; all in network byte order. */
struct flow {
    uint32_t client, virtual_address, local, real;
    uint16_t client_port, virtual_port, local_port, real_port;
};

/* A direction's five-tuple (the protocol is TCP) and its connection; value 0 is an empty place. */
struct key {
    uint32_t source, destination, ports, value; /* value: 1 + 2 * connection + direction */
};

struct bucket {
    struct key keys[BUCKET_KEYS];
} __rte_aligned(64);

/* What a packet of one direction becomes, and by how much that changes its checksums. */
struct translation {
    uint32_t source, destination, ports;
    uint16_t ip_delta, tcp_delta;
};

/* All that a packet of a connection needs: one cache line. */
struct connection {
    struct translation to[2];
    uint64_t bytes[2];
    uint32_t packets[2];
    uint64_t last_seen;
} __rte_aligned(64);

/* What synthesis writes over a frame of zero addresses and ports: the sums are added to its checksums. */
struct header {
    uint32_t source, destination, ports;
    uint16_t ip_sum, tcp_sum;
};

static struct bucket *buckets;
static struct connection *connections;
static uint64_t bucket_mask;
static struct header *sequence;
static uint64_t sequence_length, sequence_next;
static uint64_t dropped;

static void *map(uint64_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
}

/* ---- checksums ---- */

static inline uint16_t fold(uint32_t sum) {
    sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)((sum & 0xFFFF) + (sum >> 16));
}

static uint32_t words(uint32_t value) { return (value & 0xFFFF) + (value >> 16); }

/* Checksum HC becomes ~(~HC + delta), where delta is the folded sum of new words less the old ones. */
static inline uint16_t adjust(uint16_t checksum, uint16_t delta) {
    return (uint16_t)~fold((uint32_t)(uint16_t)~checksum + delta);
}

static uint16_t difference(uint32_t old_sum, uint32_t new_sum) { return fold(fold(new_sum) + (uint16_t)~fold(old_sum)); }

/* ---- the table ---- */

static inline uint64_t hash(uint32_t source, uint32_t destination, uint32_t ports) {
    uint64_t crc = _mm_crc32_u64(0xFFFFFFFF, (uint64_t)destination << 32 | source);
    return _mm_crc32_u32((uint32_t)crc, ports);
}

static void insert(uint32_t source, uint32_t destination, uint32_t ports, uint32_t value) {
    for (uint64_t at = hash(source, destination, ports) & bucket_mask;; at = (at + 1) & bucket_mask) {
        for (int i = 0; i < BUCKET_KEYS; i++) {
            struct key *key = &buckets[at].keys[i];
            if (key->value == 0) {
                *key = (struct key){source, destination, ports, value};
                return;
            }
        }
    }
}

/* Gives 0 when there is none. A full bucket goes on in the next line. */
static inline uint32_t find(uint64_t at, uint32_t source, uint32_t destination, uint32_t ports) {
    for (;; at = (at + 1) & bucket_mask) {
        for (int i = 0; i < BUCKET_KEYS; i++) {
            const struct key *key = &buckets[at].keys[i];
            if (key->source == source && key->destination == destination && key->ports == ports && key->value != 0)
                return key->value;
        }
        if (buckets[at].keys[BUCKET_KEYS - 1].value == 0)
            return 0;
    }
}

static void translate(struct translation *to, uint32_t old_addresses, uint32_t old_ports, uint32_t source,
                      uint32_t destination, uint32_t ports) {
    const uint32_t ttl_less_one = rte_cpu_to_be_16(0xFEFF); /* ~0x0100: the TTL's byte, decremented */
    uint32_t addresses = words(source) + words(destination);
    *to = (struct translation){source, destination, ports, 0, 0};
    to->ip_delta = fold(difference(old_addresses, addresses) + ttl_less_one);
    to->tcp_delta = difference(old_addresses + words(old_ports), addresses + words(ports));
}

static void add_connection(uint32_t number, const struct flow *flow) {
    struct connection *connection = &connections[number];
    uint32_t client_ports = (uint32_t)flow->virtual_port << 16 | flow->client_port;
    uint32_t server_ports = (uint32_t)flow->local_port << 16 | flow->real_port;
    uint32_t client_addresses = words(flow->client) + words(flow->virtual_address);
    uint32_t server_addresses = words(flow->real) + words(flow->local);
    translate(&connection->to[0], client_addresses, client_ports, flow->local, flow->real,
              (uint32_t)flow->real_port << 16 | flow->local_port);
    translate(&connection->to[1], server_addresses, server_ports, flow->virtual_address, flow->client,
              (uint32_t)flow->client_port << 16 | flow->virtual_port);
    insert(flow->client, flow->virtual_address, client_ports, 1 + 2 * number);
    insert(flow->real, flow->local, server_ports, 2 + 2 * number);
}

/* ---- the pipeline ---- */

/* Whether the checksum of a header without options is right. */
static inline int is_right(const struct rte_ipv4_hdr *ip) {
    uint32_t part[5];
    memcpy(part, ip, sizeof(part));
    uint64_t sum = (uint64_t)part[0] + part[1] + part[2] + part[3] + part[4];
    sum = (sum & 0xFFFFFFFF) + (sum >> 32);
    sum = (sum & 0xFFFF) + (sum >> 16 & 0xFFFF) + (sum >> 32);
    return fold((uint32_t)sum) == 0xFFFF;
}

/* Whether a frame is whole: every length is checked before what it covers is read. Gives its IP header. */
static inline struct rte_ipv4_hdr *parse(struct rte_mbuf *mbuf) {
    struct rte_ether_hdr *ether = rte_pktmbuf_mtod(mbuf, struct rte_ether_hdr *);
    struct rte_ipv4_hdr *ip = (struct rte_ipv4_hdr *)(ether + 1);
    struct rte_tcp_hdr *tcp = (struct rte_tcp_hdr *)(ip + 1);
    if (mbuf->data_len < HEADERS || ether->ether_type != RTE_BE16(RTE_ETHER_TYPE_IPV4) || ip->version_ihl != 0x45)
        return NULL;
    uint32_t length = rte_be_to_cpu_16(ip->total_length);
    uint32_t tcp_bytes = (tcp->data_off >> 4) * 4u;
    if (length < sizeof(*ip) + sizeof(*tcp) || length + RTE_ETHER_HDR_LEN > mbuf->data_len)
        return NULL;
    if ((ip->fragment_offset & RTE_BE16(0x3FFF)) != 0 || ip->next_proto_id != IPPROTO_TCP || ip->time_to_live < 2)
        return NULL;
    if (tcp_bytes < sizeof(*tcp) || sizeof(*ip) + tcp_bytes > length || !is_right(ip))
        return NULL;
    return ip;
}

static inline uint32_t ports_of(const struct rte_ipv4_hdr *ip) {
    uint32_t ports;
    memcpy(&ports, ip + 1, sizeof(ports));
    return ports;
}

static inline void rewrite(struct rte_mbuf *mbuf, struct rte_ipv4_hdr *ip, uint32_t value, uint64_t now) {
    static const struct rte_ether_addr next_hop = {{2, 0, 0, 0, 0, 3}};
    static const struct rte_ether_addr own = {{2, 'p', 'c', 'a', 'p', 0}};
    struct rte_ether_hdr *ether = rte_pktmbuf_mtod(mbuf, struct rte_ether_hdr *);
    struct rte_tcp_hdr *tcp = (struct rte_tcp_hdr *)(ip + 1);
    uint32_t direction = (value - 1) & 1;
    struct connection *connection = &connections[(value - 1) >> 1];
    const struct translation *to = &connection->to[direction];
    ip->src_addr = to->source;
    ip->dst_addr = to->destination;
    ip->time_to_live--;
    ip->hdr_checksum = adjust(ip->hdr_checksum, to->ip_delta);
    memcpy(tcp, &to->ports, sizeof(to->ports));
    tcp->cksum = adjust(tcp->cksum, to->tcp_delta);
    ether->dst_addr = next_hop;
    ether->src_addr = own;
    connection->packets[direction]++;
    connection->bytes[direction] += mbuf->data_len - RTE_ETHER_HDR_LEN;
    connection->last_seen = now;
}

/* Rewrites a burst in place; gives how many are to be sent, those first. */
static uint16_t pipeline(struct rte_mbuf **mbufs, uint16_t count, uint64_t now) {
    struct rte_ipv4_hdr *headers[BURST];
    uint64_t at[BURST];
    uint32_t values[BURST];
    for (uint16_t i = 0; i < count; i++) {
        struct rte_ipv4_hdr *ip = headers[i] = parse(mbufs[i]);
        if (ip != NULL) {
            at[i] = hash(ip->src_addr, ip->dst_addr, ports_of(ip)) & bucket_mask;
            rte_prefetch0(&buckets[at[i]]);
        }
    }
    for (uint16_t i = 0; i < count; i++) {
        struct rte_ipv4_hdr *ip = headers[i];
        values[i] = ip == NULL ? 0 : find(at[i], ip->src_addr, ip->dst_addr, ports_of(ip));
        if (values[i] != 0)
            rte_prefetch0(&connections[(values[i] - 1) >> 1]);
    }
    uint16_t sending = 0;
    for (uint16_t i = 0; i < count; i++) {
        if (values[i] == 0) {
            rte_pktmbuf_free(mbufs[i]);
            dropped++;
            continue;
        }
        rewrite(mbufs[i], headers[i], values[i], now);
        mbufs[sending++] = mbufs[i];
    }
    return sending;
}

/* ---- synthesis: the same as io.jvs.bench.traffic.SynthesizedPort ---- */

static void synthesize(struct rte_mbuf **mbufs, uint16_t count) {
    for (uint16_t i = 0; i < count; i++) {
        const struct header *next = &sequence[sequence_next];
        sequence_next = sequence_next + 1 == sequence_length ? 0 : sequence_next + 1;
        uint8_t *ip = rte_pktmbuf_mtod_offset(mbufs[i], uint8_t *, RTE_ETHER_HDR_LEN);
        struct rte_ipv4_hdr *header = (struct rte_ipv4_hdr *)ip;
        struct rte_tcp_hdr *tcp = (struct rte_tcp_hdr *)(header + 1);
        header->src_addr = next->source;
        header->dst_addr = next->destination;
        header->hdr_checksum = adjust(header->hdr_checksum, next->ip_sum);
        memcpy(tcp, &next->ports, sizeof(next->ports));
        tcp->cksum = adjust(tcp->cksum, next->tcp_sum);
    }
}

static struct header header_of(uint32_t source, uint32_t destination, uint32_t ports) {
    uint32_t addresses = words(source) + words(destination);
    return (struct header){source, destination, ports, fold(addresses), fold(addresses + words(ports))};
}

static uint64_t random_state = 0x9E3779B97F4A7C15;

static uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Every second packet from a client, the others from servers, each in a random order of its own. */
static void make_sequence(const struct flow *flows, uint32_t count) {
    sequence_length = 2ull * count;
    sequence = map(sequence_length * sizeof(struct header));
    for (uint32_t i = 0; i < count; i++) {
        const struct flow *f = &flows[i];
        sequence[2ull * i] = header_of(f->client, f->virtual_address, (uint32_t)f->virtual_port << 16 | f->client_port);
        sequence[2ull * i + 1] = header_of(f->real, f->local, (uint32_t)f->local_port << 16 | f->real_port);
    }
    for (int direction = 0; direction < 2; direction++)
        for (uint32_t i = count; i > 1; i--) {
            uint64_t a = 2ull * (i - 1) + direction, b = 2ull * (next_random() % i) + direction;
            struct header swapped = sequence[a];
            sequence[a] = sequence[b];
            sequence[b] = swapped;
        }
}

/* ---- flows ---- */

static struct flow *number_flows(uint32_t count, uint32_t servers) {
    struct flow *flows = map((uint64_t)count * sizeof(struct flow));
    uint32_t clients = RTE_MAX(1000u, count / CLIENT_PORTS + 1);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t turn = i / servers; /* of its server's connections the how-manieth */
        flows[i].client = rte_cpu_to_be_32((172u << 24 | 16 << 16) + 1 + i % clients);
        flows[i].client_port = rte_cpu_to_be_16(10000 + i / clients);
        flows[i].virtual_address = rte_cpu_to_be_32(10u << 24 | 99 << 16 | 1);
        flows[i].virtual_port = rte_cpu_to_be_16(80);
        flows[i].local = rte_cpu_to_be_32((10u << 24 | 98 << 16) + 1 + turn / LOCAL_PORTS);
        flows[i].local_port = rte_cpu_to_be_16(FIRST_LOCAL_PORT + turn % LOCAL_PORTS);
        flows[i].real = rte_cpu_to_be_32((192u << 24 | 168 << 16 | 1 << 8) + 1 + i % servers);
        flows[i].real_port = rte_cpu_to_be_16(8080);
    }
    return flows;
}

static struct flow *read_flows(const char *path, uint32_t *count) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    fseek(file, 0, SEEK_END);
    *count = (uint32_t)(ftell(file) / sizeof(struct flow));
    rewind(file);
    struct flow *flows = map((*count + 1ull) * sizeof(struct flow));
    if (fread(flows, sizeof(struct flow), *count, file) != *count) {
        perror(path);
        exit(2);
    }
    fclose(file);
    return flows;
}

static void make_tables(const struct flow *flows, uint32_t count) {
    uint64_t wanted = 64; /* buckets; at most half of the places are taken */
    while (wanted * BUCKET_KEYS < 4ull * count)
        wanted *= 2;
    bucket_mask = wanted - 1;
    buckets = map(wanted * sizeof(struct bucket));
    connections = map((count + 1ull) * sizeof(struct connection));
    for (uint32_t i = 0; i < count; i++)
        add_connection(i, &flows[i]);
}

/* ---- main ---- */

static void check(int result, const char *call) {
    if (result < 0) {
        fprintf(stderr, "fullnat_reference: %s failed: %s\n", call, strerror(-result));
        exit(1);
    }
}

static void start_port(void) {
    struct rte_eth_conf configuration = {0};
    struct rte_mempool *pool = rte_pktmbuf_pool_create("frames", 65535, 256, 0, RTE_MBUF_DEFAULT_BUF_SIZE, 0);
    if (pool == NULL)
        check(-rte_errno, "rte_pktmbuf_pool_create");
    check(rte_eth_dev_configure(0, 1, 1, &configuration), "rte_eth_dev_configure");
    check(rte_eth_rx_queue_setup(0, 0, 1024, 0, NULL, pool), "rte_eth_rx_queue_setup");
    check(rte_eth_tx_queue_setup(0, 0, 1024, 0, NULL), "rte_eth_tx_queue_setup");
    check(rte_eth_dev_start(0), "rte_eth_dev_start");
}

static uint64_t clock_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

struct totals {
    uint64_t received, sent, elapsed_ns, cpu_ns;
};

/* Polls for some time; the clock is read every burst, as JVS does. */
static struct totals run(int fullnat, int synthesis, double seconds) {
    struct rte_mbuf *mbufs[BURST];
    struct totals totals = {0, 0, 0, 0};
    uint64_t cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    uint64_t start = clock_ns(CLOCK_MONOTONIC), end = start + (uint64_t)(seconds * 1e9), now;
    while ((now = clock_ns(CLOCK_MONOTONIC)) < end) {
        uint16_t count = rte_eth_rx_burst(0, 0, mbufs, BURST);
        totals.received += count;
        if (synthesis)
            synthesize(mbufs, count);
        if (fullnat)
            count = pipeline(mbufs, count, now);
        uint16_t sent = rte_eth_tx_burst(0, 0, mbufs, count);
        totals.sent += sent;
        for (; sent < count; sent++)
            rte_pktmbuf_free(mbufs[sent]);
    }
    totals.elapsed_ns = now - start;
    totals.cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
    return totals;
}

int main(int argc, char **argv) {
    int used = rte_eal_init(argc, argv);
    check(used, "rte_eal_init");
    argc -= used, argv += used;
    if (argc != 7) {
        fprintf(stderr, "usage: fullnat_reference EAL-ARGUMENTS -- WORK FLOWS SERVERS SECONDS WARMUP SYNTHESIS\n");
        return 2;
    }
    int fullnat = strcmp(argv[1], "fullnat") == 0, synthesis = atoi(argv[6]);
    char *end;
    uint32_t count = (uint32_t)strtoul(argv[2], &end, 10);
    struct flow *flows = *end == 0 ? number_flows(count, (uint32_t)atoi(argv[3])) : read_flows(argv[2], &count);
    if (fullnat)
        make_tables(flows, count);
    if (synthesis)
        make_sequence(flows, count);
    munmap(flows, (uint64_t)count * sizeof(struct flow));
    start_port();
    run(fullnat, synthesis, atof(argv[5]));
    dropped = 0;
    struct totals totals = run(fullnat, synthesis, atof(argv[4]));
    printf("RESULT ns=%.3f cpu_ns=%.3f packets=%lu forwarded=%lu dropped=%lu\n",
           (double)totals.elapsed_ns / (double)totals.received, (double)totals.cpu_ns / (double)totals.received,
           totals.received, totals.sent, dropped);
    rte_eth_dev_stop(0);
    rte_eal_cleanup();
    return totals.received == totals.sent + dropped && dropped == 0 ? 0 : 3;
}
