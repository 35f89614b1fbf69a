package io.jvs.bench.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;

/**
 * Plays a scenario in the model and writes down what was seen, as a recording of a kernel has it.
 */
public final class KernelModel {
    /** What steps take, as in the replay: the same moments, so that the same timers have ended. */
    private static final int TRAFFIC_MILLIS = 4;

    private static final int COMMAND_MILLIS = 5;

    private final ModelRules rules = new ModelRules();
    private final ModelTraffic traffic = new ModelTraffic(rules);

    private KernelModel() {}

    /** The scenario with what was seen at each step. */
    public static JsonObject record(JsonObject scenario) {
        KernelModel model = new KernelModel();
        JsonArray steps = new JsonArray();
        for (JsonElement step : scenario.getAsJsonArray("steps")) {
            steps.add(model.step(step.getAsJsonArray()));
        }
        JsonObject recorded = new JsonObject();
        recorded.add("name", scenario.get("name"));
        recorded.add("steps", steps);
        return recorded;
    }

    private JsonObject step(JsonArray step) {
        JsonObject seen = new JsonObject();
        seen.add("step", step);
        switch (step.get(0).getAsString()) {
            case "cmd" -> command(step.get(1).getAsString(), seen);
            case "mark" -> rules.mark(false, step.get(2).getAsInt());
            case "sleep" -> traffic.pass(step.get(1).getAsLong() * 1000);
            case "conns" -> seen.add("conns", conns());
            default -> packet(step, seen);
        }
        return seen;
    }

    private void command(String line, JsonObject seen) {
        ModelRules.Outcome outcome = rules.run(line);
        traffic.onCommand();
        if (line.equals("cat /proc/uptime")) {
            seen.addProperty("out", traffic.nowMillis() / 1000.0 + " 0");
            return;
        }
        seen.addProperty("rc", outcome.code());
        seen.addProperty("err", outcome.error());
        traffic.pass(COMMAND_MILLIS);
    }

    private JsonArray conns() {
        JsonArray all = new JsonArray();
        for (ModelConnection c : traffic.connections()) {
            JsonArray row = new JsonArray();
            row.add(c.protocol);
            row.add(c.client.withPort(c.clientPort));
            row.add(c.virtual.withPort(c.virtualPort));
            row.add(c.server.address.withPort(c.realPort));
            row.add(c.state);
            row.add((c.endMillis - traffic.nowMillis()) / 1000);
            all.add(row);
        }
        return all;
    }

    private void packet(JsonArray step, JsonObject seen) {
        String verb = step.get(0).getAsString();
        String protocol = verb.equals("udp") ? "UDP" : "TCP";
        ModelAddress client = ModelAddress.of(step.get(1).getAsString());
        int port = step.get(2).getAsInt();
        if (verb.equals("rseg")) {
            traffic.fromServer(protocol, client, port, step.get(3).getAsString());
        } else {
            traffic.fromClient(
                    new ModelTraffic.Packet(
                            protocol,
                            client,
                            port,
                            ModelAddress.of(step.get(3).getAsString()),
                            step.get(4).getAsInt(),
                            verb.equals("seg") ? step.get(5).getAsString() : ""));
        }
        traffic.pass(TRAFFIC_MILLIS);
        ModelConnection found = traffic.find(protocol, client, port);
        if (found == null) {
            seen.add("rs", JsonNull.INSTANCE);
        } else {
            seen.addProperty("rs", found.server.address.withPort(found.realPort));
            seen.addProperty("state", found.state);
            seen.addProperty("expires", (found.endMillis - traffic.nowMillis()) / 1000);
        }
        seen.add("dests", servers());
    }

    private JsonArray servers() {
        JsonArray all = new JsonArray();
        for (ModelService service : rules.services) {
            for (ModelServer server : service.servers()) {
                JsonArray row = new JsonArray();
                row.add(server.address.withPort(server.port));
                row.add(server.weight);
                row.add(server.active);
                row.add(server.inactive);
                all.add(row);
            }
        }
        return all;
    }
}
