package io.jvs.cli;

import io.jvs.cli.net.HostAddress;
import io.jvs.cli.net.NameService;
import org.jspecify.annotations.Nullable;

/** The few names that the recordings contain. */
final class FixedNames implements NameService {
    @Override
    public @Nullable HostAddress address(String host) {
        return host.equals("localhost") ? HostAddress.ofIpv4(0x7F000001) : null;
    }

    @Override
    public @Nullable String host(HostAddress address) {
        String text = address.toString();
        return text.equals("127.0.0.1") || text.equals("::1") ? "localhost" : null;
    }

    @Override
    public int port(String service, String protocol) {
        if (service.equals("http")) {
            return protocol.equals("tcp") ? 80 : -1;
        }
        return service.equals("domain") ? 53 : -1;
    }

    @Override
    public @Nullable String service(int port, String protocol) {
        if (port == 80) {
            return protocol.equals("tcp") ? "http" : null;
        }
        return port == 53 ? "domain" : null;
    }
}
