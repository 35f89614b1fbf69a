package io.jvs.worker;

import java.util.List;

/**
 * What a data plane is opened with; fixed until it is closed.
 *
 * @param ports the ports
 * @param routes static routes
 * @param neighbors static neighbours
 * @param workers worker threads, at least 1
 * @param workerCpus the CPU of each worker, empty to let the data plane choose
 * @param maxConnections most connections a worker, a bound on memory
 * @param memory "auto", "hugepages" or "no-huge"
 * @param memoryMegabytes memory for packet buffers where there are no huge pages
 * @param filePrefix DPDK's file prefix; each director on a machine needs its own
 * @param seed of everything random; 0 draws one
 * @param busyPoll true: never sleep when idle
 * @param ftpPorts virtual TCP ports whose connections are FTP control connections, host order
 */
public record DataplaneSpec(
        List<PortSpec> ports,
        List<RouteSpec> routes,
        List<NeighborSpec> neighbors,
        int workers,
        List<Integer> workerCpus,
        int maxConnections,
        String memory,
        int memoryMegabytes,
        String filePrefix,
        long seed,
        boolean busyPoll,
        List<Integer> ftpPorts) {
    /** Where FTP is when nobody says anything else (parameter ports of ip_vs_ftp). */
    public static final List<Integer> FTP_PORTS = List.of(21);

    /** Copies its lists. */
    public DataplaneSpec {
        ports = List.copyOf(ports);
        routes = List.copyOf(routes);
        neighbors = List.copyOf(neighbors);
        workerCpus = List.copyOf(workerCpus);
        ftpPorts = List.copyOf(ftpPorts);
    }

    /** The same with FTP on its usual port. */
    public DataplaneSpec(
            List<PortSpec> ports,
            List<RouteSpec> routes,
            List<NeighborSpec> neighbors,
            int workers,
            List<Integer> workerCpus,
            int maxConnections,
            String memory,
            int memoryMegabytes,
            String filePrefix,
            long seed,
            boolean busyPoll) {
        this(
                ports,
                routes,
                neighbors,
                workers,
                workerCpus,
                maxConnections,
                memory,
                memoryMegabytes,
                filePrefix,
                seed,
                busyPoll,
                FTP_PORTS);
    }
}
