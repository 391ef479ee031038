"""What the files of a study may name, as far as they could be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from qualcode import folder as paths
from qualcode.study import Study


class _Everything:
    """What a file that cannot be read would name: nothing is said to be missing from it."""

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())


@dataclass(frozen=True)
class Known:
    """What other files may name. Of a file that could not be read nothing is said to be missing."""

    codes: frozenset[str] | _Everything
    sources: frozenset[str] | _Everything
    cases: frozenset[str] | _Everything
    coders: frozenset[str] | _Everything
    turns: frozenset[str] | _Everything
    unread: frozenset[str]

    @classmethod
    def of(cls, study: Study, unread: Iterable[str]) -> Known:
        """Return what a study may name, given the files and folders that could not be read."""
        unread = frozenset(unread)

        def known(ids: Iterable[str], place: str) -> frozenset[str] | _Everything:
            if place in unread:
                return _Everything()
            broken = {PurePosixPath(file).stem for file in unread if file.startswith(f"{place}/")}
            return frozenset({*ids, *broken})

        return cls(
            known((code.id for code in study.codebook.codes), paths.CODEBOOK),
            known(study.sources, "data/sources"),
            known((row["case"] for row in study.cases.rows), paths.CASES),
            known(study.coders, "data/coders"),
            known(study.turns, "data/turns"),
            unread,
        )
