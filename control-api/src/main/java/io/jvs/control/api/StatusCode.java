package io.jvs.control.api;

import io.jvs.director.RefusedException.Reason;

/** google.rpc.Code numbers of refusals. */
public final class StatusCode {
    /** The method is not known. */
    public static final int UNIMPLEMENTED = 12;

    private StatusCode() {}

    /** The code of a reason. */
    public static int of(Reason reason) {
        return switch (reason) {
            case INVALID -> 3;
            case NOT_FOUND -> 5;
            case ALREADY_EXISTS -> 6;
            case PRECONDITION -> 9;
            case INTERNAL -> 13;
            case UNAVAILABLE -> 14;
        };
    }
}
