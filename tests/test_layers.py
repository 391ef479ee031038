"""The layers of the architecture: who may import whom, what an import costs, and that names do not collide."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "qualcode"

# The first part of a module's name decides its layer; whatever is named in neither set is the study.
VALUES = {
    "errors",
    "span",
    "transcript",
    "relocate",
    "edits",
    "coding",
    "suggestion",
    "case",
    "memo",
    "csvtext",
    "slug",
} | {f"codebook{part}" for part in ("", "_check", "_names", "_values", "_verbs")}
ANSWERS = {
    "analysis",
    "archive",
    "look",
    "page",
    "moved",
    "plot",
    "reliability",
    "assist",
    "widget",
    "report",
    "export",
    "example",
    "testing",
}
TOP = {"cli", "__main__"}
NOT_LOADED = (
    "spacy",
    "sklearn",
    "matplotlib",
    "seaborn",
    "IPython",
    "anywidget",
    "docx",
    "openpyxl",
    "lxml",
    "pypdfium2",
)


def layer(module: str) -> int:
    part = module.split(".")[1] if "." in module else ""
    stem = part.split("_")[0] if part.startswith(("cli_", "example_")) else part
    if part in VALUES:
        return 0
    return 3 if stem in TOP else 2 if stem in ANSWERS else 1


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports_of(module: str) -> set[str]:
    """Every module that a file imports, also inside functions, but not for type checking alone."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                visit(other)
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
                for _ in range(node.level - 1):
                    package = package.rpartition(".")[0]
                base = f"{package}.{base}".rstrip(".")
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                found.add(whole if whole in MODULES else base)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(MODULES[module].read_text(encoding="utf-8")))
    return found


INNER = [name for name in MODULES if name != "qualcode"]


@pytest.mark.parametrize("module", INNER)
def test_imports_go_downward_only(module: str) -> None:
    # "import qualcode" itself is the tour: only the command line and the example may stand on it.
    wrong = {
        other
        for other in imports_of(module)
        if other.startswith("qualcode") and layer(other) > layer(module)
        if other != "qualcode"
    }
    assert not wrong, f"{module} imports upward: {sorted(wrong)}"
    if layer(module) < 2:
        assert "qualcode" not in imports_of(module), f"{module} imports the tour, which imports it"


@pytest.mark.parametrize("module", [m for m in INNER if layer(m) == 0])
def test_values_stand_on_the_standard_library_and_pandas(module: str) -> None:
    allowed = set(sys.stdlib_module_names) | {"pandas", "numpy", "qualcode"}
    if module in ("qualcode.relocate", "qualcode.edits"):
        allowed |= {"rapidfuzz"}  # comparing texts, loaded when two differ
    assert {other.split(".")[0] for other in imports_of(module)} <= allowed


def test_the_special_borders() -> None:
    for module in INNER:
        inner = {other for other in imports_of(module) if other.startswith("qualcode.")}
        if module.startswith("qualcode.plot"):
            above = {o for o in inner if o.split(".")[1] not in {"plot", "analysis", "errors"}}
            assert not above, f"{module} takes a result and nothing else, but imports {above}"
        if module.startswith("qualcode.coding_page"):
            assert not {o for o in inner if o.startswith("qualcode.widget")}, module
        elif module != "qualcode.widget":
            assert "qualcode.widget.coding" not in inner, f"{module} loads the widget, and with it anywidget"
        if module.startswith("qualcode.analysis"):
            assert not {o for o in inner if o.startswith("qualcode.plot")}, module
        if module.startswith("qualcode.readers.") and not module.split(".")[2].startswith("_"):
            others = {o for o in inner if o.startswith("qualcode.readers.")}
            readers = {o for o in others if not o.split(".")[2].startswith("_")}
            assert not readers, f"{module} imports another reader: {readers}"


def test_only_the_reading_of_files_knows_file_formats() -> None:
    """What is slow to load is imported inside the function that needs it."""
    for module in INNER:
        tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
        top: set[str] = set()
        for node in tree.body:
            if isinstance(node, ast.Import):
                top.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                top.add(node.module.split(".")[0])
        heavy = top & {"spacy", "sklearn", "seaborn", "IPython", "anywidget"}
        if module in ("qualcode.widget.coding", "qualcode.widget.matrix"):
            heavy -= {"anywidget"}  # widgets; whoever makes one loads this module first
        assert not heavy, f"{module} loads {heavy} when it is imported"


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_qualcode_loads_nothing_heavy() -> None:
    loaded = run(f"import sys, qualcode; print([n for n in {NOT_LOADED!r} if n in sys.modules])")
    assert loaded.strip() == "[]"


def test_import_qualcode_adds_at_most_a_fifth_to_pandas() -> None:
    code = (
        "from time import perf_counter as now; a = now(); import pandas; b = now(); import qualcode; c = now();"
        "print((c - b) / (b - a))"
    )
    # The best of several: other programs can only make a run slower.
    ratio = min(float(run(code)) for _ in range(5))
    assert ratio <= 0.2, f"import qualcode adds {ratio:.0%} to import pandas"


def test_no_module_bears_the_name_of_a_public_function() -> None:
    """Importing a submodule sets it as an attribute of its package and would hide the function."""
    code = """
import importlib, inspect, pkgutil, types
import qualcode as qc
for found in pkgutil.walk_packages(qc.__path__, "qualcode."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
packages = [qc, *(m for m in vars(qc).values() if isinstance(m, types.ModuleType) and hasattr(m, "__path__"))]
for package in packages:
    for name in getattr(package, "__all__", ()):
        value = getattr(package, name)
        module = isinstance(value, types.ModuleType)
        print(package.__name__, name, "module" if module else "callable" if callable(value) else "value")
        assert not (callable(value) and f"{package.__name__}.{name}" in __import__("sys").modules), name
"""
    lines = [line.split() for line in run(code).splitlines()]
    modules = {name for package, name, kind in lines if kind == "module" and package == "qualcode"}
    assert modules <= {"plot", "testing", "readers"}, f"these public names are modules: {modules}"
    assert any(kind == "callable" for _, _, kind in lines)


def test_no_file_is_too_long_to_read() -> None:
    lengths = {
        str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines())
        for p in PACKAGE.rglob("*.py")
    }
    assert not {name: n for name, n in lengths.items() if n > 600}
