package io.jvs.director;

import io.jvs.service.ServiceKey;
import java.util.Map;

/**
 * What is in force on all workers; immutable, published by the director's thread.
 *
 * @param rules the desired state that is in force
 * @param services in the order in which they were made
 * @param generation the generation that all workers have applied (it also counts health changes)
 */
public record DirectorView(Rules rules, Map<ServiceKey, ServiceView> services, long generation) {}
