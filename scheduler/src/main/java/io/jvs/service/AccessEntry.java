package io.jvs.service;

/**
 * One line of an access list.
 *
 * @param prefix the clients that it is about
 * @param allowed whether they may open connections
 */
public record AccessEntry(AddressPrefix prefix, boolean allowed) {
    /**
     * Reads {@code allow PREFIX}, {@code deny PREFIX} or {@code PREFIX}, which is denied; an
     * address alone is a prefix of its whole length.
     *
     * @throws IllegalArgumentException with one sentence that names the text
     */
    public static AccessEntry parse(String text) {
        String rest = text.strip();
        boolean allowed = rest.startsWith("allow ");
        if (allowed || rest.startsWith("deny ")) {
            rest = rest.substring(rest.indexOf(' ')).strip();
        }
        try {
            return new AccessEntry(AddressPrefix.parse(rest), allowed);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'"
                            + text.strip()
                            + "' is not an entry of an access list such as 'deny 10.0.0.0/8',"
                            + " 'allow 2001:db8::/32' or '192.0.2.1'",
                    e);
        }
    }

    @Override
    public String toString() {
        return (allowed ? "allow " : "deny ") + prefix;
    }
}
