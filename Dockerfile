# syntax=docker/dockerfile:1
FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements.txt requirements-build.txt ./
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt \
 && python -m venv /opt/build \
 && /opt/build/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-build.txt
COPY pyproject.toml README.md LICENSE ./
COPY exporter ./exporter
# With the locked build tools: a build environment of its own would take the newest there are.
RUN /opt/build/bin/hatchling build -t wheel -d /tmp/wheel \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps /tmp/wheel/*.whl

FROM python:3.11-slim
ARG REVISION=unknown
LABEL org.opencontainers.image.title="ringostat-exporter" \
      org.opencontainers.image.description="Prometheus exporter for the employee statuses of Ringostat Smart Phone" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="$REVISION"
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 RINGOSTAT_EXPORTER_REVISION=$REVISION
COPY --from=build /opt/venv /opt/venv
WORKDIR /etc/ringostat-exporter
USER 65532:65532
EXPOSE 10105
HEALTHCHECK --interval=30s --timeout=6s --start-period=10s CMD ["/opt/venv/bin/ringostat-exporter", "healthcheck"]
ENTRYPOINT ["/opt/venv/bin/ringostat-exporter"]
# A container's own loopback reaches nobody: here the operator decides who may reach the port.
CMD ["--web.listen-address=:10105"]
