# Stands in for temporalio/server: the same program, built from its Go module, with the
# configuration that it holds, and the module's own entry point.
FROM localhost/bulk-notify-debian
RUN apt-get update \
    && apt-get install --yes --no-install-recommends netcat-openbsd \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 1000 temporal && useradd --uid 1000 --gid temporal --create-home temporal
COPY --chmod=755 server /usr/local/bin/temporal-server
COPY --chmod=755 entrypoint.sh /etc/temporal/entrypoint.sh
# It asks for pipefail, which Debian's sh does not know and the image's does.
RUN sed -i '1s:.*:#!/bin/bash:' /etc/temporal/entrypoint.sh
WORKDIR /etc/temporal
USER temporal
CMD ["/etc/temporal/entrypoint.sh"]
