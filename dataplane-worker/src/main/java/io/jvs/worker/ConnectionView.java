package io.jvs.worker;

import io.jvs.service.Address;
import io.jvs.service.ForwardingMethod;

/**
 * A connection as it stood when it was asked for.
 *
 * @param protocol IP protocol number; 0 for a template of a firewall mark
 * @param client client address (of a template: masked)
 * @param clientPort 0..65535
 * @param virtual virtual address (of a template of a mark: the mark as an address)
 * @param virtualPort 0..65535
 * @param real real server's address
 * @param realPort 0..65535
 * @param local local address of FULLNAT, else the client's
 * @param localPort local port of FULLNAT, else the client's
 * @param method how it is forwarded
 * @param state as ipvsadm -Lnc names it, for example ESTABLISHED
 * @param expiresMillis time left
 * @param template whether it is a persistence template
 */
public record ConnectionView(
        int protocol,
        Address client,
        int clientPort,
        Address virtual,
        int virtualPort,
        Address real,
        int realPort,
        Address local,
        int localPort,
        ForwardingMethod method,
        String state,
        long expiresMillis,
        boolean template) {}
