package io.jvs.director;

import io.jvs.service.AccessEntry;
import io.jvs.service.Address;
import io.jvs.service.AddressPrefix;
import io.jvs.service.MarkRule;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceKey;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One step of a transaction on the desired state; the steps are ipvsadm's commands. */
public sealed interface Operation {

    /** ipvsadm -A, with the servers and local addresses that the rule has. */
    record AddService(ServiceRule rule) implements Operation {}

    /** ipvsadm -E. */
    record EditService(ServiceKey key, UnaryOperator<ServiceRule> edit) implements Operation {}

    /** ipvsadm -D. */
    record RemoveService(ServiceKey key) implements Operation {}

    /** ipvsadm -a. */
    record AddServer(ServiceKey key, RealServer server) implements Operation {}

    /** ipvsadm -e. */
    record EditServer(ServiceKey key, Address address, int port, UnaryOperator<RealServer> edit)
            implements Operation {}

    /** ipvsadm -d. */
    record RemoveServer(ServiceKey key, Address address, int port) implements Operation {}

    /** ipvsadm -P -z (DPVS). */
    record AddLocalAddress(ServiceKey key, Address address) implements Operation {}

    /** ipvsadm -Q -z (DPVS). */
    record RemoveLocalAddress(ServiceKey key, Address address) implements Operation {}

    /** Changes a service's access list: what goes first, then what comes. */
    record ChangeAccess(
            ServiceKey key, boolean replace, List<AddressPrefix> gone, List<AccessEntry> added)
            implements Operation {
        /** Copies its lists. */
        public ChangeAccess {
            gone = List.copyOf(gone);
            added = List.copyOf(added);
        }
    }

    /** ipvsadm --set; 0 keeps a timeout. */
    record SetTimeouts(TimeoutsSpec timeouts) implements Operation {}

    /**
     * The rules that give packets a mark, all of them.
     *
     * @param marks in order
     * @param expected the rules that there must be before, or null
     */
    record SetMarkRules(List<MarkRule> marks, @Nullable List<MarkRule> expected)
            implements Operation {
        /** Copies its lists. */
        public SetMarkRules {
            marks = List.copyOf(marks);
            expected = expected == null ? null : List.copyOf(expected);
        }

        /** Whatever the rules were before. */
        public SetMarkRules(List<MarkRule> marks) {
            this(marks, null);
        }
    }

    /** sysctl net.ipv4.vs.NAME=VALUE, several at once; names with or without net.ipv4.vs. */
    record SetSysctls(Map<String, String> values) implements Operation {
        /** Copies its map. */
        public SetSysctls {
            values = Map.copyOf(values);
        }
    }

    /** ipvsadm -C. */
    record Flush() implements Operation {}

    /**
     * The whole desired state at once; timeouts of 0 and settings without a name stay as they are.
     */
    record Replace(
            List<ServiceRule> rules,
            TimeoutsSpec timeouts,
            List<MarkRule> marks,
            Map<String, String> sysctls)
            implements Operation {
        /** Copies its collections. */
        public Replace {
            rules = List.copyOf(rules);
            marks = List.copyOf(marks);
            sysctls = Map.copyOf(sysctls);
        }

        /** A state without mark rules, with the settings as they are. */
        public Replace(List<ServiceRule> rules, TimeoutsSpec timeouts) {
            this(rules, timeouts, List.of(), Map.of());
        }
    }

    /** ipvsadm -Z; null for all services. */
    record ZeroStatistics(@Nullable ServiceKey key) implements Operation {}
}
