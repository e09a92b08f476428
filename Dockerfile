# A production image: it refuses to start until the settings of .env.example that production needs are given.
FROM python:3.11-slim AS environment
COPY requirements.txt ./
RUN python -m venv /srv/venv \
 && /srv/venv/bin/pip install --quiet --no-cache-dir --require-hashes --requirement requirements.txt

FROM python:3.11-slim
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BAIGE_PRODUCTION=true \
    BAIGE_HOST=0.0.0.0
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin baige
WORKDIR /srv/baige
COPY --from=environment /srv/venv /srv/venv
COPY LICENSE ./
COPY migrations/ migrations/
COPY app/ app/
RUN python -m compileall -q app migrations && install --directory --owner=baige var
USER 10001
VOLUME /srv/baige/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f\"http://127.0.0.1:{os.environ.get('BAIGE_PORT', '8000')}/health\", timeout=4)"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve"]
