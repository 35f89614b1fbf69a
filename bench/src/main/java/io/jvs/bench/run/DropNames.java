package io.jvs.bench.run;

import io.jvs.packet.Verdict;
import java.lang.reflect.Field;

/** The names of verdicts, as {@link Verdict} has them. */
final class DropNames {
    private DropNames() {}

    /** The name of a code's constant, or the code where it has none. */
    static String of(int code) {
        try {
            for (Field field : Verdict.class.getFields()) {
                if (field.getType() == byte.class && field.getByte(null) == code) {
                    return field.getName();
                }
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        return "DROP_" + code;
    }
}
