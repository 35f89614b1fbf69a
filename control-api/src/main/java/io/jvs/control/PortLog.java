package io.jvs.control;

import io.jvs.worker.Dataplane;
import io.jvs.worker.PortView;
import io.jvs.worker.Steering;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log how each port steers answers to workers: once at first, and then when that is
 * another way than before, as local addresses come and go. One thread.
 */
final class PortLog {
    private static final Logger LOG = LoggerFactory.getLogger(PortLog.class);

    private final Dataplane dataplane;
    private final Consumer<String> info;
    private final Consumer<String> warning;
    private final Map<String, String> told = new HashMap<>();

    PortLog(Dataplane dataplane, Consumer<String> info, Consumer<String> warning) {
        this.dataplane = dataplane;
        this.info = info;
        this.warning = warning;
    }

    /** Into the director's log. */
    static PortLog of(Dataplane dataplane) {
        return new PortLog(dataplane, LOG::info, LOG::warn);
    }

    /** Looks at the ports, and says what is new. */
    void look() {
        for (PortView port : dataplane.ports()) {
            String way = port.steering() + port.noFlowRules();
            String before = told.put(port.name(), way);
            if (!way.equals(before)) {
                boolean worse = before != null && port.steering() == Steering.HAND_OVER;
                (worse ? warning : info).accept(line(port));
            }
        }
    }

    private static String line(PortView port) {
        String why = port.noFlowRules();
        return "port %s: %s, steering %s%s%s"
                .formatted(
                        port.name(),
                        port.driver(),
                        port.steering(),
                        port.flowRules() == 0 ? "" : ", " + port.flowRules() + " flow rules",
                        why.isEmpty() ? "" : "; flow rules: " + why);
    }
}
