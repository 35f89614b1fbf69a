package io.jvs.control.metrics;

/** The director's own metrics. Counters get {@code _total} when they are written out. */
enum MetricName {
    BUILD_INFO("jvs_build_info", false, "Version of the director; always 1."),
    CONNECTIONS("jvs_connections", false, "Connections now, persistence templates included."),
    CONNECTIONS_MAX("jvs_connections_max", false, "Most connections that there is room for."),
    DROPPED_CONNECTIONS(
            "jvs_dropped_connections",
            true,
            "Connections and templates that drop_entry ended before their time."),
    FTP_EXPECTED(
            "jvs_ftp_expected_connections",
            true,
            "FTP data connections that control connections agreed upon."),
    FTP_UNTOUCHED(
            "jvs_ftp_untouched_lines",
            true,
            "FTP lines with an address or port that could not be used and went on as they were."),
    UNDISCLOSED_PACKETS(
            "jvs_undisclosed_packets",
            true,
            "Packets to real servers that had no room for what should be told of their client."),
    RESET_CONNECTIONS(
            "jvs_reset_connections",
            true,
            "Connections that were reset as their real server was drained or removed."),
    RESCHEDULED_CONNECTIONS(
            "jvs_rescheduled_connections",
            true,
            "Connections that went to another server as theirs was drained or removed."),
    SYN_PROXY_EVENTS(
            "jvs_syn_proxy_events",
            true,
            "What the SYN proxy did: cookies sent, valid and invalid ones, SYNs sent to real servers"
                    + " once more, and connections that these did not answer or refused."),
    CONFIG_GENERATION("jvs_config_generation", false, "Generation that all workers have applied."),
    SERVICES("jvs_services", false, "Virtual services configured."),
    PACKETS(
            "jvs_packets",
            true,
            "Packets by verdict; with jvs_dropped_packets_total these are all received."),
    DROPPED_PACKETS("jvs_dropped_packets", true, "Packets dropped by reason."),
    SERVICE_CONNECTIONS(
            "jvs_service_connections", true, "Connections scheduled for a virtual service."),
    SERVICE_INCOMING_PACKETS(
            "jvs_service_incoming_packets", true, "Packets from clients of a virtual service."),
    SERVICE_OUTGOING_PACKETS(
            "jvs_service_outgoing_packets",
            true,
            "Packets from real servers of a virtual service."),
    SERVICE_INCOMING_BYTES(
            "jvs_service_incoming_bytes",
            true,
            "Bytes of IP packets from clients of a virtual service."),
    SERVICE_OUTGOING_BYTES(
            "jvs_service_outgoing_bytes",
            true,
            "Bytes of IP packets from real servers of a virtual service."),
    SERVICE_DENIED_PACKETS(
            "jvs_service_denied_packets",
            true,
            "Packets that the access list of a virtual service denied a connection."),
    SERVICE_LIMITED_CONNECTIONS(
            "jvs_service_limited_connections",
            true,
            "Packets that would have opened a connection of a virtual service beyond a limit."),
    SERVICE_LIMITED_PACKETS(
            "jvs_service_limited_packets",
            true,
            "Packets of a virtual service's connections that were beyond a limit."),
    SERVICE_QUIC_ROUTED(
            "jvs_service_quic_routed_connections",
            true,
            "Connections that began at the real server that a QUIC connection id names."),
    SERVICE_QUIC_UNKNOWN(
            "jvs_service_quic_unknown_ids",
            true,
            "Packets that began a connection with a QUIC connection id that names no real server."),
    SERVICE_ACCESS_ENTRIES(
            "jvs_service_access_entries", false, "Entries of a virtual service's access list."),
    SERVER_CONNECTIONS(
            "jvs_real_server_connections", true, "Connections scheduled to a real server."),
    SERVER_INCOMING_PACKETS(
            "jvs_real_server_incoming_packets", true, "Packets from clients to a real server."),
    SERVER_OUTGOING_PACKETS(
            "jvs_real_server_outgoing_packets", true, "Packets from a real server."),
    SERVER_INCOMING_BYTES(
            "jvs_real_server_incoming_bytes",
            true,
            "Bytes of IP packets from clients to a real server."),
    SERVER_OUTGOING_BYTES(
            "jvs_real_server_outgoing_bytes", true, "Bytes of IP packets from a real server."),
    SERVER_ACTIVE(
            "jvs_real_server_connections_active", false, "Active connections of a real server."),
    SERVER_INACTIVE(
            "jvs_real_server_connections_inactive",
            false,
            "Inactive connections of a real server."),
    SERVER_PERSISTENT(
            "jvs_real_server_connections_persistent",
            false,
            "Persistence templates of a real server."),
    SERVER_WEIGHT(
            "jvs_real_server_weight",
            false,
            "Weight in force of a real server; 0 while it is held out."),
    SERVER_UP(
            "jvs_real_server_up",
            false,
            "1 when the health check finds a real server up or does not check it, 0 when down."),
    SERVER_CHECKS(
            "jvs_real_server_health_check",
            true,
            "Health checks of a real server by result: success, failure, untried."),
    SERVER_TRANSITIONS(
            "jvs_real_server_state_transitions",
            true,
            "Changes of a real server's health by the state that it went to."),
    WORKER_LOOPS("jvs_worker_loops", true, "Turns of a worker's loop."),
    WORKER_BUSY_LOOPS("jvs_worker_busy_loops", true, "Turns of a worker's loop with packets."),
    WORKER_GENERATION("jvs_worker_generation", false, "The last generation that a worker applied."),
    WORKER_ALLOCATED_BYTES(
            "jvs_worker_allocated_bytes",
            true,
            "Bytes that a worker's thread allocated on the Java heap."),
    WORKER_RX_PACKETS(
            "jvs_worker_rx_packets", true, "Packets that a worker received from its queues."),
    WORKER_HANDED_OVER(
            "jvs_worker_handed_over_packets",
            true,
            "Packets that a worker handed over to the worker of their connection."),
    WORKER_TAKEN_OVER(
            "jvs_worker_taken_over_packets",
            true,
            "Packets that other workers handed over to a worker."),
    WORKER_MISDIRECTED(
            "jvs_worker_misdirected_packets",
            true,
            "Packets to local addresses that came in at a worker and are for another's local port."),
    WORKER_HANDOVER_MISSED(
            "jvs_worker_handover_missed",
            true,
            "What other workers did not hear from a worker of neighbours and paths' MTUs."),
    LOCAL_PORTS_IN_USE(
            "jvs_local_ports_in_use", false, "Local ports in use, those that wait included."),
    LOCAL_PORTS_WAITING(
            "jvs_local_ports_waiting",
            false,
            "Local ports that wait until real servers have forgotten their connections."),
    LOCAL_PORT_EXHAUSTIONS(
            "jvs_local_port_exhaustions",
            true,
            "How often a local address had no port to give towards a real server."),
    LOCAL_PORTS_USED(
            "jvs_local_ports_used",
            false,
            "Local ports in use of a local address towards a real server; the 100 fullest."),
    LOCAL_PORTS_FREE(
            "jvs_local_ports_free",
            false,
            "Local ports left of a local address towards a real server; the 100 fullest."),
    PORT_STEERING(
            "jvs_port_steering",
            false,
            "How answers find the worker of their connection: single, rss, flow_rules or hand_over;"
                    + " always 1."),
    PORT_FLOW_RULES(
            "jvs_port_flow_rules",
            false,
            "Flow rules for local addresses that are in force on a port."),
    PORT_RX_PACKETS("jvs_port_rx_packets", true, "Packets received on a port."),
    PORT_RX_BYTES("jvs_port_rx_bytes", true, "Bytes received on a port."),
    PORT_TX_PACKETS("jvs_port_tx_packets", true, "Packets sent on a port."),
    PORT_TX_BYTES("jvs_port_tx_bytes", true, "Bytes sent on a port."),
    PORT_TX_FULL(
            "jvs_port_tx_full_packets",
            true,
            "Packets that a port's transmit queue had no room for."),
    PORT_LINK_UP("jvs_port_link_up", false, "1 while a port's link is up.");

    private final String text;
    private final boolean counter;
    private final String help;

    MetricName(String text, boolean counter, String help) {
        this.text = text;
        this.counter = counter;
        this.help = help;
    }

    /** The name without {@code _total}. */
    String text() {
        return text;
    }

    boolean isCounter() {
        return counter;
    }

    String help() {
        return help;
    }
}
