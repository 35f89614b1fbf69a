package io.jvs.director;

import java.util.List;

/**
 * Operations that are done as one generation, or not at all.
 *
 * @param operations in order
 * @param validateOnly true: only say what would happen
 * @param allowRemovingMost true: more than half of all services may be removed by a {@link
 *     Operation.Replace}
 */
public record Transaction(
        List<Operation> operations, boolean validateOnly, boolean allowRemovingMost) {
    /** Copies its list. */
    public Transaction {
        operations = List.copyOf(operations);
    }

    /** One operation that is a transaction by itself. */
    public static Transaction of(Operation operation) {
        return new Transaction(List.of(operation), false, false);
    }
}
