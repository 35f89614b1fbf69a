package io.jvs.bench;

import java.util.HashMap;
import java.util.Map;

/**
 * KEY=VALUE arguments.
 *
 * @param values by key
 */
record Options(Map<String, String> values) {

    static Options parse(String[] args) {
        Map<String, String> values = new HashMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + arg + "' is not of the form KEY=VALUE");
            }
            values.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        return new Options(Map.copyOf(values));
    }

    int number(String key, int otherwise) {
        String text = values.get(key);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + "=" + text + " is not a whole number", e);
        }
    }

    String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }
}
