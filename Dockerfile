FROM python:3.11-slim-bookworm AS build
RUN apt-get -qq update && apt-get -qq install -y --no-install-recommends binutils >/dev/null
COPY requirements.lock .
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock \
 && /opt/venv/bin/pip uninstall --yes --quiet tzdata pip setuptools
# What a server does not load, 42 MB: debugging symbols of the event loop, made-up names in 60
# languages that Litestar's schema examples bring along, compiled code of the model client and of
# syntax colouring, sources of compiled modules. Time zones are the base image's.
RUN cd /opt/venv/lib/python3.11/site-packages \
 && find faker/providers -mindepth 2 -maxdepth 2 -type d \
    ! -name 'en*' ! -name la ! -name __pycache__ -exec rm -r {} + \
 && find openai pydantic httpx2 httpcore2 pygments -name __pycache__ -type d -exec rm -r {} + \
 && strip --strip-unneeded uvloop/*.so \
 && find . -type d -name tests -exec rm -r {} + \
 && find . -name '*.pyx' -delete -o -name '*.pxd' -delete -o -name '*.c' -delete
WORKDIR /app
COPY openenv.yaml README.md inference.py ./
COPY agents agents
COPY sandbox sandbox
COPY tasks tasks
COPY graders graders
COPY worker worker
COPY gateway gateway
COPY server server
RUN /opt/venv/bin/python -m compileall -q -x '/tasks/catalog/' /app

FROM python:3.11-slim-bookworm
RUN groupadd --gid 1000 app \
 && useradd --uid 1000 --gid app --home-dir /tmp --no-create-home --shell /usr/sbin/nologin app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER 1000:1000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-I", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/health'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["uvicorn", "server.app:app", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", "--timeout-graceful-shutdown", "2"]
