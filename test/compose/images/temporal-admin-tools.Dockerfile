# Stands in for temporalio/admin-tools: of its programs the one that docker-compose.yml uses.
FROM localhost/bulk-notify-debian
RUN groupadd --gid 1000 temporal && useradd --uid 1000 --gid temporal --create-home temporal
COPY --chmod=755 sql /usr/local/bin/temporal-sql-tool
USER temporal
CMD ["sh", "-c", "trap exit INT HUP TERM; sleep infinity"]
