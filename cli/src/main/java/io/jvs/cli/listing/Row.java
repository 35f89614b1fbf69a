package io.jvs.cli.listing;

/** Builds a line of columns. */
final class Row {
    private final StringBuilder text = new StringBuilder(96);

    /** Text as it is. */
    Row add(String value) {
        text.append(value);
        return this;
    }

    /** Text, filled up to a width on the right. */
    Row left(String value, int width) {
        text.append(value);
        return spaces(width - value.length());
    }

    /** An unsigned number, filled up to a width on the right. */
    Row left(long value, int width) {
        return left(Long.toUnsignedString(value), width);
    }

    /** Text, filled up to a width on the right, and a space. */
    Row column(String value, int width) {
        return left(value, width).spaces(1);
    }

    /** An unsigned number, filled up to a width on the right, and a space. */
    Row column(long value, int width) {
        return left(value, width).spaces(1);
    }

    /** Text, filled up to a width on the left. */
    Row right(String value, int width) {
        spaces(width - value.length());
        text.append(value);
        return this;
    }

    private Row spaces(int count) {
        for (int i = 0; i < count; i++) {
            text.append(' ');
        }
        return this;
    }

    /** A counter in 9 columns or more: from 100 million on in K, M, G or T unless exact. */
    Row counter(long value, boolean exact) {
        String digits = Long.toUnsignedString(value);
        int length = digits.length();
        if (exact) {
            return right(digits, length <= 8 ? 9 : length + 1);
        }
        if (length <= 8) {
            return right(digits, 9);
        }
        if (length <= 9) {
            return scaled(digits, 3, 'K');
        }
        if (length <= 11) {
            return scaled(digits, 6, 'M');
        }
        return length <= 14 ? scaled(digits, 9, 'G') : scaled(digits, 12, 'T');
    }

    private Row scaled(String digits, int cut, char unit) {
        right(digits.substring(0, digits.length() - cut), 8);
        text.append(unit);
        return this;
    }

    /** The line with its newline. */
    String end() {
        return text.append('\n').toString();
    }
}
