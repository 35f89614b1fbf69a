package io.jvs.cli.option;

import io.jvs.cli.CommandException;

/** Numbers as strtol(3) and atoi(3) read them. */
final class Numbers {
    private Numbers() {}

    /** A decimal number in min..max that takes all of the text, or -1. */
    static long parse(String text, long min, long max) {
        int at = start(text);
        int first = at;
        boolean negative = isNegative(text, at);
        long value = 0;
        for (; at < text.length(); at++) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            value = value * 10 + digit;
        }
        long number = negative ? -value : value;
        return at > first && number >= min && number <= max ? number : -1;
    }

    /** The decimal number that the text begins with, 0 when there is none; at most 9 digits. */
    static int leading(String text) {
        int at = start(text);
        boolean negative = isNegative(text, at);
        int value = 0;
        for (; at < text.length() && value < 100_000_000; at++) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    /** A number of seconds in min..31 days. */
    static int timeout(String text, int min) throws CommandException {
        long seconds = parse(text, min, 31 * 86_400);
        if (seconds < 0) {
            throw CommandException.argument("invalid timeout value `" + text + "' specified");
        }
        return (int) seconds;
    }

    /** A number in min..max, or the message. */
    static int inRange(String text, int min, int max, String message) throws CommandException {
        long number = parse(text, min, max);
        if (number < 0) {
            throw CommandException.argument(message);
        }
        return (int) number;
    }

    private static int start(String text) {
        int at = 0;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        boolean sign = at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+');
        return sign ? at + 1 : at;
    }

    private static boolean isNegative(String text, int start) {
        return start > 0 && text.charAt(start - 1) == '-';
    }
}
