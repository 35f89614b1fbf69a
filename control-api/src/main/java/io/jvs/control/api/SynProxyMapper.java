package io.jvs.control.api;

import static io.jvs.control.api.RuleReader.invalid;

import io.jvs.director.RefusedException;
import io.jvs.proto.v1.SynProxy;
import io.jvs.proto.v1.SynProxyMode;
import io.jvs.proto.v1.VirtualService;
import io.jvs.service.SynProxySpec;

/** SYN proxies between the API and the director. */
final class SynProxyMapper {
    private SynProxyMapper() {}

    static SynProxySpec read(SynProxy message) throws RefusedException {
        SynProxySpec.Mode mode =
                switch (message.getMode()) {
                    case SYN_PROXY_MODE_UNSPECIFIED, SYN_PROXY_MODE_OFF -> SynProxySpec.Mode.OFF;
                    case SYN_PROXY_MODE_ON -> SynProxySpec.Mode.ON;
                    case SYN_PROXY_MODE_AUTO -> SynProxySpec.Mode.AUTO;
                    case UNRECOGNIZED ->
                            throw invalid("syn_proxy.mode: unknown; it can be OFF, ON or AUTO");
                };
        int threshold = message.getHalfOpenThreshold();
        if (threshold < 0) {
            throw invalid("syn_proxy.half_open_threshold must be 0.." + Integer.MAX_VALUE);
        }
        return new SynProxySpec(mode, threshold == 0 ? SynProxySpec.DEFAULT_THRESHOLD : threshold);
    }

    static void writeTo(VirtualService.Builder message, SynProxySpec spec) {
        if (!spec.equals(SynProxySpec.OFF)) {
            message.setSynProxy(write(spec));
        }
    }

    private static SynProxy write(SynProxySpec spec) {
        return SynProxy.newBuilder()
                .setMode(
                        switch (spec.mode()) {
                            case OFF -> SynProxyMode.SYN_PROXY_MODE_OFF;
                            case ON -> SynProxyMode.SYN_PROXY_MODE_ON;
                            case AUTO -> SynProxyMode.SYN_PROXY_MODE_AUTO;
                        })
                .setHalfOpenThreshold(spec.halfOpenThreshold())
                .build();
    }
}
