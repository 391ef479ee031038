"""Persons of different kinds, told apart without colour: filled, empty, half filled, with a filled head."""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib.path import Path

from qualcode.plot._shapes import circle, dome, joined

ROLES_TOLD_APART = 4
"""So many kinds of people have a sign of their own; more are written as words."""


@cache
def person_of(kind: int) -> Path:
    """A person in the square from -0.5 to 0.5, by the number of their kind, from 0."""
    head, body = circle(0, 0.25, 0.2), dome(0, -0.46, 0.36, 0.46)
    no_head, no_body = circle(0, 0.25, 0.125, hole=True), _hole()
    parts = [(head, body), (head, no_head, body, no_body), (head, no_head, body), (head, body, no_body)]
    return joined(*parts[kind])


def _hole() -> Path:
    """The inside of the shoulders, to be cut out."""
    inner = dome(0, -0.39, 0.275, 0.315)
    return Path(np.asarray(inner.vertices)[::-1], inner.codes)
