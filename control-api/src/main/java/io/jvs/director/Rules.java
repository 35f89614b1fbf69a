package io.jvs.director;

import io.jvs.service.MarkRule;
import io.jvs.service.ServiceKey;
import io.jvs.service.Sysctls;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The desired state; immutable.
 *
 * @param generation number of the change that made it
 * @param services in the order in which they were made
 * @param timeouts the timeouts
 * @param marks the rules that give packets a mark, in order
 * @param sysctls the settings of net.ipv4.vs
 * @param origin SHA-256 (hex) of the configuration file's rules that it began with, empty for none
 */
public record Rules(
        long generation,
        Map<ServiceKey, ServiceRule> services,
        TimeoutsSpec timeouts,
        List<MarkRule> marks,
        Sysctls sysctls,
        String origin) {
    /** No services, default timeouts and settings, generation 0. */
    public static final Rules EMPTY =
            new Rules(0, Map.of(), TimeoutsSpec.DEFAULT, List.of(), Sysctls.INITIAL, "");

    /** Keeps {@code services} as an unmodifiable view; the caller must not change it any more. */
    public Rules {
        services = Collections.unmodifiableMap(services);
        marks = List.copyOf(marks);
    }

    /** Rules from a list of services with distinct keys. */
    public static Rules of(
            long generation, Collection<ServiceRule> services, TimeoutsSpec timeouts) {
        Map<ServiceKey, ServiceRule> map = new LinkedHashMap<>();
        services.forEach(rule -> map.put(rule.key(), rule));
        return new Rules(generation, map, timeouts, List.of(), Sysctls.INITIAL, "");
    }

    /** The same rules as another generation. */
    public Rules withGeneration(long newGeneration) {
        return new Rules(newGeneration, services, timeouts, marks, sysctls, origin);
    }

    /** The same rules with another origin. */
    public Rules withOrigin(String newOrigin) {
        return new Rules(generation, services, timeouts, marks, sysctls, newOrigin);
    }

    /** The same rules with other mark rules. */
    public Rules withMarks(List<MarkRule> newMarks) {
        return new Rules(generation, services, timeouts, newMarks, sysctls, origin);
    }

    /** The same rules with other settings. */
    public Rules withSysctls(Sysctls newSysctls) {
        return new Rules(generation, services, timeouts, marks, newSysctls, origin);
    }

    /** Whether services (in their order), timeouts, mark rules and settings are the same. */
    @SuppressWarnings("ReferenceEquality") // the same object is equal; spares a deep look
    public boolean sameAs(Rules other) {
        if (!timeouts.equals(other.timeouts)
                || !marks.equals(other.marks)
                || !sysctls.equals(other.sysctls)
                || services.size() != other.services.size()) {
            return false;
        }
        Iterator<ServiceRule> theirs = other.services.values().iterator();
        for (ServiceRule mine : services.values()) {
            ServiceRule their = theirs.next();
            if (mine != their && !mine.equals(their)) {
                return false;
            }
        }
        return true;
    }
}
