"""Makes the documentation's site: `python -m docs.making`, or `make docs`.

The pages are Markdown files of this repository (`pages`), those of docs/reference written from the code (`reference`).
Zensical turns them into HTML, which is checked for dead links and for content from other hosts (`links`).
"""
