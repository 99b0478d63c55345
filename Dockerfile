# One image for `setup`, `api` and `worker`. Debian, since Temporal's native core needs glibc.
FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS base
WORKDIR /app

# The workspace tools/ is not in the context: npm skips a workspace whose folder is missing.
FROM base AS manifest
COPY .npmrc package.json package-lock.json ./

# No package of the service needs its install script: packages contain their binaries.
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
# docker-compose.yml sets the heap limit (NODE_OPTIONS=--max-old-space-size) beside the memory limit.
# Unsigned webhooks need an explicit WEBHOOK_SIGNATURE_REQUIRED=false.
ENV NODE_ENV=production WEBHOOK_SIGNATURE_REQUIRED=true
# A proxy in front polls /readyz every second or two, and must see the change before the API closes.
ENV SHUTDOWN_DELAY=5s
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist/activities dist/activities
COPY --from=build /app/dist/workflows dist/workflows
COPY --from=build /app/dist/src dist/src
COPY --from=build /app/dist/workflow-bundle.js dist/workflow-bundle.js
COPY migrations migrations
COPY package.json ./
# The user `node` of the base image, by number so that Kubernetes can tell that it is not root.
USER 1000:1000
EXPOSE 8080 8081 8082 8083
# Exec form, so that node gets SIGTERM itself. As PID 1 it ignores the signal until its handlers are
# installed, so run it with an init (docker run --init, `init: true` in compose).
ENTRYPOINT ["node", "dist/src/cli.js"]
