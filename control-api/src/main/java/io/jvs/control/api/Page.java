package io.jvs.control.api;

import io.jvs.director.RefusedException;
import io.jvs.director.RefusedException.Reason;

/**
 * A page of a list (AIP-158); its token is where it starts.
 *
 * @param from first index
 * @param to after the last index
 */
record Page(int from, int to) {
    private static final int DEFAULT_SIZE = 1000;
    private static final int MAX_SIZE = 10_000;

    static Page of(int size, String token, int available) throws RefusedException {
        return of(size, token, available, MAX_SIZE);
    }

    static Page of(int size, String token, int available, int most) throws RefusedException {
        int from = 0;
        try {
            from = token.isEmpty() ? 0 : Integer.parseInt(token);
        } catch (NumberFormatException e) {
            from = -1;
        }
        if (from < 0 || size < 0) {
            throw new RefusedException(
                    Reason.INVALID, "page_size must be 0 or more and page_token from a list");
        }
        int start = Math.min(from, available);
        int count = Math.min(size == 0 ? DEFAULT_SIZE : size, most);
        return new Page(start, Math.min(available, start + count));
    }

    /** The token of the page after this, empty after the last. */
    String next(int available) {
        return to < available ? Integer.toString(to) : "";
    }
}
