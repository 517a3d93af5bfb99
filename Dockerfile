# docker build -t oathbatch . ; docker run --rm --read-only --tmpfs /tmp -v "$PWD:/data" oathbatch run nightly.yaml --yes
FROM node:20-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY scripts/build.mjs scripts/
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
ENV NODE_ENV=production
COPY --from=build /src/package.json /opt/oathbatch/
COPY --from=build /src/node_modules /opt/oathbatch/node_modules
COPY --from=build /src/dist /opt/oathbatch/dist
RUN ln -s /opt/oathbatch/dist/cli/main.js /usr/local/bin/oathbatch
USER 1000:1000
WORKDIR /data
ENTRYPOINT ["oathbatch"]
CMD ["--help"]
