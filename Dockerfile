# One image for `setup`, `api` and `worker`. Debian, since Temporal's native core needs glibc.
FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS base
WORKDIR /app

FROM base AS manifest
COPY .npmrc package.json package-lock.json ./

# No package here needs its install script: the binaries come inside the packages.
FROM manifest AS build
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM manifest AS dependencies
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund --omit=dev
# Temporal ships its core for five platforms, 35 MB each.
RUN find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM base
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
# The heap limit belongs to the memory limit of the container: NODE_OPTIONS=--max-old-space-size
# stands beside it in docker-compose.yml.
# Whoever wants webhooks without a signature has to say so.
ENV NODE_ENV=production WEBHOOK_SIGNATURE_REQUIRED=true
# A proxy in front asks /readyz every second or two.
ENV SHUTDOWN_DELAY=5s
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist/activities dist/activities
COPY --from=build /app/dist/workflows dist/workflows
COPY --from=build /app/dist/src dist/src
COPY --from=build /app/dist/workflow-bundle.js dist/workflow-bundle.js
COPY migrations migrations
COPY package.json ./
# The image's user `node`, by number so that a cluster can tell that it is not root.
USER 1000:1000
EXPOSE 8080 8081
# Exec form: node gets SIGTERM itself. As PID 1 it ignores the signal until the handlers are there,
# so run it with an init (docker run --init, `init: true` in compose).
ENTRYPOINT ["node", "dist/src/cli.js"]
