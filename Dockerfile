# The image of emoji-mock: see docs/recipes/compose.md.
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
# All that `serve` can use. With `valkey,metrics` alone the image is much smaller, and has no eyes and no TLS.
ARG EXTRAS=valkey,metrics,vision,tls,video
WORKDIR /build
COPY . .
# Only the second environment gets into the image: it has no pip. The wheel's modules are compiled, as nobody can later.
RUN python3 -m venv /tools \
    && python3 -m venv --without-pip /opt/emoji-mock \
    && /tools/bin/pip --python /opt/emoji-mock/bin/python install --no-cache-dir ".${EXTRAS:+[$EXTRAS]}"

FROM ${BASE}
LABEL org.opencontainers.image.title="emoji-mock" \
      org.opencontainers.image.description="An offline fake of Alibaba Cloud's Emoji face-detect API" \
      org.opencontainers.image.version="0.2.0" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/emoji-mock /opt/emoji-mock
ENV PATH=/opt/emoji-mock/bin:$PATH
# A number, so that a cluster can see that it is not root; the user owns no file.
USER 65532:65532
EXPOSE 8000
# `http.client`, because `urllib` would ask the proxy that HTTP_PROXY names.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 CMD ["python", "-I", "-c", \
    "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8000, timeout=4); c.request('GET', '/_mock/health'); exit(c.getresponse().status != 200)"]
# No shell, so that SIGTERM reaches the server. What follows the name of the image in `docker run` is flags of `serve`.
ENTRYPOINT ["emoji-mock", "serve", "--host", "0.0.0.0"]
