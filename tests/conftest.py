"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import matplotlib
import pytest
from hypothesis import HealthCheck, settings

matplotlib.use("Agg")

# Generated examples are the same in every run, so that a red build means a changed program. `make fuzz`
# looks for new ones; what it finds is written into its test as an @example.
# Nothing is timed: on a busy machine a slow example is no wrong one.
untimed = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("repeatable", derandomize=True, **untimed)
settings.register_profile("searching", derandomize=False, **untimed)
settings.load_profile("repeatable")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _own_identity(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test sees the coder or the settings of the person who runs it."""
    monkeypatch.delenv("QUALCODE_CODER", raising=False)
    monkeypatch.setenv("QUALCODE_CONFIG_DIR", str(tmp_path_factory.mktemp("settings")))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files that lies beside the repository; tests on it skip where it is absent."""
    folder = Path(os.environ.get("QUALCODE_SHARED", ROOT.parent / "shared"))
    if not (folder / "samples").is_dir():
        pytest.skip("shared real files are not on this machine (set QUALCODE_SHARED to try them)")
    return folder
