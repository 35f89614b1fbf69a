package io.jvs.service;

/**
 * The server id that a real server puts into its connection ids.
 *
 * @param address the real server's
 * @param port the real server's
 * @param id hexadecimal digits
 */
public record QuicServerId(Address address, int port, String id) {}
