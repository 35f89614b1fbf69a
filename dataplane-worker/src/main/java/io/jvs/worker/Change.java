package io.jvs.worker;

import io.jvs.service.Address;
import io.jvs.service.MarkRule;
import io.jvs.service.RealServer;
import io.jvs.service.Sysctls;
import io.jvs.service.VirtualService;
import java.util.List;

/**
 * One step of a generation, with the dense numbers that the director gave. Steps of a generation
 * are applied in order, within one cycle of a worker. The director has validated them.
 */
public sealed interface Change {

    /**
     * A new service, without servers (its {@link VirtualService#servers} are not looked at).
     *
     * @param serviceIndex dense number of the service
     * @param spec its configuration
     */
    record AddService(int serviceIndex, VirtualService spec) implements Change {}

    /**
     * Scheduler, flags, persistence or one-packet of a service changed (servers not looked at).
     *
     * @param serviceIndex dense number of the service
     * @param spec its configuration
     */
    record EditService(int serviceIndex, VirtualService spec) implements Change {}

    /**
     * A service goes, with all its servers; connections stay until they expire.
     *
     * @param serviceIndex dense number of the service
     */
    record RemoveService(int serviceIndex) implements Change {}

    /**
     * A real server comes to the head of the service's list. An index that was removed before and
     * still has connections goes on with them (ip_vs_trash_get_dest).
     *
     * @param serviceIndex dense number of the service
     * @param serverIndex dense number of the server, unique over all services
     * @param spec its configuration
     */
    record AddServer(int serviceIndex, int serverIndex, RealServer spec) implements Change {}

    /**
     * Weight, method or thresholds of a real server changed.
     *
     * @param serviceIndex dense number of the service
     * @param serverIndex dense number of the server
     * @param spec its configuration
     */
    record EditServer(int serviceIndex, int serverIndex, RealServer spec) implements Change {}

    /**
     * A real server goes; its connections stay until they expire, their packets are dropped.
     *
     * @param serviceIndex dense number of the service
     * @param serverIndex dense number of the server
     */
    record RemoveServer(int serviceIndex, int serverIndex) implements Change {}

    /**
     * The local addresses of a service.
     *
     * @param serviceIndex dense number of the service
     * @param addresses all of them, in order
     */
    record SetLocalAddresses(int serviceIndex, List<Address> addresses) implements Change {
        /** Copies its list. */
        public SetLocalAddresses {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * The timeouts of ipvsadm --set, in seconds.
     *
     * @param tcp established TCP
     * @param tcpFin FIN_WAIT
     * @param udp UDP
     */
    record SetTimeouts(int tcp, int tcpFin, int udp) implements Change {}

    /**
     * The settings that IPVS has as sysctls, all of them.
     *
     * @param sysctls their values
     */
    record SetSysctls(Sysctls sysctls) implements Change {}

    /**
     * The rules that give packets a mark, all of them.
     *
     * @param rules in order; the last one that fits wins
     */
    record SetMarkRules(List<MarkRule> rules) implements Change {
        /** Copies its list. */
        public SetMarkRules {
            rules = List.copyOf(rules);
        }
    }
}
