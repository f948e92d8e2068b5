"""Makes the documentation's site: `python -m docs.making`, or `make docs`.

The pages are Markdown files of this repository (`pages`), those of docs/reference written from the code (`reference`).
Zensical makes HTML of them; what it made is looked through for dead links and for anything from elsewhere (`links`).
"""
