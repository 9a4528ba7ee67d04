# The whole system test in one image: Node, the packages, the exporter with its Python, Redis and Prometheus.
#   ./system_test.mts --docker --quick      builds it, runs it beside a Redis of its own, and leaves the results here
#   docker build -t shakedown-system-test . && docker run --rm shakedown-system-test --quick
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM node:24-slim AS node

FROM python:3.11-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends make procps redis-server prometheus \
 && rm -rf /var/lib/apt/lists/*
COPY --from=node /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY fixtures/apps/exporter/requirements.txt fixtures/apps/exporter/requirements.txt
RUN python3 -m venv .venv \
 && .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check -r fixtures/apps/exporter/requirements.txt
COPY --from=packages /app/node_modules node_modules
COPY . .
ENV DOCKER_CONTAINER=1 SHAKEDOWN_STATE=/tmp/shakedown NODE_COMPILE_CACHE=/tmp/compile-cache
EXPOSE 8088 9093 6379 9090
ENTRYPOINT ["./system_test.mts"]
