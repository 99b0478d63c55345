# Stands in for axllent/mailpit: the same program, built from its Go module.
FROM localhost/bulk-notify-debian
RUN apt-get update \
    && apt-get install --yes --no-install-recommends netcat-openbsd \
    && rm -rf /var/lib/apt/lists/*
COPY --chmod=755 mailpit /mailpit
EXPOSE 1025/tcp 1110/tcp 8025/tcp
ENTRYPOINT ["/mailpit"]
