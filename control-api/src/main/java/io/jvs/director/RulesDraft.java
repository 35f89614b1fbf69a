package io.jvs.director;

import io.jvs.director.RefusedException.Reason;
import io.jvs.service.AccessList;
import io.jvs.service.Address;
import io.jvs.service.AddressPrefix;
import io.jvs.service.ForwardingMethod;
import io.jvs.service.MarkRule;
import io.jvs.service.RealServer;
import io.jvs.service.ServiceGuard;
import io.jvs.service.ServiceKey;
import io.jvs.service.Sysctls;
import io.jvs.service.Tunnel;
import io.jvs.service.VirtualService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The desired state while a transaction is tried on it: a copy, thrown away when a step is refused.
 */
final class RulesDraft {
    private final RuleChecks checks;
    private final Rules from;
    private final Map<ServiceKey, ServiceRule> services;
    private final List<Operation.ZeroStatistics> zeroed = new ArrayList<>();
    private TimeoutsSpec timeouts;
    private List<MarkRule> marks;
    private Sysctls sysctls;

    RulesDraft(Rules from, RuleChecks checks) {
        this.from = from;
        this.checks = checks;
        this.services = new LinkedHashMap<>(from.services());
        this.timeouts = from.timeouts();
        this.marks = from.marks();
        this.sysctls = from.sysctls();
    }

    /** Does one step; after a refusal the draft must be thrown away. */
    void apply(Operation operation) throws RefusedException {
        switch (operation) {
            case Operation.AddService add -> addService(add.rule());
            case Operation.EditService edit -> editService(edit);
            case Operation.RemoveService remove -> removeService(remove.key());
            case Operation.AddServer add -> addServer(add);
            case Operation.EditServer edit -> editServer(edit);
            case Operation.RemoveServer remove -> removeServer(remove);
            case Operation.AddLocalAddress add -> addLocalAddress(add.key(), add.address());
            case Operation.RemoveLocalAddress remove ->
                    removeLocalAddress(remove.key(), remove.address());
            case Operation.ChangeAccess change -> changeAccess(change);
            case Operation.SetTimeouts set -> setTimeouts(set.timeouts());
            case Operation.SetMarkRules set -> setMarks(set);
            case Operation.SetSysctls set -> setSysctls(set.values());
            case Operation.Flush _ -> services.clear();
            case Operation.Replace replace -> replace(replace);
            case Operation.ZeroStatistics zero -> zero(zero);
        }
    }

    /** Checks what only holds of all steps together. */
    @SuppressWarnings("ReferenceEquality") // an unchanged rule is the same object
    void check() throws RefusedException {
        for (ServiceRule rule : services.values()) {
            if (from.services().get(rule.key()) != rule) {
                RuleChecks.families(rule);
                QuicChecks.servers(rule.service());
                RuleChecks.synProxy(rule);
            }
        }
    }

    /** The drafted state. */
    Rules rules(long generation) {
        return new Rules(generation, services, timeouts, marks, sysctls, from.origin());
    }

    /** What is to be zeroed afterwards. */
    List<Operation.ZeroStatistics> zeroed() {
        return zeroed;
    }

    /** How many services of the state before are gone. */
    int removedServices() {
        int removed = 0;
        for (ServiceKey key : from.services().keySet()) {
            removed += services.containsKey(key) ? 0 : 1;
        }
        return removed;
    }

    private static RefusedException notFound(String message) {
        return new RefusedException(Reason.NOT_FOUND, message);
    }

    private ServiceRule find(ServiceKey key, String words) throws RefusedException {
        ServiceRule rule = services.get(key);
        if (rule == null) {
            throw notFound(words);
        }
        return rule;
    }

    private void addService(ServiceRule given) throws RefusedException {
        if (services.containsKey(given.key())) {
            throw new RefusedException(Reason.ALREADY_EXISTS, "Service already exists");
        }
        RuleChecks.families(given);
        QuicChecks.servers(given.service());
        RuleChecks.synProxy(given);
        services.put(given.key(), checks.service(given));
    }

    private void editService(Operation.EditService edit) throws RefusedException {
        ServiceRule old = find(edit.key(), "No such service");
        services.put(edit.key(), checks.service(edit.edit().apply(old)));
    }

    private void removeService(ServiceKey key) throws RefusedException {
        find(key, "No such service");
        services.remove(key);
    }

    private static int indexOf(VirtualService service, Address address, int port) {
        for (int i = 0; i < service.servers().size(); i++) {
            RealServer server = service.servers().get(i);
            if (server.port() == port && server.address().equals(address)) {
                return i;
            }
        }
        return -1;
    }

    private void addServer(Operation.AddServer add) throws RefusedException {
        ServiceRule rule = find(add.key(), "Service not defined");
        RealServer server = checks.server(add.key(), add.server());
        if (indexOf(rule.service(), server.address(), server.port()) >= 0) {
            throw new RefusedException(Reason.ALREADY_EXISTS, "Destination already exists");
        }
        List<RealServer> servers = new ArrayList<>(rule.service().servers().size() + 1);
        servers.add(server);
        servers.addAll(rule.service().servers());
        services.put(add.key(), rule.withServers(servers));
    }

    private void editServer(Operation.EditServer edit) throws RefusedException {
        ServiceRule rule = find(edit.key(), "Service not defined");
        int index = indexOf(rule.service(), edit.address(), edit.port());
        if (index < 0) {
            RuleChecks.ranges(edit.edit().apply(unknown(edit)));
            throw notFound("No such destination");
        }
        List<RealServer> servers = new ArrayList<>(rule.service().servers());
        RealServer old = servers.get(index);
        RealServer edited = checks.server(edit.key(), edit.edit().apply(old));
        if (!edited.sameEndpoint(old)) {
            // A method that keeps the port cannot be given to a server on another one.
            throw notFound("No such destination");
        }
        servers.set(index, edited);
        services.put(edit.key(), rule.withServers(servers));
    }

    /** What is wrong with an edit is said before it is said that there is nothing to edit. */
    private static RealServer unknown(Operation.EditServer edit) {
        return new RealServer(
                edit.address(), edit.port(), ForwardingMethod.DIRECT_ROUTE, 1, 0, 0, Tunnel.IPIP);
    }

    private static int destination(ServiceRule rule, Address address, int port)
            throws RefusedException {
        int index = indexOf(rule.service(), address, port);
        if (index < 0) {
            throw notFound("No such destination");
        }
        return index;
    }

    private void removeServer(Operation.RemoveServer remove) throws RefusedException {
        ServiceRule rule = find(remove.key(), "Service not defined");
        int index = destination(rule, remove.address(), remove.port());
        List<RealServer> servers = new ArrayList<>(rule.service().servers());
        servers.remove(index);
        services.put(remove.key(), rule.withServers(servers));
    }

    private void addLocalAddress(ServiceKey key, Address address) throws RefusedException {
        ServiceRule rule = find(key, "Service not defined");
        checks.localAddress(address);
        if (rule.service().localAddresses().contains(address)) {
            throw new RefusedException(Reason.ALREADY_EXISTS, "Local address already exists");
        }
        List<Address> locals = new ArrayList<>(rule.service().localAddresses());
        locals.add(address);
        services.put(key, rule.withService(rule.service().withLocalAddresses(locals)));
    }

    private void removeLocalAddress(ServiceKey key, Address address) throws RefusedException {
        ServiceRule rule = find(key, "Service not defined");
        List<Address> locals = new ArrayList<>(rule.service().localAddresses());
        if (!locals.remove(address)) {
            throw notFound("No such local address");
        }
        services.put(key, rule.withService(rule.service().withLocalAddresses(locals)));
    }

    private void changeAccess(Operation.ChangeAccess change) throws RefusedException {
        ServiceRule rule = find(change.key(), "No such service");
        ServiceGuard guard = rule.service().guard();
        AccessList list = change.replace() ? AccessList.EMPTY : guard.access();
        for (AddressPrefix prefix : change.gone()) {
            if (!list.has(prefix)) {
                throw notFound("No such entry: " + prefix);
            }
        }
        AccessList changed = list.without(change.gone()).with(change.added());
        VirtualService service = rule.service().withGuard(guard.withAccess(changed));
        RuleChecks.access(service);
        services.put(change.key(), rule.withService(service));
    }

    private void setTimeouts(TimeoutsSpec given) throws RefusedException {
        checks.timeouts(given);
        timeouts = timeouts.with(given);
    }

    private void setMarks(Operation.SetMarkRules set) throws RefusedException {
        if (set.expected() != null && !set.expected().equals(marks)) {
            throw new RefusedException(
                    Reason.PRECONDITION, "the mark rules were changed by another client meanwhile");
        }
        marks = set.marks();
    }

    private void setSysctls(Map<String, String> values) throws RefusedException {
        try {
            sysctls = sysctls.with(values);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(Reason.INVALID, String.valueOf(e.getMessage()));
        }
    }

    private void replace(Operation.Replace replace) throws RefusedException {
        services.clear();
        for (ServiceRule given : replace.rules()) {
            addService(given);
            keepIdentity(from.services().get(given.key()), given.key());
        }
        setTimeouts(replace.timeouts());
        marks = replace.marks();
        setSysctls(replace.sysctls());
    }

    /** An unchanged rule keeps its object, so that the diff need not look into it. */
    private void keepIdentity(@Nullable ServiceRule old, ServiceKey key) {
        if (old != null && old.equals(services.get(key))) {
            services.put(key, old);
        }
    }

    private void zero(Operation.ZeroStatistics zero) throws RefusedException {
        if (zero.key() != null) {
            find(zero.key(), "No such service");
        }
        zeroed.add(zero);
    }
}
