# syntax=docker/dockerfile:1

# One image for migrate, api and worker; the command chooses (docs/deployment.md).
#
# The tag names an exact Node, the one of .node-version. `deploy/pin-images` writes the digest it has today behind it.
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app

# The manifests alone, so that a change of sources does not install everything anew.
FROM base AS manifests
RUN --mount=type=bind,target=/checkout \
    cd /checkout \
 && cp --parents package.json package-lock.json .npmrc apps/*/package.json apps/cli/bin/* libs/*/package.json \
      migrations/package.json test/package.json /app/

# Compiles, with all development tools.
FROM base AS build
COPY --from=manifests /app ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npx tsc -b apps/migrate apps/api apps/worker apps/cli apps/web \
 && node apps/web/build.mjs \
 && mkdir /image \
 && cp -r --parents apps/migrate/dist apps/api/dist apps/web/dist/site apps/worker/dist apps/cli/dist apps/cli/bin \
      libs/*/dist libs/runtime migrations/dist /image/ \
 && rm -rf /image/libs/testkit \
 && find /image \( -name '*.d.ts' -o -name '*.map' -o -name '*.tsbuildinfo' -o -path '*/dist/testing/*' \) -type f -delete

# What the four programs need when they run, and a list of it. Naming them keeps out what only other rooms want: the embedded
# PostgreSQL, the tests. TypeScript comes along as an optional peer of a library that runs without it.
FROM base AS production
COPY --from=manifests /app ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci --ignore-scripts --no-audit --no-fund --omit=dev \
      --workspace apps/migrate --workspace apps/api --workspace apps/worker --workspace apps/cli \
 && rm -rf node_modules/typescript
RUN npm sbom --package-lock-only --sbom-format=cyclonedx --omit=dev \
      --workspace apps/migrate --workspace apps/api --workspace apps/worker --workspace apps/cli > sbom.cdx.json

FROM base AS image
# A first process that passes signals on and reaps what is left of children. The npm of the base image is not needed any more.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/* /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /opt/yarn* \
 && install --directory --mode 1777 /scratch
COPY --from=production /app ./
COPY --from=build /image ./
COPY deploy/image/healthcheck.mjs ./

ARG VERSION=0.0.0-local
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="Rootcellar" \
      org.opencontainers.image.description="Keeps every version of the apps and backups a household cares about" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="docker.io/library/node:24.21.0-bookworm-slim"

ENV NODE_ENV=production \
    ROOTCELLAR_SCRATCH=/scratch \
    ROOTCELLAR_MONITORING_PORT=9464

# Any user will do: nothing is written but scratch files. Compose runs it as the owner of the secrets.
USER 1000:1000
EXPOSE 4470 9464
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 CMD ["node", "healthcheck.mjs"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "apps/api/dist/main.js"]
