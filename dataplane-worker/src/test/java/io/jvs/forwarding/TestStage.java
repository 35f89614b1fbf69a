package io.jvs.forwarding;

import io.jvs.packet.IcmpErrors;
import io.jvs.packet.InterfaceTable;
import io.jvs.packet.TokenBucket;
import io.jvs.service.Address;

/** Makes the stage under test, on a director with one interface. */
final class TestStage {
    static final int FIRST_IDENTIFICATION = 0xFFFE;
    static final Address DIRECTOR4 = Address.parse("10.9.9.254");
    static final Address DIRECTOR6 = Address.parse("2001:db8:9::254");

    private TestStage() {}

    static ForwardStage create(TestBurst test, ServerPaths paths) {
        InterfaceTable interfaces = new InterfaceTable();
        int row = interfaces.add(0, 0, 0x02_00_00_00_00_01L, 1500);
        interfaces.setIpv4(row, (int) DIRECTOR4.low());
        interfaces.setIpv6(row, DIRECTOR6.high(), DIRECTOR6.low());
        TokenBucket rate = new TokenBucket(1_000_000, 1_000_000);
        IcmpErrors errors = new IcmpErrors(interfaces, rate);
        return new ForwardStage(paths, errors, interfaces, test, FIRST_IDENTIFICATION, test.extras);
    }
}
