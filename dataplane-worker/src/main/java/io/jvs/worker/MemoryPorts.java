package io.jvs.worker;

import io.jvs.port.MemoryBuffers;
import io.jvs.port.MemoryPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ports in memory, for {@link MemoryDataplane}. */
final class MemoryPorts implements HostPorts {
    private static final int BUFFERS = 2048;
    private static final int DEFAULT_MTU = 1500;

    /** Locally administered, with "jvs" in it; the port's number is the last byte. */
    private static final long FIRST_MAC = 0x02_6A_76_73_00_01L;

    private final DataplaneSpec spec;
    private final MemoryBuffers buffers = new MemoryBuffers(BUFFERS);
    private final List<MemoryPort> ports = new ArrayList<>();
    private final int[] peers;

    MemoryPorts(DataplaneSpec spec) {
        this.spec = spec;
        this.peers = new int[spec.ports().size() * 2];
        Arrays.fill(peers, -1);
        for (int i = 0; i < spec.ports().size(); i++) {
            ports.add(new MemoryPort(i, buffers));
        }
        for (int i = 0; i < spec.ports().size(); i++) {
            if (!spec.ports().get(i).exceptionInterface().isEmpty()) {
                peers[i] = ports.size();
                peers[ports.size()] = i;
                ports.add(new MemoryPort(ports.size(), buffers));
            }
        }
    }

    MemoryPort port(int number) {
        return ports.get(number);
    }

    int buffersInUse() {
        return buffers.capacity() - buffers.available();
    }

    @Override
    public List<PortView> views() {
        List<PortView> views = new ArrayList<>();
        for (int i = 0; i < spec.ports().size(); i++) {
            PortSpec port = spec.ports().get(i);
            int mtu = port.mtu() == 0 ? DEFAULT_MTU : port.mtu();
            views.add(new PortView(port.name(), port.device(), "memory", FIRST_MAC + i, mtu, true));
        }
        return views;
    }

    @Override
    public int[] peers() {
        return peers.clone();
    }

    @Override
    public WorkerPorts enter(int worker) {
        return new WorkerPorts(List.copyOf(ports), buffers, () -> {});
    }

    @Override
    public void close() {
        buffers.close();
    }
}
