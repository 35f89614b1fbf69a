package io.jvs.control.config;

/** A configuration that cannot be used; the message names the place and what is accepted there. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the sentence. */
    public ConfigException(String message) {
        super(message);
    }

    /** At a place, for example {@code ports[0].mtu}. */
    ConfigException(String place, String message) {
        super(place.isEmpty() ? message : place + ": " + message);
    }
}
