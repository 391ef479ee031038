"""Who interviews: what labels give away by themselves and by their company."""

from __future__ import annotations

import pytest

from qualcode.readers import guess_roles


@pytest.mark.parametrize(
    ("labels", "roles"),
    [
        (("I", "N1"), {"I": "interviewer"}),
        (("I", "S3a"), {"I": "interviewer"}),
        (("I", "P1"), {"I": "interviewer", "P1": "participant"}),
        (("INT", "KM 2"), {"INT": "interviewer"}),
        (("M", "FG3"), {"M": "interviewer"}),
        (("Ana", "N1"), {}),
        (("I", "Ana"), {}),
        (("N1", "N2"), {}),
    ],
)
def test_a_short_label_beside_an_id_is_the_interviewer(
    labels: tuple[str, ...], roles: dict[str, str]
) -> None:
    assert guess_roles(labels) == roles
