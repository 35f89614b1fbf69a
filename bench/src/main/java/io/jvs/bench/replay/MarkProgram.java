package io.jvs.bench.replay;

import io.jvs.bench.replay.Shell.Result;
import io.jvs.cli.CommandException;
import io.jvs.cli.DirectorClient;
import io.jvs.cli.DirectorException;
import io.jvs.proto.v1.ListMarkRulesRequest;
import io.jvs.proto.v1.MarkRule;
import io.jvs.proto.v1.MarkRules;
import io.jvs.proto.v1.Protocol;
import io.jvs.proto.v1.SetMarkRulesRequest;
import java.util.List;

/** iptables -t mangle ... -j MARK as the recordings use it: the rule becomes one of JVS's own. */
final class MarkProgram {
    private static final int BAD_ARGUMENT = 2;

    private final DirectorClient director;

    MarkProgram(DirectorClient director) {
        this.director = director;
    }

    /** Runs a command line of iptables or ip6tables. */
    Result run(List<String> words) {
        boolean ipv6 = words.getFirst().equals("ip6tables");
        MarkRule.Builder rule = MarkRule.newBuilder().setDestination(ipv6 ? "::/0" : "0.0.0.0/0");
        for (int i = 1; i + 1 < words.size(); i += 2) {
            String value = words.get(i + 1);
            switch (words.get(i)) {
                case "-d", "--destination" -> rule.setDestination(value);
                case "-s", "--source" -> rule.setSource(value);
                case "-p", "--protocol" -> rule.setProtocol(protocol(value));
                case "--dport", "--destination-port" -> rule.setDestinationPorts(value);
                case "--sport", "--source-port" -> rule.setSourcePorts(value);
                case "--set-mark" -> rule.setMark((int) Long.decode(value).longValue());
                case "-t", "-A", "-j", "-m" -> {
                    // the table, the chain and the target are always the same
                }
                default -> {
                    return new Result(
                            BAD_ARGUMENT,
                            "",
                            "iptables: unknown option \"" + words.get(i) + "\"\n");
                }
            }
        }
        return add(rule.build());
    }

    private static Protocol protocol(String name) {
        return switch (name) {
            case "tcp" -> Protocol.PROTOCOL_TCP;
            case "udp" -> Protocol.PROTOCOL_UDP;
            case "sctp" -> Protocol.PROTOCOL_SCTP;
            default -> Protocol.PROTOCOL_UNSPECIFIED;
        };
    }

    private Result add(MarkRule rule) {
        try {
            MarkRules now =
                    director.call(
                            "ListMarkRules",
                            ListMarkRulesRequest.getDefaultInstance(),
                            MarkRules.parser());
            director.call(
                    "SetMarkRules",
                    SetMarkRulesRequest.newBuilder()
                            .addAllMarkRules(now.getMarkRulesList())
                            .addMarkRules(rule)
                            .build(),
                    MarkRules.parser());
            return Result.OK;
        } catch (CommandException | DirectorException e) {
            return new Result(1, "", e.getMessage() + "\n");
        }
    }
}
