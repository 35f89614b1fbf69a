package io.jvs.bench.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.jvs.memory.Memory;
import io.jvs.packet.InternetChecksum;
import io.jvs.packet.PacketBurst;
import io.jvs.port.MemoryBuffers;
import io.jvs.port.MemoryPort;
import io.jvs.service.Address;
import io.jvs.service.AddressFamily;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SynthesizedPortTest {
    private static final int FLOWS = 100;
    private static final List<Integer> SIZES = List.of(60, 590, 1514);

    @TempDir private Path folder;

    /** A frame's two ends, and whether it is whole. */
    private record Seen(Address from, int fromPort, Address to, int toPort, int flags) {}

    private static List<byte[]> frames(Path folder, AddressFamily family) throws IOException {
        Path file = folder.resolve("base.pcap");
        BaseFrames.write(file, family, SIZES);
        ByteBuffer pcap = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        pcap.position(24);
        List<byte[]> frames = new java.util.ArrayList<>();
        while (pcap.hasRemaining()) {
            byte[] frame = new byte[pcap.getInt(pcap.position() + 8)];
            pcap.position(pcap.position() + 16);
            pcap.get(frame);
            frames.add(frame);
        }
        return frames;
    }

    private static Seen check(PacketBurst burst, int row, AddressFamily family) {
        boolean isIpv6 = family == AddressFamily.IPV6;
        long ip = burst.data[row] + 14;
        int ipBytes = isIpv6 ? 40 : 20;
        int bytes = isIpv6 ? 0 : Memory.getUnsignedShortBe(ip + 2) - ipBytes;
        long tcp = ip + ipBytes;
        long sum;
        if (isIpv6) {
            bytes = Memory.getUnsignedShortBe(ip + 4);
            sum = InternetChecksum.pseudoIpv6(ip, 6, bytes);
        } else {
            assertThat(InternetChecksum.isRight(ip, 20)).isTrue();
            sum = InternetChecksum.pseudoIpv4(ip, 6, bytes);
        }
        assertThat(InternetChecksum.fold(sum + InternetChecksum.sum(tcp, bytes))).isEqualTo(0xFFFF);
        byte[] addresses = new byte[isIpv6 ? 32 : 8];
        Memory.copyOut(ip + (isIpv6 ? 8 : 12), addresses, 0, addresses.length);
        int half = addresses.length / 2;
        return new Seen(
                Address.ofBytes(Arrays.copyOf(addresses, half)),
                Memory.getUnsignedShortBe(tcp),
                Address.ofBytes(Arrays.copyOfRange(addresses, half, 2 * half)),
                Memory.getUnsignedShortBe(tcp + 2),
                Memory.getUnsignedByte(tcp + 13));
    }

    private static SynthesizedPort overlay(MemoryBuffers buffers, FlowSequence sequence) {
        return new SynthesizedPort(new MemoryPort(0, buffers), sequence, true);
    }

    @ParameterizedTest
    @EnumSource(AddressFamily.class)
    void shouldOpenEveryFlowAndPlayBothDirections(AddressFamily family) throws IOException {
        FlowPlan plan = new FlowPlan(family, FLOWS, 3, 4, FLOWS);
        try (MemoryBuffers buffers = new MemoryBuffers(256);
                FlowSequence sequence = new FlowSequence(plan);
                SynthesizedPort port = overlay(buffers, sequence)) {
            sequence.writeClients();
            Traffic traffic =
                    new Traffic(port, (MemoryPort) port.below(), frames(folder, family), family);
            assertThat(sequence.unanswered()).isEqualTo(FLOWS);
            Set<String> clients = traffic.phase(SynthesizedPort.OPEN, 0x02);
            assertThat(clients).hasSize(FLOWS);
            assertThat(sequence.unanswered()).isZero();
            Set<String> servers = traffic.phase(SynthesizedPort.ANSWER, 0x12);
            assertThat(servers).hasSize(FLOWS).doesNotContainAnyElementsOf(clients);
            assertThat(traffic.phase(SynthesizedPort.COMPLETE, 0x10)).isEqualTo(clients);
            sequence.shuffle(7, 0, FLOWS);
            Set<String> all = new TreeSet<>(clients);
            all.addAll(servers);
            assertThat(traffic.play(SynthesizedPort.BOTH, 2 * FLOWS)).isEqualTo(all);
            assertThat(traffic.play(SynthesizedPort.CLIENTS, FLOWS)).isEqualTo(clients);
            assertThat(traffic.play(SynthesizedPort.SERVERS, FLOWS)).isEqualTo(servers);
            assertThat(port.sent()).isEqualTo(port.received()).isGreaterThan(7L * FLOWS);
        }
    }

    /** Lets frames in, and sends on what comes out, with the ends of a FULLNAT director's. */
    private record Traffic(
            SynthesizedPort port, MemoryPort below, List<byte[]> frames, AddressFamily family) {

        Set<String> phase(int number, int flags) {
            port.command(number);
            Set<String> seen = new TreeSet<>();
            while (!port.isDone()) {
                for (Seen one : cycle(Integer.MAX_VALUE)) {
                    assertThat(one.flags()).isEqualTo(flags);
                    seen.add(one.from() + ":" + one.fromPort() + ">" + one.to() + one.toPort());
                }
            }
            assertThat(cycle(1)).isEmpty();
            return seen;
        }

        /** Exactly one turn of the sequence. */
        Set<String> play(int number, int packets) {
            port.command(number);
            Set<String> seen = new TreeSet<>();
            int count = 0;
            while (count < packets) {
                List<Seen> some = cycle(packets - count);
                count += some.size();
                some.forEach(one ->
                        seen.add(
                                one.from() + ":" + one.fromPort() + ">" + one.to() + one.toPort()));
            }
            return seen;
        }

        private List<Seen> cycle(int most) {
            for (int i = 0; i < Math.min(most, 5); i++) {
                inject(frames.get(i));
            }
            PacketBurst burst = new PacketBurst();
            int count = port.receive(burst, 0);
            List<Seen> seen = new java.util.ArrayList<>();
            for (int i = 0; i < count; i++) {
                Seen one = check(burst, i, family);
                seen.add(one);
                translate(burst, i);
            }
            assertThat(port.transmit(burst.handle, burst.data, burst.length, 0, count))
                    .isEqualTo(count);
            for (int i = 0; i < count; i++) {
                assertThat(below.takeSent()).isNotEmpty();
            }
            return seen;
        }

        private void inject(byte[] frame) {
            // The port below keeps what silence did not take.
            assertThat(below.inject(frame)).isTrue();
        }

        /** The source becomes 9.x and its port the other way round: distinct for each client. */
        private void translate(PacketBurst burst, int row) {
            int at = family == AddressFamily.IPV6 ? 22 : 26;
            Memory.putByte(burst.data[row] + at, 9);
        }
    }

    @Test
    void shouldKeepToItsRange() throws IOException {
        FlowPlan plan = new FlowPlan(AddressFamily.IPV4, FLOWS, 1, 1, FLOWS);
        try (MemoryBuffers buffers = new MemoryBuffers(256);
                FlowSequence sequence = new FlowSequence(plan);
                SynthesizedPort port = overlay(buffers, sequence)) {
            sequence.writeClients();
            port.range(30, 70);
            Traffic traffic =
                    new Traffic(
                            port,
                            (MemoryPort) port.below(),
                            frames(folder, AddressFamily.IPV4),
                            AddressFamily.IPV4);
            Set<String> opened = traffic.phase(SynthesizedPort.OPEN, 0x02);
            assertThat(opened).hasSize(40);
            assertThat(sequence.unanswered()).isEqualTo(FLOWS - 40);
            sequence.shuffle(1, 30, 70);
            assertThat(traffic.play(SynthesizedPort.CLIENTS, 40)).isEqualTo(opened);
            assertThat(traffic.play(SynthesizedPort.BOTH, 80)).hasSize(80).containsAll(opened);
        }
    }

    @Test
    void shouldPadOnlySmallFrames() throws IOException {
        List<byte[]> frames = frames(folder, AddressFamily.IPV4);
        assertThat(frames.get(0)).hasSize(60);
        assertThat(frames.get(1)).hasSize(590);
        assertThat(frames.get(2)).hasSize(1514);
        assertThat(frames(folder, AddressFamily.IPV6).get(0)).hasSize(74);
    }
}
