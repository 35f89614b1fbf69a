package io.jvs.cli.listing;

import io.jvs.proto.v1.LocalPortUse;
import java.util.ArrayList;
import java.util.List;

/** How the ports of local addresses stand, a line for each real server. */
public final class LocalPortTable {
    private static final List<String> TITLES =
            List.of(
                    "LOCAL ADDRESS",
                    "PROT",
                    "REAL SERVER",
                    "USED",
                    "WAITING",
                    "FREE",
                    "OF",
                    "FULL",
                    "EXHAUSTED");

    /** Columns from here on are numbers and stand at the right. */
    private static final int FIRST_NUMBER = 3;

    private LocalPortTable() {}

    /** A table under titles, as wide as it must be. */
    public static String text(List<LocalPortUse> uses) {
        List<List<String>> table = new ArrayList<>(List.of(TITLES));
        uses.forEach(use -> table.add(cells(use)));
        int[] widths = new int[TITLES.size()];
        for (List<String> line : table) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        table.forEach(line -> text.append(line(line, widths)));
        return text.toString();
    }

    private static String line(List<String> cells, int[] widths) {
        Row row = new Row();
        for (int i = 0; i < widths.length; i++) {
            row.add(i == 0 ? "" : "  ");
            if (i < FIRST_NUMBER) {
                row.left(cells.get(i), widths[i]);
            } else {
                row.right(cells.get(i), widths[i]);
            }
        }
        return row.end();
    }

    private static List<String> cells(LocalPortUse use) {
        int used = use.getUsed() - use.getWaiting();
        return List.of(
                use.getLocalAddress(),
                protocol(use),
                new AddressText(null).format(use.getRealAddress(), use.getRealPort(), ""),
                Integer.toString(used),
                Integer.toString(use.getWaiting()),
                Integer.toString(free(use)),
                Integer.toString(use.getCapacity()),
                share(use),
                Long.toUnsignedString(use.getExhausted()));
    }

    private static int free(LocalPortUse use) {
        return use.getCapacity() - use.getUsed();
    }

    /** Rounded down, so that only what is full says so. */
    private static String share(LocalPortUse use) {
        long tenths = use.getCapacity() == 0 ? 0 : 1000L * use.getUsed() / use.getCapacity();
        return tenths / 10 + "." + tenths % 10 + "%";
    }

    private static String protocol(LocalPortUse use) {
        return switch (use.getProtocol()) {
            case 0 -> "any";
            case 6 -> "tcp";
            case 17 -> "udp";
            case 132 -> "sctp";
            default -> Integer.toString(use.getProtocol());
        };
    }

    /** The same as a JSON array, by the names of the API; "used" counts the waiting ones, too. */
    public static String json(List<LocalPortUse> uses) {
        StringBuilder text = new StringBuilder("[");
        for (LocalPortUse use : uses) {
            text.append(text.length() == 1 ? "\n" : ",\n");
            text.append("  {\"localAddress\": \"").append(use.getLocalAddress());
            text.append("\", \"protocol\": ").append(use.getProtocol());
            text.append(", \"realAddress\": \"").append(use.getRealAddress());
            text.append("\", \"realPort\": ").append(use.getRealPort());
            text.append(", \"used\": ").append(use.getUsed());
            text.append(", \"waiting\": ").append(use.getWaiting());
            text.append(", \"free\": ").append(free(use));
            text.append(", \"capacity\": ").append(use.getCapacity());
            text.append(", \"exhausted\": ").append(Long.toUnsignedString(use.getExhausted()));
            text.append("}");
        }
        return text.append(uses.isEmpty() ? "]\n" : "\n]\n").toString();
    }
}
