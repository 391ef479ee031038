"""What the actions of ``qualcode codebook`` do: call the library, print what came out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qualcode.cli_typed import Options, done, open_study, print_json, records, tell_problems, words_of
from qualcode.codebook import check
from qualcode.errors import InvalidValue

if TYPE_CHECKING:
    from qualcode.project import Project


def codebook(options: Options) -> int:
    """Show or change the codebook."""
    changes = options.action not in ("show", "check", "export")
    for option in ("facet", "parent", "into", "definition"):
        if getattr(options, option) is not None and option not in _USES.get(options.action, ()):
            raise InvalidValue(f"codebook {options.action} has no --{option}. See: qualcode codebook --help")
    return _ACTIONS[options.action](options, open_study(options, who=changes))


def _codebook_show(options: Options, project: Project) -> int:
    words_of(options)
    frame = project.codebook.to_frame()
    if options.json:
        print_json(records(frame))
        return 0
    book = project.codebook
    counts = project.codings["code"].value_counts()
    for facet in book.facets:
        print(facet.name)
        for code in book.codes:
            if code.facet == facet.id and code in book.active:
                depth = len(book.ancestors(code.id))
                used = int(counts.get(code.id, 0))
                print("  " * (depth + 1) + code.name + (f"  ({used})" if used else ""))
    return 0


def _codebook_check(options: Options, project: Project) -> int:
    words_of(options)
    return tell_problems(check(project.codebook), "the codebook", options.json)


def _codebook_import(options: Options, project: Project) -> int:
    (file,) = words_of(options, "the file to read")
    project.replace_codebook(file)
    count = len(project.codebook.active)
    return done(options, f"The codebook now has {count} codes.", codes=count)


def _codebook_export(options: Options, project: Project) -> int:
    (file,) = words_of(options, "the file to write")
    project.export_codebook(file)
    return done(options, f"Written: {file}", file=file)


def _codebook_new(options: Options, project: Project) -> int:
    (name,) = words_of(options, "the name of the new code")
    fields = {"definition": options.definition} if options.definition else {}
    code = project.new_code(name, parent=options.parent, facet=options.facet, **fields)
    path = project.codebook.path(code)
    return done(options, f"New code '{path}' with the id {code}.", code=code, path=path)


def _codebook_rename(options: Options, project: Project) -> int:
    code, name = words_of(options, "the code", "its new name")
    id_ = project.codebook.code(code).id
    project.rename_code(code, name)
    path = project.codebook.path(id_)
    return done(
        options, f"'{code}' is now called '{name}'; the old name still finds it.", code=id_, path=path
    )


def _codebook_move(options: Options, project: Project) -> int:
    (code,) = words_of(options, "the code")
    id_ = project.codebook.code(code).id
    project.move_code(code, parent=options.parent, facet=options.facet)
    path = project.codebook.path(id_)
    return done(options, f"It is now '{path}'.", code=id_, path=path)


def _codebook_merge(options: Options, project: Project) -> int:
    if not options.into or not options.words:
        raise InvalidValue("merge needs codes, and --into with the code that stays.")
    project.merge_codes(options.words, options.into)
    id_ = project.codebook.code(options.into).id
    path = project.codebook.path(id_)
    return done(options, f"Merged into '{path}'.", code=id_, path=path)


def _codebook_retire(options: Options, project: Project) -> int:
    (code,) = words_of(options, "the code")
    id_ = project.codebook.code(code).id
    project.retire_code(code)
    path = project.codebook.path(id_)
    return done(
        options, f"'{code}' is retired: it stays on its codings and is offered no more.", code=id_, path=path
    )


def _codebook_freeze(options: Options, project: Project) -> int:
    (note,) = words_of(options, "a note, such as 'after the first ten interviews'")
    version = project.freeze_codebook(note)
    return done(options, f"Frozen as version {version}.", version=version)


_USES = {"new": ("facet", "parent", "definition"), "move": ("facet", "parent"), "merge": ("into",)}
"""Which options an action of codebook understands."""

_ACTIONS: dict[str, Callable[[Options, Project], int]] = {
    "show": _codebook_show,
    "check": _codebook_check,
    "import": _codebook_import,
    "export": _codebook_export,
    "new": _codebook_new,
    "rename": _codebook_rename,
    "move": _codebook_move,
    "merge": _codebook_merge,
    "retire": _codebook_retire,
    "freeze": _codebook_freeze,
}
