package io.jvs.worker;

/** A port does not take a flow rule; the message is one sentence that says why. */
final class FlowRuleException extends Exception {
    private static final long serialVersionUID = 1L;

    FlowRuleException(String message) {
        super(message);
    }
}
