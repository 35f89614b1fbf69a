package io.jvs.service;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values of all settings; immutable.
 *
 * @param changed the values of those that were changed
 */
public record Sysctls(Map<Sysctl, String> changed) {
    /** All as the kernel has them at first. */
    public static final Sysctls INITIAL = new Sysctls(Map.of());

    /** Copies its map. */
    public Sysctls {
        EnumMap<Sysctl, String> copy = new EnumMap<>(Sysctl.class);
        changed.forEach((sysctl, value) -> {
            if (!value.equals(sysctl.initial())) {
                copy.put(sysctl, value);
            }
        });
        changed = Collections.unmodifiableMap(copy);
    }

    /** A value as text. */
    public String text(Sysctl sysctl) {
        return changed.getOrDefault(sysctl, sysctl.initial());
    }

    /** The value of a setting that is a number. */
    public int number(Sysctl sysctl) {
        return Integer.parseInt(text(sysctl));
    }

    /** Whether a setting that is a number is not 0. */
    public boolean isOn(Sysctl sysctl) {
        return number(sysctl) != 0;
    }

    /** All values by the kernel's names, in the order of the names. */
    public Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        for (Sysctl sysctl : Sysctl.values()) {
            all.put(sysctl.key(), text(sysctl));
        }
        return all;
    }

    /** The changed values by the kernel's names. */
    public Map<String, String> changedByName() {
        Map<String, String> byName = new LinkedHashMap<>();
        changed.forEach((sysctl, value) -> byName.put(sysctl.key(), value));
        return byName;
    }

    /**
     * These values with others.
     *
     * @param given by name, with or without net.ipv4.vs.
     * @throws IllegalArgumentException with a sentence, when a name is not known or a value is not
     *     accepted
     */
    public Sysctls with(Map<String, String> given) {
        EnumMap<Sysctl, String> values = new EnumMap<>(Sysctl.class);
        values.putAll(changed);
        given.forEach((name, text) -> {
            Sysctl sysctl = Sysctl.find(name);
            if (sysctl == null) {
                throw new IllegalArgumentException(
                        "'"
                                + name
                                + "' is not a setting; they are the names below "
                                + Sysctl.PREFIX
                                + " such as conn_reuse_mode");
            }
            values.put(sysctl, sysctl.parse(text));
        });
        return new Sysctls(values);
    }
}
