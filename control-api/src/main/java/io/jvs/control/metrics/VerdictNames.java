package io.jvs.control.metrics;

import io.jvs.packet.Verdict;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The verdicts by code, named after their constants in lower case; a drop without "drop_". */
final class VerdictNames {
    private static final String DROP = "drop_";

    private VerdictNames() {}

    /** All verdicts that a packet can end with. */
    static SortedMap<Integer, String> all() {
        SortedMap<Integer, String> names = new TreeMap<>();
        for (Field field : Verdict.class.getFields()) {
            if (field.getType() == byte.class && Modifier.isStatic(field.getModifiers())) {
                String name = field.getName().toLowerCase(Locale.ROOT);
                int code = code(field);
                if (code != Verdict.NONE && !name.startsWith("first_")) {
                    names.put(code, name.startsWith(DROP) ? name.substring(DROP.length()) : name);
                }
            }
        }
        return names;
    }

    private static int code(Field field) {
        try {
            return field.getByte(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a public constant cannot be read", e);
        }
    }
}
