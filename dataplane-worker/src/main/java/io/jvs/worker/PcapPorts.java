package io.jvs.worker;

import io.jvs.packet.FlowSteering;
import io.jvs.packet.PacketBuffers;
import io.jvs.port.MemoryBuffers;
import io.jvs.port.PcapPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ports that are pcap files; no DPDK, one worker, the files' own time. */
final class PcapPorts implements HostPorts {
    private static final int BUFFERS = 4096;
    private static final int DEFAULT_MTU = 1500;

    /** Locally administered, with "jvs" in it; the port's number is the last byte. */
    private static final long FIRST_MAC = 0x02_6A_76_73_00_01L;

    private final DataplaneSpec spec;
    private final MemoryBuffers buffers = new MemoryBuffers(BUFFERS);
    private final List<PcapPort> ports = new ArrayList<>();

    private PcapPorts(DataplaneSpec spec) {
        this.spec = spec;
    }

    /** Whether a device argument names pcap files for here; with options it is DPDK's driver. */
    static boolean names(String device) {
        return device.startsWith("pcap:") && device.indexOf('=') < 0;
    }

    static PcapPorts open(DataplaneSpec spec) throws DataplaneException {
        PcapPorts opened = new PcapPorts(spec);
        try {
            for (PortSpec port : spec.ports()) {
                opened.add(port.device());
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw new DataplaneException("cannot open a pcap file: " + e.getMessage(), e);
        } catch (DataplaneException e) {
            opened.close();
            throw e;
        }
    }

    private void add(String device) throws IOException, DataplaneException {
        String[] files = device.substring("pcap:".length()).split(",", -1);
        if (files.length != 2 || files[0].isEmpty() || files[1].isEmpty()) {
            throw new DataplaneException(
                    "device '" + device + "' is not of the form pcap:INPUT,OUTPUT");
        }
        ports.add(new PcapPort(ports.size(), buffers, Path.of(files[0]), Path.of(files[1])));
    }

    /** When the next packet of any port comes, or {@link Long#MAX_VALUE}. */
    long nextTimestampNs() {
        long next = Long.MAX_VALUE;
        for (PcapPort port : ports) {
            next = Math.min(next, port.nextTimestampNs());
        }
        return next;
    }

    /** Sets the time with which frames are written from now on. */
    void setTime(long nowNs) {
        ports.forEach(port -> port.setTime(nowNs));
    }

    @Override
    public List<PortView> views() {
        List<PortView> views = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            PortSpec port = spec.ports().get(i);
            int mtu = port.mtu() == 0 ? DEFAULT_MTU : port.mtu();
            views.add(
                    new PortView(
                            port.name(),
                            port.device(),
                            "pcap",
                            FIRST_MAC + i,
                            mtu,
                            true,
                            Steering.SINGLE));
        }
        return views;
    }

    @Override
    public FlowSteering steering() {
        return FlowSteering.byPort(spec.workers());
    }

    @Override
    public FlowRules flowRules() {
        return FlowRules.none();
    }

    @Override
    public int[] peers() {
        int[] none = new int[ports.size()];
        Arrays.fill(none, -1);
        return none;
    }

    @Override
    public boolean isSteady() {
        return true;
    }

    @Override
    public WorkerPorts enter(int worker, WorkerGroup group) {
        PacketBuffers pool = buffers;
        return new WorkerPorts(List.copyOf(ports), pool, () -> {});
    }

    @Override
    public void close() {
        IOException failure = null;
        for (PcapPort port : ports) {
            try {
                port.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        buffers.close();
        if (failure != null) {
            throw new IllegalStateException(
                    "the output file is not complete: " + failure.getMessage(), failure);
        }
    }
}
