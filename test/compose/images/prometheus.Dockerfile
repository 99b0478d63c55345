# Stands in for prom/prometheus: Debian's program, with the user, the volume and the start of the image.
FROM localhost/bulk-notify-debian
RUN apt-get update \
    && apt-get install --yes --no-install-recommends prometheus netcat-openbsd \
    && rm -rf /var/lib/apt/lists/* /etc/prometheus/* \
    && ln -s /bin/busybox /usr/local/bin/wget \
    && install --directory --owner nobody --group nogroup /prometheus
USER nobody
EXPOSE 9090
VOLUME /prometheus
WORKDIR /prometheus
ENTRYPOINT ["/usr/bin/prometheus"]
