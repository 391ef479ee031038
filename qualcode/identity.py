"""Who is coding: taken from the user's environment or own settings, never from a file of the study."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

from qualcode.errors import InvalidValue

ENVIRONMENT = "QUALCODE_CODER"


def settings_path() -> Path:
    """Return where the user's own settings lie, outside every study."""
    import platformdirs

    folder = os.environ.get("QUALCODE_CONFIG_DIR") or platformdirs.user_config_dir(
        "qualcode", appauthor=False
    )
    return Path(folder) / "settings.toml"


def set_coder(coder: str) -> None:
    """Remember, for this user of this computer, under which id they code.

    Parameters
    ----------
    coder
        A short id such as "ana": it names the coder's files in every study.

    Raises
    ------
    InvalidValue
        If the id cannot be the name of a file.
    """
    check_coder_id(coder)
    path = settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'coder = "{coder}"\n', encoding="utf-8")


def known_coder() -> str | None:
    """Return the coder that the environment or the user's settings name, or None."""
    named = os.environ.get(ENVIRONMENT, "").strip()
    if named:
        return check_coder_id(named)
    try:
        named = str(tomllib.loads(settings_path().read_text(encoding="utf-8")).get("coder", "")).strip()
    except (OSError, ValueError):  # of TOML and of UTF-8
        return None
    return check_coder_id(named) if named else None


MAX_LENGTH = 60
"""Longer ids would make file names that some systems refuse."""

_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"com{i}" for i in range(1, 10)),
    *(f"lpt{i}" for i in range(1, 10)),
}


def check_coder_id(coder: Any) -> str:
    """Return a coder's id, or raise InvalidValue where it cannot name files on every computer.

    Examples
    --------
    >>> check_coder_id("ana")
    'ana'
    """
    if (
        not isinstance(coder, str)
        or not re.fullmatch(r"[^\W_][\w.-]*", coder)
        or coder.endswith(".")
        or coder.casefold().split(".")[0] in _RESERVED
        or len(coder) > MAX_LENGTH
    ):
        raise InvalidValue(
            f"{str(coder)[:MAX_LENGTH]!r} cannot be the id of a coder. Use a short word of letters, digits and hyphens, such as ana."
        )
    return coder


def no_coder() -> InvalidValue:
    """Return the error for a verb that does not know whose work it is."""
    return InvalidValue(
        "Who is coding? Say it once for this computer with qc.set_coder('ana'), for this session with "
        f"qc.open_project(..., coder='ana') or the environment variable {ENVIRONMENT}, or for one step with coder='ana'."
    )
