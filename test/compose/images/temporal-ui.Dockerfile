# Stands in for temporalio/ui: the same program with the module's own configuration and start.
FROM localhost/bulk-notify-debian
RUN apt-get update \
    && apt-get install --yes --no-install-recommends netcat-openbsd \
    && rm -rf /var/lib/apt/lists/*
RUN ln -s /bin/busybox /usr/local/bin/wget \
    && groupadd --gid 1000 temporal && useradd --uid 1000 --gid temporal --create-home temporal
WORKDIR /home/ui-server
COPY --chmod=755 server ui-server
COPY --chmod=644 docker.yaml config/docker.yaml
COPY --chmod=755 start-ui-server.sh start-ui-server.sh
USER temporal
EXPOSE 8080
ENTRYPOINT ["./start-ui-server.sh"]
