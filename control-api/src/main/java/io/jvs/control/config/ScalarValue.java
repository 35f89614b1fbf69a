package io.jvs.control.config;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One value of a configuration file into what a message's field holds. */
final class ScalarValue {
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d{1,9})?)(ms|s|m|h)");

    private ScalarValue() {}

    static boolean isDuration(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && field.getMessageType().getFullName().equals("google.protobuf.Duration");
    }

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException with a sentence that names the text and what is accepted
     */
    static Object parse(FieldDescriptor field, String text) {
        return switch (field.getJavaType()) {
            case STRING -> text;
            case BOOLEAN -> bool(text);
            case INT -> number(text, field.getType(), 32).intValue();
            case LONG -> number(text, field.getType(), 64).longValue();
            case ENUM -> constant(field.getEnumType(), text);
            case MESSAGE -> duration(text);
            case DOUBLE -> Double.valueOf(text);
            case FLOAT -> Float.valueOf(text);
            case BYTE_STRING -> ByteString.copyFrom(HexFormat.of().parseHex(text));
        };
    }

    private static Boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is not true or false");
        };
    }

    private static BigDecimal number(String text, FieldDescriptor.Type type, int bits) {
        boolean unsigned =
                type == FieldDescriptor.Type.UINT32
                        || type == FieldDescriptor.Type.UINT64
                        || type == FieldDescriptor.Type.FIXED32
                        || type == FieldDescriptor.Type.FIXED64;
        BigDecimal two = BigDecimal.valueOf(2);
        BigDecimal max = two.pow(unsigned ? bits : bits - 1).subtract(BigDecimal.ONE);
        BigDecimal min = unsigned ? BigDecimal.ZERO : two.pow(bits - 1).negate();
        if (text.matches("-?\\d{1,20}")) {
            BigDecimal value = new BigDecimal(text);
            if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not a whole number from " + min + " to " + max);
    }

    private static EnumValueDescriptor constant(EnumDescriptor type, String text) {
        String prefix =
                type.getName().replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT) + "_";
        String wanted = text.toUpperCase(Locale.ROOT).replace('-', '_');
        EnumValueDescriptor found =
                type.findValueByName(wanted.startsWith(prefix) ? wanted : prefix + wanted);
        if (found != null) {
            return found;
        }
        StringBuilder known = new StringBuilder();
        for (EnumValueDescriptor value : type.getValues()) {
            if (value.getNumber() != 0) {
                known.append(known.isEmpty() ? "" : ", ")
                        .append(
                                value.getName()
                                        .substring(prefix.length())
                                        .toLowerCase(Locale.ROOT));
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not one of " + known);
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a duration such as 1s, 500ms or 2m");
        }
        long unitNanos =
                switch (matcher.group(2)) {
                    case "ms" -> 1_000_000L;
                    case "m" -> 60_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    default -> 1_000_000_000L;
                };
        BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unitNanos));
        if (nanos.precision() - nanos.scale() > 18) {
            throw new IllegalArgumentException("'" + text + "' is too long");
        }
        return Duration.newBuilder()
                .setSeconds(nanos.longValue() / 1_000_000_000L)
                .setNanos((int) (nanos.longValue() % 1_000_000_000L))
                .build();
    }
}
