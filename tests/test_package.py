"""What is shipped: the wheel works where the repository is not, and its parts say the same version."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

import qualcode

ROOT = Path(__file__).resolve().parent.parent
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the working tree without a look at the network."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(unpacked: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the unpacked wheel first on its path, in a folder that is no checkout."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(unpacked), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_wheel_holds_the_package_the_example_and_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = HeaderParser().parsestr(
            archive.read(next(n for n in names if n.endswith("/METADATA"))).decode("utf-8")
        )
        scripts = archive.read(next(n for n in names if n.endswith("entry_points.txt"))).decode("utf-8")
    modules = {p.relative_to(ROOT).as_posix() for p in (ROOT / "qualcode").rglob("*.py")}
    assert modules <= set(names)
    assert {"qualcode/py.typed", "qualcode/example_files/codebooks/codebook.yaml"} <= set(names)
    assert "qualcode/example_files/data/raw/solution/planted.csv" in names
    assert any(n.endswith("licenses/LICENSE") for n in names)
    assert not [n for n in names if n.startswith(("tests", "docs", "notebooks")) or "transcripts" in n]
    assert metadata["Name"] == "qualcode"
    assert metadata["License-Expression"] == "MIT"
    assert "qualcode = qualcode.cli:main" in scripts


def test_the_wheel_works_without_the_repository(unpacked: Path, tmp_path: Path) -> None:
    done = run(unpacked, tmp_path, "-c", "import qualcode; print(qualcode.__file__)")
    assert Path(done.stdout.strip()).is_relative_to(unpacked), done.stderr
    done = run(unpacked, tmp_path, "-m", "qualcode", "init", "try it", "--example", "--solution")
    assert done.returncode == 0, done.stderr
    done = run(
        unpacked, tmp_path / "try it", "-m", "qualcode", "matrix", "--coders", "planted", "--out", "m.pdf"
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "try it" / "m.pdf").read_bytes().startswith(b"%PDF")
    done = run(unpacked, tmp_path / "try it", "-m", "qualcode", "check")
    assert done.stdout == "Nothing is wrong in the study.\n"


def test_one_version_everywhere() -> None:
    version = qualcode.__version__
    assert DECLARED["project"]["version"] == version
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in citation
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert version in changes or "Unreleased" in changes


def test_everything_that_is_imported_is_declared() -> None:
    """A package that only happens to be installed with another one would vanish one day."""
    declared = {
        re.split(r"[\[<>=!~ ;]", d, maxsplit=1)[0].lower() for d in DECLARED["project"]["dependencies"]
    }
    called = {
        "docx": "python-docx",
        "ruamel": "ruamel.yaml",
        "sklearn": "scikit-learn",
        "mpl_toolkits": "matplotlib",
    }
    imported = set()
    for path in (ROOT / "qualcode").rglob("*.py"):
        for match in re.finditer(
            r"^\s*(?:from|import) ([A-Za-z_]\w*)", path.read_text(encoding="utf-8"), re.M
        ):
            imported.add(match[1])
    foreign = imported - set(sys.stdlib_module_names) - {"qualcode", "__future__"}
    foreign = {name for name in foreign if name.islower()}
    missing = {called.get(n, n).replace("_", "-").lower() for n in foreign} - declared
    # Words that begin a sentence of a docstring look like imports; they are no module anywhere.
    missing = {name for name in missing if _is_module(name)}
    assert not missing


def _is_module(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name.replace("-", "_")) is not None


def test_the_makefile_explains_itself_and_works_from_a_path_with_a_blank(tmp_path: Path) -> None:
    folder = tmp_path / "a study"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    done = subprocess.run(["make"], cwd=folder, capture_output=True, text=True, check=True)
    for target in ("study", "test", "check", "bench", "clean"):
        assert f"make {target}" in done.stdout
    done = subprocess.run(
        ["make", "study", "PYTHON=no-such-python"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stdout
    assert not (folder / ".venv").exists()


def test_the_entry_of_the_continuous_integration_can_be_run() -> None:
    entry = ROOT / ".ci" / "run"
    assert os.access(entry, os.X_OK)
    subprocess.run(["bash", "-n", str(entry)], check=True)
    assert "make --no-print-directory test" in entry.read_text(encoding="utf-8")
