# The bot as a container: docker run --env GITHUB_TOKEN IMAGE run --repo OWNER/NAME
#
# The base is pinned by its tag: a digest has to be looked up where the image is built
# (docker buildx imagetools inspect python:3.13-slim-trixie), and an old one would keep security updates out.
# What is installed into it is pinned by hash.
FROM python:3.13-slim-trixie AS build
WORKDIR /src
RUN python -m venv /opt/arxiv-bot
COPY requirements.txt ./
RUN /opt/arxiv-bot/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
RUN /opt/arxiv-bot/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="arxiv-bot" \
      org.opencontainers.image.description="Keeps a curated list of arXiv papers current" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/arxiv-bot /opt/arxiv-bot
# A user without rights, by number so that Kubernetes can see that it is not root.
USER 65532:65532
WORKDIR /list
ENV HOME=/tmp PYTHONUNBUFFERED=1
ENTRYPOINT ["/opt/arxiv-bot/bin/arxiv-bot"]
CMD ["--help"]
