# Names and addresses of the laboratory. Sourced by the scripts; IPv4 from 10/8 and 172.16/12, IPv6 from 2001:db8::/32.
LAB_NODES="sw cli dir rtr rs1 rs2 rs3 rs4 rs5 rs6"
LAB_NEAR_SERVERS="rs1 rs2 rs3"
LAB_FAR_SERVERS="rs4 rs5 rs6"
LAB_SERVERS="$LAB_NEAR_SERVERS $LAB_FAR_SERVERS"
LAB_PYTHON=/usr/bin/python3
LAB_UDP_PORT=5300

# Outside: clients .1.1 to .1.4, the director's first arm, the router's outer leg, the virtual addresses.
LAB_CLIENT4_NET=172.16.1.
LAB_CLIENT6_NET=2001:db8:c::1:
LAB_DIRECTOR_OUTSIDE4=172.16.0.1
LAB_DIRECTOR_OUTSIDE6=2001:db8:c::1
LAB_ROUTER_OUTSIDE4=172.16.0.254
LAB_ROUTER_OUTSIDE6=2001:db8:c::fe
LAB_VIP4=172.16.0.100
LAB_VIP6=2001:db8:c::100

# Inside: the director's second arm (or only one), rs1 to rs3, local addresses for FULLNAT, the one-arm virtual addresses.
LAB_DIRECTOR_INSIDE4=10.0.1.1
LAB_DIRECTOR_INSIDE6=2001:db8:1::1
LAB_MANAGEMENT4=10.0.1.2
LAB_MANAGEMENT6=2001:db8:1::2
LAB_ROUTER_INSIDE4=10.0.1.254
LAB_ROUTER_INSIDE6=2001:db8:1::fe
LAB_ONE_ARM_VIP4=10.0.1.100
LAB_ONE_ARM_VIP6=2001:db8:1::100
LAB_LOCAL4="10.0.1.200 10.0.1.201"
LAB_LOCAL6="2001:db8:1::200 2001:db8:1::201"

# Far: rs4 to rs6, behind the router.
LAB_ROUTER_FAR4=10.0.2.254
LAB_ROUTER_FAR6=2001:db8:2::fe

is_near() { case " $LAB_NEAR_SERVERS " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }
server4() { if is_near "$1"; then echo "10.0.1.1${1#rs}"; else echo "10.0.2.1${1#rs}"; fi; }
server6() { if is_near "$1"; then echo "2001:db8:1::1${1#rs}"; else echo "2001:db8:2::1${1#rs}"; fi; }

# Ports and routes of a director with an arm on each side: clients outside, servers inside, the rest by the router.
director_ports_two_arms() {
    cat <<END
ports:
  - name: wan
    device: af_packet:wan
    addresses: ["$LAB_DIRECTOR_OUTSIDE4/16", "$LAB_DIRECTOR_OUTSIDE6/64"]
  - name: lan
    device: af_packet:lan
    addresses: ["$LAB_DIRECTOR_INSIDE4/24", "$LAB_DIRECTOR_INSIDE6/64"]
routes:
  - {to: "0.0.0.0/0", via: "$LAB_ROUTER_INSIDE4"}
  - {to: "::/0", via: "$LAB_ROUTER_INSIDE6"}
END
}

# The same with one arm, on the server segment: clients come and go by the router too.
director_ports_one_arm() {
    cat <<END
ports:
  - name: lan
    device: af_packet:lan
    addresses: ["$LAB_DIRECTOR_INSIDE4/24", "$LAB_DIRECTOR_INSIDE6/64"]
routes:
  - {to: "0.0.0.0/0", via: "$LAB_ROUTER_INSIDE4"}
  - {to: "::/0", via: "$LAB_ROUTER_INSIDE6"}
END
}

# Two arms as VLANs on one port.
director_ports_trunk() {
    cat <<END
ports:
  - name: trunk
    device: af_packet:trunk
    vlans:
      - {id: 7, addresses: ["$LAB_DIRECTOR_OUTSIDE4/16", "$LAB_DIRECTOR_OUTSIDE6/64"]}
      - {id: 8, addresses: ["$LAB_DIRECTOR_INSIDE4/24", "$LAB_DIRECTOR_INSIDE6/64"]}
routes:
  - {to: "0.0.0.0/0", via: "$LAB_ROUTER_INSIDE4"}
  - {to: "::/0", via: "$LAB_ROUTER_INSIDE6"}
END
}
