package io.jvs.worker;

/** The settings that IPVS has as sysctls, on one worker; changed by control commands. */
final class WorkerSettings {
    /** expire_quiescent_template: a template of a server with weight 0 is no longer used. */
    boolean expireQuiescentTemplate;
}
