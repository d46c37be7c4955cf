# The image needs nothing at run time but Node: the bundle, and the shell that containers are entered with.
ARG BASE=node:22-slim
FROM ${BASE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM ${BASE}
WORKDIR /app
COPY --from=build /src/dist ./dist
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/LICENSE ./
RUN mkdir /kubemock && chown 1000:1000 /kubemock
USER 1000:1000
ENV KUBEMOCK_HOST=0.0.0.0 KUBEMOCK_STATE_DIR=/kubemock
VOLUME /kubemock
EXPOSE 6443 6444 10053/tcp 10053/udp
HEALTHCHECK --interval=2s --timeout=2s --start-period=5s --retries=15 CMD ["node", "dist/kubemock.cjs", "health"]
ENTRYPOINT ["node", "dist/kubemock.cjs"]
CMD ["start"]
