# JVS on Debian 13: OpenJDK 25, DPDK 24.11.
#   docker build -t jvs .
#   docker run --privileged --network host -v /etc/jvs:/etc/jvs -v /var/lib/jvs:/var/lib/jvs jvs
# deploy/dockerfile-check does these steps by hand, where there is no Docker.
FROM debian:13 AS build
RUN apt-get update && apt-get install -y --no-install-recommends openjdk-25-jdk-headless ca-certificates curl unzip
WORKDIR /src
COPY . .
RUN ./mvnw -B -ntp -q -DskipTests package

FROM debian:13
WORKDIR /opt/jvs
COPY bin bin
RUN bin/setup --runtime && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/target/dist target/dist
ENV PATH=/opt/jvs/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
EXPOSE 9105
VOLUME /var/lib/jvs
ENTRYPOINT ["/opt/jvs/bin/jvs"]
CMD ["run", "-c", "/etc/jvs/jvs.yaml"]
