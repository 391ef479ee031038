"""The page's JavaScript and CSS, each as one text, and the page as one HTML file that reaches no network.

The modules in ``static/`` are plain ES modules that keep these rules, so that joining them needs no build step:

- imports stand at the top, one a line: ``import { a, b } from "./other.js";``
- exports are named (``export function``, ``export const``, ``export class``); only the entry of the notebook widget
  ends with ``export default { render };``
- names at the top level are unique across all modules, for they end up in one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from html import escape
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from qualcode.errors import InvalidValue

_IMPORT = re.compile(r'import \{ ?([\w$]+(?:, [\w$]+)*),? ?\} from "\./([\w.-]+\.js)";')
_EXPORT = re.compile(r"export (?=(?:async )?function\b|const\b|let\b|class\b)")
_NAMED = re.compile(r"(?:export )?(?:(?:async )?function\s*\*?\s*|class\s+|(?:const|let|var)\s+)([\w$]+)")
_DEFAULT = re.compile(r"export default \{ ?[\w$]+(?:, [\w$]+)* ?\};?")


def bundle(entry: str, folder: Traversable | None = None) -> str:
    """Return a module with all that it imports as one module.

    Parameters
    ----------
    entry
        Name of the module, "widget.js" or "page.js".
    folder
        Where the modules lie; else those of this package.

    Returns
    -------
    str
        One ES module without imports. Only the entry keeps a default export.

    Raises
    ------
    InvalidValue
        If a module is missing or breaks the rules in the head of this file; all breaches at once.
    """
    return _bundled(entry) if folder is None else _Bundle(folder).of(entry)


@cache
def _bundled(entry: str) -> str:
    return _Bundle(_static()).of(entry)


def _static() -> Traversable:
    return resources.files("qualcode.coding_page") / "static"


@cache
def css() -> str:
    """Return the style sheets of the page, in the order of their names, as one."""
    sheets = sorted((each for each in _static().iterdir() if each.name.endswith(".css")), key=_name)
    return "\n".join(each.read_text(encoding="utf-8").replace("\r\n", "\n") for each in sheets)


def _name(file: Traversable) -> str:
    return file.name


class _Bundle:
    """Modules on their way into one."""

    def __init__(self, folder: Traversable) -> None:
        self.folder = folder
        self.parts: list[str] = []
        self.exports: dict[str, set[str]] = {}
        self.names: dict[str, str] = {}
        self.faults: list[str] = []

    def of(self, entry: str) -> str:
        self._add(entry, ())
        if self.faults:
            raise InvalidValue("The modules of the coding page cannot be joined:\n" + "\n".join(self.faults))
        return "\n".join(self.parts)

    def _fault(self, module: str, line: int, what: str) -> None:
        self.faults.append(f"{module}:{line}: {what}")

    def _add(self, module: str, above: tuple[str, ...]) -> None:
        if module in self.exports:
            return
        if module in above:
            self._fault(above[-1], 1, f"imports {module}, which imports it: {' -> '.join([*above, module])}")
            return
        try:
            lines = (self.folder / module).read_text(encoding="utf-8").replace("\r\n", "\n").split("\n")
        except (OSError, UnicodeDecodeError):
            self._fault(above[-1] if above else module, 1, f"{module} is not there or no UTF-8 text")
            self.exports[module] = set()
            return
        kept: list[str] = []
        exports: set[str] = set()
        imports_end = False
        for number, line in enumerate(lines, start=1):
            if line.startswith("import"):
                found = _IMPORT.fullmatch(line.rstrip())
                if imports_end or found is None:
                    self._fault(
                        module,
                        number,
                        'write imports at the top, one a line: import { a, b } from "./other.js";',
                    )
                    continue
                self._add(found[2], (*above, module))
                wanted = found[1].split(", ")
                for name in wanted:
                    if found[2] in self.exports and name not in self.exports[found[2]]:
                        self._fault(module, number, f"{found[2]} does not export {name}")
                continue
            imports_end = imports_end or _is_code(line)
            kept.append(self._line(module, number, line, exports, entry=not above))
        self.exports[module] = exports
        self.parts.append(f"// {module}\n" + "\n".join(kept).strip("\n") + "\n")

    def _line(self, module: str, number: int, line: str, exports: set[str], *, entry: bool) -> str:
        named = _NAMED.match(line)
        if line.startswith("export"):
            if entry and _DEFAULT.fullmatch(line.rstrip()):
                return line
            if not _EXPORT.match(line) or named is None:
                self._fault(
                    module, number, "write export function, export const or export class, one name each"
                )
                return line
            exports.add(named[1])
        elif re.match(r"(const|let|var)\s*[\[{]", line):
            self._fault(module, number, "give one name a line at the top level, so that it can be compared")
        if named is not None:
            before = self.names.setdefault(named[1], module)
            if before != module:
                self._fault(module, number, f"{named[1]} is a name in {before} too; choose another")
        return _EXPORT.sub("", line, count=1) if line.startswith("export") else line


def _is_code(line: str) -> bool:
    text = line.strip()
    return bool(text) and not text.startswith(("//", "/*", "*"))


def page_html(title: str, script: str, css: str, data: Any, *, connect: bool = False) -> str:
    """Return a whole page that runs one script on some data, and can load nothing.

    Parameters
    ----------
    title
        Shown by the browser.
    script
        One module, as `bundle` gives it.
    css
        The style sheet.
    data
        What the script finds as JSON in the element with the id "qualcode-data"; kept apart from the script, so that
        no text of a transcript can ever run.
    connect
        Whether the script may speak to the server that gave the page.

    Returns
    -------
    str
        HTML. Its Content-Security-Policy lets this very script run (by its hash), styles stand in the page, and
        pictures and sound come from the page itself; all else is forbidden, the network first.

    Examples
    --------
    >>> "default-src 'none'" in page_html("P7a", "start();", "", {"quote": "</script>"})
    True
    """
    if re.search(r"</script|<!--", script, re.IGNORECASE) or re.search(r"</style", css, re.IGNORECASE):
        raise InvalidValue(
            "Neither script nor style sheet may hold </script, <!-- or </style: they would end there."
        )
    script = script.replace("\r\n", "\n")
    allowed = base64.b64encode(hashlib.sha256(f"\n{script}\n".encode()).digest()).decode("ascii")
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src 'sha256-{allowed}'",
            "style-src 'unsafe-inline'",
            "img-src data: blob:",
            "media-src data: blob: 'self'" if connect else "media-src data: blob:",
            "connect-src 'self'" if connect else "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    held = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>\n{css}\n</style>\n</head>\n"
        '<body>\n<div id="qualcode"></div>\n'
        f'<script type="application/json" id="qualcode-data">{held}</script>\n'
        f'<script type="module">\n{script}\n</script>\n</body>\n</html>\n'
    )
