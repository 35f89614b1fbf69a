package io.jvs.service;

/**
 * How connection ids of one configuration are made (draft-ietf-quic-load-balancers-21): an octet
 * whose first three bits are the configuration's number, the server id, the nonce.
 *
 * @param configId 0 to 6
 * @param serverIdBytes 1 to 15
 * @param nonceBytes 4 to 18; with the server id at most 19
 * @param key 32 hexadecimal digits of an AES-128 key that server id and nonce are encrypted with,
 *     or empty
 */
public record QuicIdFormat(int configId, int serverIdBytes, int nonceBytes, String key) {}
