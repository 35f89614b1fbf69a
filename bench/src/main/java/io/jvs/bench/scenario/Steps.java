package io.jvs.bench.scenario;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** The steps of a scenario that is being written. */
public final class Steps {
    private final JsonArray steps = new JsonArray();

    /** A shell line. */
    public void command(String line) {
        step("cmd", line);
    }

    /** A command line of ipvsadm. */
    public void ipvsadm(String arguments) {
        command("ipvsadm " + arguments);
    }

    /** A setting of net.ipv4.vs. */
    public void sysctl(String name, int value) {
        command("echo " + value + " > /proc/sys/net/ipv4/vs/" + name);
    }

    /** Time passes. */
    public void sleep(int seconds) {
        step("sleep", seconds);
    }

    /** A step: the verb and what follows it, texts and numbers. */
    public void step(Object... words) {
        JsonArray step = new JsonArray();
        for (Object word : words) {
            if (word instanceof Number number) {
                step.add(number);
            } else {
                step.add(word.toString());
            }
        }
        steps.add(step);
    }

    /** How many there are. */
    public int size() {
        return steps.size();
    }

    /** The scenario. */
    public JsonObject toScenario(String name) {
        JsonObject scenario = new JsonObject();
        scenario.addProperty("name", name);
        scenario.add("steps", steps);
        return scenario;
    }
}
