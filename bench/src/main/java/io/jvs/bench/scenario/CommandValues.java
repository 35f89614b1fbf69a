package io.jvs.bench.scenario;

/** Values of ipvsadm's options: mostly right ones, and wrong ones of every kind. */
final class CommandValues {
    private CommandValues() {}

    static String service(Draw draw) {
        if (draw.chance(6)) {
            return draw.of("-t ", "-u ", "--sctp-service ") + oddEndpoint(draw);
        }
        return switch (draw.between(0, 9)) {
            case 0 -> "-f " + draw.of("1", "7", "0x20", "4294967295");
            case 1 -> "-f " + draw.of("1", "7") + " -6";
            case 2 -> "-f " + draw.of("0", "-1", "x", "4294967296", "010", "1x");
            case 3, 4 ->
                    "-t [2001:db8:99::" + draw.between(1, 3) + "]:" + draw.of("80", "443", "0");
            case 5 -> "-u 10.99.0." + draw.between(1, 3) + ":" + draw.of("53", "80", "0");
            case 6 -> "--sctp-service 10.99.0." + draw.between(1, 3) + ":" + draw.of("2905", "80");
            default -> "-t 10.99.0." + draw.between(1, 3) + ":" + draw.of("80", "443", "0", "21");
        };
    }

    private static String oddEndpoint(Draw draw) {
        return draw.of(
                "10.99.0.1",
                "10.99.0.1:",
                "10.99.0.1:65536",
                "10.99.0.1:080",
                "10.99.0.1:+80",
                "10.99.0.1:0x50",
                "10.99.0:80",
                "10.99.1:80",
                "010.99.0.1:80",
                "10.99.0.1:80:80",
                "[10.99.0.1]:80",
                "[2001:db8:99::1]",
                "[2001:db8:99::1]80",
                "2001:db8:99::1",
                "[::ffff:10.99.0.1]:80",
                "[2001:DB8:99:0::1]:80",
                "[2001:db8:99::1%lo]:80",
                ":80",
                "0.0.0.0:80",
                "255.255.255.255:80",
                "[::]:80",
                "[ff02::1]:80",
                "localhost:80",
                "10.99.0.1:http",
                "10.99.0.1:domain",
                "10.99.0.1:nosuch");
    }

    static String server(Draw draw) {
        return switch (draw.between(0, 11)) {
            case 0 -> "192.168.77." + draw.between(1, 3);
            case 1, 2 -> "[2001:db8:77::" + draw.between(1, 3) + "]:" + draw.of("80", "8080", "0");
            case 3 ->
                    draw.of(
                            "0.0.0.0:80",
                            "224.0.0.1:80",
                            "255.255.255.255:80",
                            "127.0.0.1:80",
                            "10.99.0.1:80",
                            "192.168.77.254:80",
                            "[::1]:80",
                            "[fe80::1]:80",
                            "[ff02::1]:80",
                            "[::]:80",
                            "[2001:db8:77::fe]:80",
                            "[2001:db8:77::1]",
                            "2001:db8:77::1",
                            "192.168.77.1:",
                            "192.168.77.1:99999",
                            "192.168.77.256:80",
                            "nosuch.invalid:80",
                            "240.0.0.1:80",
                            "1.2.3.4:80",
                            "[::ffff:192.168.77.1]:80");
            default -> "192.168.77." + draw.between(1, 3) + ":" + draw.of("80", "8080", "0", "443");
        };
    }

    static String scheduler(Draw draw) {
        return draw.chance(94)
                ? draw.of(
                        "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo",
                        "ovf", "mh", "twos")
                : draw.of("nosuch", "RR", "\"\"", "averyveryverylongname", "rr,wrr", "r");
    }

    static String persistence(Draw draw) {
        return "-p"
                + draw.of(
                        "",
                        "",
                        " 1",
                        " 50",
                        " 300",
                        " 360",
                        " 361",
                        " 2147483",
                        " 0",
                        " x",
                        " 86400",
                        "=30",
                        " 5.5");
    }

    static String netmask(Draw draw) {
        return draw.of(
                "255.255.255.0",
                "255.255.255.255",
                "255.0.0.0",
                "0.0.0.0",
                "255.0.255.0",
                "24",
                "64",
                "128",
                "129",
                "0",
                "1",
                "x",
                "ffff::");
    }

    static String flags(Draw draw) {
        return draw.of(
                "sh-port",
                "sh-fallback",
                "sh-port,sh-fallback",
                "mh-port",
                "mh-fallback",
                "mh-fallback,mh-port",
                "flag-1",
                "flag-2",
                "flag-3",
                "flag-1,flag-2,flag-3",
                "flag-1,flag-3",
                "sh-port,mh-port",
                "nosuch",
                "sh-port,",
                ",sh-port",
                "\"\"",
                "flag-4");
    }

    static String weight(Draw draw) {
        return draw.of(
                "0",
                "1",
                "2",
                "10",
                "65535",
                "65536",
                "2147483647",
                "2147483648",
                "-1",
                "x",
                "1x",
                "\"\"",
                "+3",
                "010",
                "0x10",
                "1e3");
    }

    static String threshold(Draw draw) {
        return draw.of("0", "1", "5", "10", "100", "4294967295", "4294967296", "-1", "x", "65536");
    }

    /** What has no business in most commands. */
    static String stray(Draw draw) {
        return draw.of(
                "-n",
                "-w 3",
                "-s rr",
                "extra",
                "-r 192.168.77.1:80",
                "-g",
                "--exact",
                "--timeout",
                "-p 3",
                "-x 3",
                "--tun-csum",
                "-c",
                "-6",
                "-o",
                "-A",
                "-D",
                "-q",
                "--nosuch",
                "--syncid 3",
                "--mcast-interface eth0",
                "-b sh-port",
                "-M 255.255.255.0");
    }
}
