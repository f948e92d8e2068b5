"""Fuzzes the parsers, guided by coverage (Atheris).

    python -m pip install -r benchmarks/requirements-fuzz.txt
    python -m benchmarks.fuzz TARGET FOLDER [SECONDS]

TARGET is one of tests/fire/targets.py. FOLDER keeps the inputs that reached new code. A crash ends the run, and its
input is in FOLDER as `crash-*`: keep it as a case in tests/fire/test_fuzz.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris


def main(name: str, folder: str, seconds: str = "600") -> None:
    with atheris.instrument_imports(include=["bot"]):
        from tests.fire.targets import TARGETS  # noqa: PLC0415 (what is imported here is instrumented)
    target, seeds = TARGETS[name]
    corpus = Path(folder)
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", f"-artifact_prefix={corpus}/", "-max_len=20000"]
    atheris.Setup([sys.argv[0], *options, "-timeout=20", "-print_final_stats=1", folder], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
