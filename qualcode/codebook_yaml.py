"""Reading a codebook from YAML: nested lists of codes under facets, all problems of the file at once.

::

    title: My study
    facets:
      - name: Theme
        codes:
          - name: Trust
            definition: Whether people rely on what others give them.
            codes:
              - name: Broken trust
          - Communication            # a name alone is enough
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from qualcode.codebook import Codebook, default_codebook
from qualcode.codebook_check import faults
from qualcode.codebook_names import resolve_names
from qualcode.codebook_values import CODE_FIELDS, FACET_FIELDS, Code, ExampleRef, Facet, clean_name
from qualcode.csvtext import not_too_deep
from qualcode.errors import FileProblems, InvalidValue, Problem, did_you_mean
from qualcode.slug import slug
from qualcode.yaml_nodes import Node, parse_nodes

TEXTS = (
    "id",
    "name",
    "definition",
    "include",
    "exclude",
    "note",
    "colour",
    "key",
    "icon",
    "parent",
    "merged_into",
)
LISTS = ("aliases", "counts_as", "split_into", "scale")
FLAGS = ("codable", "retired", "in_vivo", "exclusive")
YES = ("yes", "true", "y", "1", "on", "ja", "x")
NO = ("no", "false", "n", "0", "off", "nein", "")

MINIMAL = "a codebook looks like: facets: - name: Theme, and below it codes: - name: Trust"


@dataclass(frozen=True)
class Reading:
    """A codebook and where in the text everything stands.

    Parameters
    ----------
    codebook
        What the text says.
    root
        The whole document.
    facets, codes
        Id to its piece of the document.
    inside
        Code id to the id of the code in whose `codes:` it is written, None at the top of a facet.
    """

    codebook: Codebook
    root: Node
    facets: dict[str, Node]
    codes: dict[str, Node]
    inside: dict[str, str | None]


@lru_cache(maxsize=8)
def read_yaml(text: str, file: str) -> Reading:
    """Return what a text says; the last few texts are remembered, for verbs read what they just wrote.

    Raises
    ------
    FileProblems
        All problems at once.
    """
    with not_too_deep(file):
        root = parse_nodes(text, file)
        if root is None:
            raise FileProblems([Problem(file, "", "is empty", f"{MINIMAL}; or delete the file")])
        return _Reader(file, text.split("\n")).read(root)


class _Reader:
    """Walks the document once and collects facets, codes and problems."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self.file = file
        self.lines = lines
        self.problems: list[tuple[int, Problem]] = []
        self.facets: list[Facet] = []
        self.codes: list[Code] = []
        self.facet_places: list[str] = []
        self.code_places: list[str] = []
        self.facet_nodes: list[Node] = []
        self.code_nodes: list[Node] = []
        self.inside: list[str | None] = []
        self.at: dict[str, int] = {}

    def read(self, root: Node) -> Reading:
        if root.kind != "map":
            raise FileProblems([Problem(self.file, "1", "does not begin with 'facets:'", MINIMAL)])
        entries = self.entries(root, "")
        values: dict[str, Any] = {"extra": {}}
        for key, node in entries.items():
            if key in ("title", "version"):
                values[key] = self.text(node, key)
            elif key not in ("facets", "codes"):
                values["extra"][key] = plain_value(node)
        for number, node in enumerate(self.listed(entries.get("facets"), "facets", "facet")):
            self.facet(node, f"facets[{number}]")
        if "codes" in entries:
            if "facets" in entries:
                self.add(
                    entries["codes"],
                    "codes",
                    "stands beside facets:",
                    "put the codes below one of the facets",
                )
            else:
                self.facets += default_codebook().facets
                self.facet_places.append("")
                self.facet_nodes.append(root)
                self.code_list(entries["codes"], "codes", self.facets[0].id, None)
        elif "facets" not in entries:
            hint = next((did_you_mean(key, ("facets", "codes")) for key in entries), "")
            raise FileProblems(
                [*self.sorted(), Problem(self.file, "", f"has neither facets nor codes.{hint}", MINIMAL)]
            )
        codes, doubtful = resolve_names(self.facets, self.codes, self.code_place, self.file)
        found = doubtful + faults(self.facets, codes, self.facet_place, self.code_place, self.file)
        told = {problem.place for _, problem in self.problems}
        self.problems += [
            (self.line_of(problem.place), problem) for problem in found if problem.place not in told
        ]
        if self.problems:
            raise FileProblems(self.sorted())
        return Reading(
            Codebook(tuple(self.facets), tuple(codes), **values),
            root,
            {facet.id: node for facet, node in zip(self.facets, self.facet_nodes, strict=True)},
            {code.id: node for code, node in zip(codes, self.code_nodes, strict=True)},
            {code.id: inside for code, inside in zip(codes, self.inside, strict=True)},
        )

    # -- problems and their places ---------------------------------------------------------------

    def add(self, node: Node, place: str, message: str, fix: str = "") -> None:
        self.at.setdefault(place, node.line)
        self.problems.append((node.line, Problem(self.file, place, message, fix)))

    def sorted(self) -> list[Problem]:
        return [problem for _, problem in sorted(self.problems, key=lambda pair: pair[0])]

    def line_of(self, place: str) -> int:
        return self.at.get(place, self.at.get(place.rpartition(".")[0], 0))

    def facet_place(self, number: int, field: str) -> str:
        return ".".join(part for part in (self.facet_places[number], field) if part)

    def code_place(self, number: int, field: str) -> str:
        return ".".join(part for part in (self.code_places[number], field) if part)

    # -- facets and codes ------------------------------------------------------------------------

    def facet(self, node: Node, place: str) -> None:
        if node.kind == "text" and node.text.strip():
            entries: dict[str, Node] = {"name": node}
        elif node.kind == "map":
            entries = self.entries(node, place)
        else:
            self.add(node, place, "is no facet", "write - name: and the name of the facet")
            return
        values = self.values(entries, place, FACET_FIELDS)
        values.setdefault("name", "")
        values["id"] = values.get("id") or (slug(values["name"], lower=True) if values["name"] else "")
        self.facets.append(Facet(**values))
        self.facet_places.append(place)
        self.facet_nodes.append(node)
        self.at[place] = node.line
        if "codes" in entries:
            self.code_list(entries["codes"], f"{place}.codes", self.facets[-1].id, None)

    def code_list(self, node: Node, place: str, facet: str, parent: str | None) -> None:
        for number, item in enumerate(self.listed(node, place, "code")):
            self.code(item, f"{place}[{number}]", facet, parent)

    def code(self, node: Node, place: str, facet: str, inside: str | None) -> None:
        if node.kind == "text" and node.text.strip():
            entries: dict[str, Node] = {"name": node}
        elif node.kind == "map":
            entries = self.entries(node, place)
        else:
            self.add(node, place, "is no code", "write - name: and the name of the code, or delete the dash")
            return
        if "facet" in entries:
            fix = "delete the line; a code belongs to the facet below which it is written"
            self.add(entries.pop("facet"), f"{place}.facet", "is not needed here", fix)
        values = self.values(entries, place, CODE_FIELDS)
        values.setdefault("name", "")
        values["id"] = values.get("id") or (
            slug(values["name"], lower=True) if clean_name(values["name"]) else ""
        )
        if values.get("parent") and inside is not None and values["parent"] not in self.called(inside):
            fix = "write it in one place only: delete the line parent:, or move the code"
            self.add(
                entries["parent"],
                f"{place}.parent",
                f"says '{values['parent']}', but it is written below '{inside}'",
                fix,
            )
        values["parent"] = inside or values.get("parent") or None
        self.codes.append(Code(facet=facet, **values))
        self.code_places.append(place)
        self.code_nodes.append(node)
        self.inside.append(inside)
        self.at[place] = node.line
        if "codes" in entries:
            self.code_list(entries["codes"], f"{place}.codes", facet, self.codes[-1].id)

    def called(self, id_: str) -> set[str]:
        """Return the id and the names of a code."""
        return {id_, *(code.name for code in self.codes if code.id == id_)}

    # -- pieces ----------------------------------------------------------------------------------

    def entries(self, node: Node, place: str) -> dict[str, Node]:
        """Return key to value; a merge key gives what is not written here."""
        found: dict[str, Node] = {}
        lines: dict[str, int] = {}
        merged: list[Node] = []
        for key, value in node.pairs:
            if key.kind != "text":
                self.add(key, place, "has a list where a word and a colon are expected", "write key: value")
            elif key.text == "<<":
                merged += value.items if value.kind == "list" else [value]
            elif key.text in lines:
                first = lines[key.text] + 1
                message = f"'{key.text}' is there twice in one entry, first in line {first}"
                fix = "delete one of the two, or begin a new entry with '- '"
                self.problems.append((key.line, Problem(self.file, str(key.line + 1), message, fix)))
            else:
                lines[key.text] = key.line
                found[key.text] = value
                self.at.setdefault(f"{place}.{key.text}", key.line)
        for other in merged:
            if other.kind != "map":
                self.add(other, place, "'<<:' must name an entry with fields", "write <<: *name")
                continue
            for key, value in other.pairs:
                if key.kind == "text" and key.text not in ("id", "name", "codes", "<<"):
                    found.setdefault(key.text, value)
        return found

    def values(self, entries: dict[str, Node], place: str, known: tuple[str, ...]) -> dict[str, Any]:
        """Return the fields of a facet or a code."""
        values: dict[str, Any] = {"extra": {}}
        for key, node in entries.items():
            here = f"{place}.{key}"
            if key == "codes":
                continue
            if key not in known or key == "extra":
                values["extra"][key] = plain_value(node)
            elif key in TEXTS:
                values[key] = self.text(node, here)
            elif key in LISTS:
                values[key] = tuple(self.texts(node, here, key))
            elif key in FLAGS:
                values[key] = self.flag(node, here)
            else:
                values[key] = tuple(self.examples(node, here))
        return values

    def listed(self, node: Node | None, place: str, what: str) -> list[Node]:
        if node is None or (node.kind == "text" and not node.text.strip()):
            return []
        if node.kind == "list":
            return node.items
        fix = f"begin each {what} with a dash: - name: and the name"
        self.add(node, place, f"is no list of {what}s", fix)
        return []

    def text(self, node: Node, place: str) -> str:
        if node.kind == "text":
            if not node.text and "#" in self.lines[node.line][node.column :] and place.endswith("colour"):
                fix = "write the colour in quotation marks, like colour: '#b03060'"
                self.add(node, place, "is empty, because # begins a comment", fix)
            return "" if node.plain and node.text == "~" else node.text
        found = "a list" if node.kind == "list" else "further fields"
        fix = "write the text after the colon; in quotation marks if it begins with [, { or -, or holds ': '"
        self.add(node, place, f"holds {found} where a text is expected", fix)
        return ""

    def texts(self, node: Node, place: str, key: str) -> list[str]:
        if node.kind == "list":
            return [self.text(item, f"{place}[{number}]") for number, item in enumerate(node.items)]
        if node.kind == "text" and not node.text.strip():
            return []
        if node.kind == "text":
            words = " ".join(node.text.split())
            self.add(node, place, "is a text where a list is expected", f"write {key}: [{words}]")
        else:
            self.add(node, place, "holds further fields where a list is expected", f"write {key}: [one, two]")
        return []

    def flag(self, node: Node, place: str) -> bool:
        word = node.text.strip().lower() if node.kind == "text" else "a list"
        if word in YES or word in NO:
            return word in YES
        self.add(node, place, f"is '{word}', expected yes or no", "write yes or no")
        return False

    def examples(self, node: Node, place: str) -> list[str | ExampleRef]:
        if node.kind != "list":
            self.texts(node, place, "examples")
            return []
        found: list[str | ExampleRef] = []
        for number, item in enumerate(node.items):
            here = f"{place}[{number}]"
            if item.kind != "map":
                found.append(self.text(item, here))
                continue
            values = {
                key: self.text(value, f"{here}.{key}") for key, value in self.entries(item, here).items()
            }
            try:
                if sorted(values) != ["end", "source", "start", "version"]:
                    raise InvalidValue(
                        "An example is a text, or a place with source, version, start and end."
                    )
                found.append(
                    ExampleRef(values["source"], values["version"], int(values["start"]), int(values["end"]))
                )
            except InvalidValue as error:
                self.add(item, here, str(error), "put a text with a colon in quotation marks")
            except ValueError:
                self.add(
                    item, here, "start and end must be whole numbers", "write like start: 120 and end: 180"
                )
        return found


def plain_value(node: Node) -> Any:
    """Return a piece of the document as text, lists and mappings."""
    if node.kind == "text":
        return node.text
    if node.kind == "list":
        return [plain_value(item) for item in node.items]
    return {key.text: plain_value(value) for key, value in node.pairs}
