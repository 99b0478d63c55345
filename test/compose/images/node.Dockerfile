# Stands in for the official image of Node.
FROM localhost/bulk-notify-debian
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --create-home node
COPY node/bin/node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY ca-certificates.crt /usr/local/etc/ca-certificates.crt
# The registry of npm may be reached through a proxy that only the certificates of this host know.
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && echo 'cafile=/usr/local/etc/ca-certificates.crt' >/usr/local/etc/npmrc
CMD ["node"]
