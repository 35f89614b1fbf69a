package io.jvs.bench.replay;

import io.jvs.cli.net.HostAddress;
import io.jvs.cli.net.NameService;
import io.jvs.cli.net.SystemNameService;
import org.jspecify.annotations.Nullable;

/** The names of the machine on which the recordings were made: its own, and no resolver. */
final class RecordedNames implements NameService {
    private static final String LOCALHOST = "localhost";

    private final SystemNameService services = new SystemNameService();

    @Override
    public @Nullable HostAddress address(String host) {
        boolean own = host.equals(LOCALHOST) || host.equals("oracle");
        return HostAddress.parse(own ? "127.0.0.1" : host);
    }

    @Override
    public @Nullable String host(HostAddress address) {
        String text = address.toString();
        return text.equals("127.0.0.1") || text.equals("::1") ? LOCALHOST : null;
    }

    @Override
    public int port(String service, String protocol) {
        return services.port(service, protocol);
    }

    @Override
    public @Nullable String service(int port, String protocol) {
        return services.service(port, protocol);
    }
}
