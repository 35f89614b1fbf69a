package io.jvs.worker;

/** Counters of all workers, added up at the moment of the call; any thread. Never decreasing. */
public interface CountersView {

    /** One counter of one real server. */
    long server(int serverIndex, ServerCounter counter);

    /** One counter of one virtual service. */
    long service(int serviceIndex, ServiceCounter counter);

    /** Packets that ended with a verdict (see {@link io.jvs.packet.Verdict}). */
    long verdict(int code);

    /** One counter of a port, by its place in {@link DataplaneSpec#ports}. */
    long port(int port, PortCounter counter);

    /** One counter of local ports. */
    long localPorts(LocalPortCounter counter);

    /** One counter of the SYN proxy. */
    long syn(SynCounter counter);

    /** Connections now, templates included. */
    long connections();

    /** Connections and templates that drop_entry ended. */
    long droppedConnections();

    /** FTP data connections that control connections agreed upon. */
    long ftpExpected();

    /** FTP lines with an address or port that could not be used and went on as they were. */
    long ftpUntouched();

    /** Packets to servers that had no room for what should be told of their client. */
    long undisclosed();

    /** Connections that were reset as their real server has gone. */
    long resetConnections();

    /** Connections that were taken from real servers that have gone, for others. */
    long rescheduledConnections();
}
