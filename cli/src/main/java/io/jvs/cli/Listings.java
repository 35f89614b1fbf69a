package io.jvs.cli;

import io.jvs.cli.listing.AddressText;
import io.jvs.cli.listing.ConnectionList;
import io.jvs.cli.listing.LocalAddressTable;
import io.jvs.cli.listing.ServiceOrder;
import io.jvs.cli.listing.ServiceRules;
import io.jvs.cli.listing.ServiceTable;
import io.jvs.cli.listing.StatisticsTable;
import io.jvs.cli.listing.TableView;
import io.jvs.cli.net.NameService;
import io.jvs.cli.option.ParsedCommand;
import io.jvs.cli.option.Setting;
import io.jvs.proto.v1.Connection;
import io.jvs.proto.v1.DirectorInfo;
import io.jvs.proto.v1.GetDirectorInfoRequest;
import io.jvs.proto.v1.GetTimeoutsRequest;
import io.jvs.proto.v1.GetVirtualServiceRequest;
import io.jvs.proto.v1.ListConnectionsRequest;
import io.jvs.proto.v1.ListConnectionsResponse;
import io.jvs.proto.v1.ListStatisticsRequest;
import io.jvs.proto.v1.ListStatisticsResponse;
import io.jvs.proto.v1.ListVirtualServicesRequest;
import io.jvs.proto.v1.ListVirtualServicesResponse;
import io.jvs.proto.v1.RealServer;
import io.jvs.proto.v1.RealServerStatistics;
import io.jvs.proto.v1.ServiceStatistics;
import io.jvs.proto.v1.Timeouts;
import io.jvs.proto.v1.VirtualService;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The commands that print what the director knows. */
final class Listings {
    private final DirectorClient director;
    private final PrintStream out;
    private final NameService names;

    Listings(DirectorClient director, PrintStream out, NameService names) {
        this.director = director;
        this.out = out;
        this.names = names;
    }

    /** -L: one of connections, timeouts, daemon state, one service, all services. */
    void list(ParsedCommand parsed) throws DirectorException, CommandException {
        if (parsed.has(Setting.CONNECTION)) {
            listConnections(parsed);
        } else if (parsed.has(Setting.TIMEOUT)) {
            listTimeouts();
        } else if (!parsed.has(Setting.DAEMON)) {
            // There is no synchronisation daemon, and then --daemon prints nothing.
            listServices(parsed);
        }
    }

    private AddressText addresses(ParsedCommand parsed) {
        return new AddressText(parsed.has(Setting.NUMERIC) ? null : names);
    }

    private static TableView view(ParsedCommand parsed) {
        if (parsed.has(Setting.STATS)) {
            return TableView.STATS;
        }
        if (parsed.has(Setting.RATE)) {
            return TableView.RATE;
        }
        if (parsed.has(Setting.THRESHOLDS)) {
            return TableView.THRESHOLDS;
        }
        if (parsed.has(Setting.PERSISTENT_CONN)) {
            return TableView.PERSISTENT_CONN;
        }
        return parsed.has(Setting.TUN_INFO) ? TableView.TUN_INFO : TableView.PLAIN;
    }

    private void listServices(ParsedCommand parsed) throws DirectorException, CommandException {
        TableView view = view(parsed);
        StringBuilder text = new StringBuilder(4096);
        boolean one = parsed.has(Setting.SERVICE);
        if (!one) {
            DirectorInfo info =
                    director.call(
                            "GetDirectorInfo",
                            GetDirectorInfoRequest.getDefaultInstance(),
                            DirectorInfo.parser());
            text.append("IP Virtual Server version 1.2.1 (size=")
                    .append(Integer.toUnsignedString(info.getConnectionTableSize()))
                    .append(")\n");
        }
        if (view == TableView.STATS || view == TableView.RATE) {
            appendStatistics(text.append(view.title()), parsed, view);
        } else {
            appendServices(text.append(view.title()), parsed, view);
        }
        out.print(text);
    }

    private void appendServices(StringBuilder text, ParsedCommand parsed, TableView view)
            throws DirectorException, CommandException {
        boolean sorted = !parsed.has(Setting.NOSORT);
        ServiceTable table = new ServiceTable(view, addresses(parsed));
        for (VirtualService service : ServiceOrder.services(wanted(parsed), sorted)) {
            text.append(table.service(service));
            for (RealServer server : ServiceOrder.servers(service, sorted)) {
                text.append(table.server(service, server));
            }
        }
    }

    private void appendStatistics(StringBuilder text, ParsedCommand parsed, TableView view)
            throws DirectorException, CommandException {
        boolean sorted = !parsed.has(Setting.NOSORT);
        boolean one = parsed.has(Setting.SERVICE);
        ListStatisticsResponse reply =
                director.call(
                        "ListStatistics",
                        ListStatisticsRequest.newBuilder()
                                .setName(one ? ResourceNames.of(parsed.service()) : "")
                                .build(),
                        ListStatisticsResponse.parser());
        StatisticsTable table =
                new StatisticsTable(view, addresses(parsed), parsed.has(Setting.EXACT));
        for (ServiceStatistics service : ServiceOrder.statistics(reply.getServicesList(), sorted)) {
            text.append(table.service(service));
            for (RealServerStatistics server : ServiceOrder.servers(service, sorted)) {
                text.append(table.server(service, server));
            }
        }
    }

    /** The service of the command line, or all. */
    private List<VirtualService> wanted(ParsedCommand parsed)
            throws DirectorException, CommandException {
        if (!parsed.has(Setting.SERVICE)) {
            return services();
        }
        return List.of(
                director.call(
                        "GetVirtualService",
                        GetVirtualServiceRequest.newBuilder()
                                .setName(ResourceNames.of(parsed.service()))
                                .build(),
                        VirtualService.parser()));
    }

    private List<VirtualService> services() throws DirectorException, CommandException {
        List<VirtualService> services = new ArrayList<>();
        String page = "";
        do {
            ListVirtualServicesResponse reply =
                    director.call(
                            "ListVirtualServices",
                            ListVirtualServicesRequest.newBuilder().setPageToken(page).build(),
                            ListVirtualServicesResponse.parser());
            services.addAll(reply.getVirtualServicesList());
            page = reply.getNextPageToken();
        } while (!page.isEmpty());
        return services;
    }

    private void listTimeouts() throws DirectorException, CommandException {
        Timeouts timeouts =
                director.call(
                        "GetTimeouts", GetTimeoutsRequest.getDefaultInstance(), Timeouts.parser());
        out.print(
                "Timeout (tcp tcpfin udp): "
                        + timeouts.getTcpSeconds()
                        + " "
                        + timeouts.getTcpFinSeconds()
                        + " "
                        + timeouts.getUdpSeconds()
                        + "\n");
    }

    private void listConnections(ParsedCommand parsed) throws DirectorException, CommandException {
        out.print(ConnectionList.title(parsed.has(Setting.PERSISTENT_CONN)));
        ConnectionList list = new ConnectionList(addresses(parsed));
        forEachConnection(connection -> out.print(list.connection(connection)));
    }

    private void forEachConnection(Consumer<Connection> action)
            throws DirectorException, CommandException {
        String page = "";
        do {
            ListConnectionsResponse reply =
                    director.call(
                            "ListConnections",
                            ListConnectionsRequest.newBuilder().setPageToken(page).build(),
                            ListConnectionsResponse.parser());
            for (Connection connection : reply.getConnectionsList()) {
                action.accept(connection);
            }
            page = reply.getNextPageToken();
        } while (!page.isEmpty());
    }

    /** -S: the rules that make all services. */
    void save(ParsedCommand parsed) throws DirectorException, CommandException {
        ServiceRules rules = new ServiceRules(addresses(parsed));
        StringBuilder text = new StringBuilder(4096);
        for (VirtualService service : ServiceOrder.services(services(), true)) {
            text.append(rules.service(service));
            for (RealServer server : ServiceOrder.servers(service, true)) {
                text.append(rules.server(service, server));
            }
            for (String address : service.getLocalAddressesList()) {
                text.append(rules.localAddress(service, address));
            }
        }
        out.print(text);
    }

    /** -G: local addresses of one service or of all. */
    void localAddresses(ParsedCommand parsed) throws DirectorException, CommandException {
        LocalAddressTable table = new LocalAddressTable(addresses(parsed));
        List<VirtualService> services = ServiceOrder.services(wanted(parsed), true);
        forEachConnection(table::count);
        out.print(LocalAddressTable.title());
        for (VirtualService service : services) {
            out.print(table.service(service));
        }
    }
}
