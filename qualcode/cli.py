"""The command line: runs what was typed, and tells every failure in words.

``cli_options.py`` holds the words and options, ``cli_verbs.py`` calls the library and prints, ``cli_words.py`` says
in words of the command line what the library says in words of Python. Every error is one line on the error stream,
``qualcode: what is wrong``, and exit code 1; ``--json`` prints for programs.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from qualcode.cli_options import VERBS, build_parser
from qualcode.cli_words import in_words
from qualcode.errors import FileProblems, QualcodeError, did_you_mean


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments
        What stands after ``qualcode``; by default what was typed.

    Returns
    -------
    int
        0 when all went well, 1 otherwise, 130 when stopped with Ctrl-C.

    Examples
    --------
    >>> main(["--version"])
    qualcode 0.1.0
    0
    """
    if arguments is None:
        _speak_utf8()
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        # An old terminal that lacks a letter shows "?" instead of failing.
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", UserWarning)
            warnings.showwarning = _note
            code = _run(words)
        if sys.stdout is not None:  # a program without a terminal may have none
            sys.stdout.flush()
    except SystemExit as stop:  # argparse: --help is 0, a wrong option 1
        return stop.code if isinstance(stop.code, int) else 1
    except KeyboardInterrupt:
        return _fail("stopped", code=130)
    except BrokenPipeError:
        return _reader_left()
    except FileProblems as error:
        return _fail(*map(str, error.problems))
    except QualcodeError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(_in_words(error))
    except Exception as error:
        if os.environ.get("QUALCODE_TRACEBACK"):
            raise
        return _fail(_unexpected(error))
    return code


def _run(words: list[str]) -> int:
    unreadable = [number for number, word in enumerate(words, start=1) if _is_unreadable(word)]
    if unreadable:
        return _fail(
            f"word {unreadable[0]} of the command is not UTF-8. Set this terminal to UTF-8, and type it again."
        )
    parser = build_parser()
    if words and not words[0].startswith("-") and words[0] not in (*VERBS, "merge-file"):
        hint = did_you_mean(words[0], VERBS) or f" Known: {', '.join(VERBS)}."
        return _fail(f"there is no verb '{words[0]}'.{hint}")
    options = parser.parse_args(words)
    if options.version:
        from qualcode import __version__

        print(f"qualcode {__version__}")
        return 0
    if options.verb is None:
        parser.print_help()
        return 0
    from qualcode import cli_verbs

    return cli_verbs.RUN[options.run](options)


def _fail(*lines: str, code: int = 1) -> int:
    for line in lines:
        print(f"qualcode: {in_words(line)}", file=sys.stderr)
    return code


def _note(message: Warning | str, *_: object, **__: object) -> None:
    print(f"qualcode: note: {in_words(str(message))}", file=sys.stderr)


def _speak_utf8() -> None:
    """Begin again in UTF-8 where the terminal is set to plain English letters (LC_ALL=C).

    Python would read every other letter, of a name or of a file, as something that is none.
    """
    if sys.getfilesystemencoding().lower().replace("-", "") != "utf8":
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def _is_unreadable(word: str) -> bool:
    """Whether a word came as bytes that are no UTF-8; a file may be called so, a code may not."""
    return any("\ud800" <= sign <= "\udfff" for sign in word) and not os.path.lexists(word)


def _reader_left() -> int:
    """End quietly when the program behind a pipe (``| head``) has read enough."""
    with contextlib.suppress(OSError, ValueError):
        # Python flushes stdout once more at exit; there must be something left to flush into.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _in_words(error: OSError) -> str:
    name = error.filename if error.filename is not None else ""
    reason = (error.strerror or type(error).__name__).lower()
    if isinstance(error, PermissionError):
        reason += ". Is it open in another program, or read-only?"
    elif isinstance(error, FileNotFoundError):
        reason = "there is no such file or folder. Check the spelling."
    elif isinstance(error, IsADirectoryError):
        reason = "this is a folder; a file was expected."
    return f"{Path(os.fsdecode(name)).as_posix()}: {reason}" if name else reason


def _unexpected(error: Exception) -> str:
    # The message itself may hold words of an interview: name the place alone.
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}, line {last.lineno}"
    return (
        f"{type(error).__name__} in {place}: a mistake in qualcode, nothing you did wrong. Please report this line. "
        "To see more: set QUALCODE_TRACEBACK=1 and try again."
    )
