"""Watches a process from its start: sets every logger to full verbosity, and notes every effect outside the process.

Notes go to the file that WITNESS names: processes started (with their arguments and environment), addresses connected
to, names looked up, files written, and similar operations that the bot never needs.
"""

import json
import logging
import os
import sys

logging.basicConfig(level=logging.DEBUG)
_NOTES = os.open(os.environ["WITNESS"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
_STARTS = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.forkpty",
)
_OTHERS = (
    "pickle.find_class",
    "webbrowser.open",
    "urllib.Request",
    "ctypes.dlopen",
    "smtplib.connect",
)


def _note(kind, *what):
    os.write(_NOTES, (json.dumps([kind, *map(str, what)]) + "\n").encode())


def _watch(event, arguments):
    if event in _STARTS:
        _note("process", event, *arguments)
    elif event == "socket.connect":
        _note("connect", arguments[1])
    elif event == "socket.getaddrinfo":
        _note("look-up", *arguments[:2])
    elif (
        event == "open"
        and isinstance(arguments[2], int)
        and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    ):
        _note("write", arguments[0])
    elif event == "ctypes.dlopen" and arguments[0] is None:
        pass  # ctypes, which numpy imports, opens the process itself, which loads no library
    elif event in _OTHERS:
        _note("other", event, *arguments)


sys.addaudithook(_watch)
