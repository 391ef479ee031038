"""What can be typed after ``qualcode``: verbs, options and their help, one screen each."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from qualcode.cli_words import one_line

VERBS = (
    "init",
    "preview",
    "import",
    "survey",
    "open",
    "code",
    "codebook",
    "matrix",
    "correct",
    "update",
    "undo",
    "status",
    "check",
    "merge",
    "export",
    "backup",
    "restore",
)

Verbs = Any  # argparse keeps the class of its sub-parsers private

_INTRODUCTION = """\
Qualitative interview analysis: interviews in, coded passages and the matrix of
your paper out. A study is a folder of plain files; run qualcode inside it.
"""
_FIRST_STEPS = """\
first steps:
  qualcode init my-study --coder ana       begin a study
  cd my-study
  qualcode import ~/interviews/*.docx      read the interviews
  qualcode code P7 "we never met" trust    put a code on a passage
  qualcode matrix --out figures/matrix.pdf count and draw

'qualcode VERB --help' explains one verb on one screen.
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line and exit code 1, as all errors of qualcode."""

    def error(self, message: str) -> NoReturn:
        self.exit(1, f"qualcode: {one_line(message)}. See: {self.prog} --help\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line.

    Examples
    --------
    >>> build_parser().parse_args(["status", "--json"]).verb
    'status'
    """
    parser = _Parser(
        prog="qualcode",
        description=_INTRODUCTION,
        epilog=_FIRST_STEPS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    # No metavar would list the hidden verbs too.
    verbs = parser.add_subparsers(dest="verb", title="verbs", metavar="VERB")
    _add_init(verbs)
    _add_preview(verbs)
    _add_import(verbs)
    _add_survey(verbs)
    _add_open(verbs)
    _add_code(verbs)
    _add_codebook(verbs)
    _add_matrix(verbs)
    _add_correct(verbs)
    _add_update(verbs)
    _add_undo(verbs)
    _add_status(verbs)
    _add_check(verbs)
    _add_merge(verbs)
    _add_export(verbs)
    _add_backup(verbs)
    _add_restore(verbs)
    _add_merge_file(verbs)
    return parser


def _verb(verbs: Verbs, name: str, summary: str, text: str, example: str, *, json: bool = False) -> _Parser:
    parser: _Parser = verbs.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}. {text}",
        epilog="examples:\n" + "\n".join(f"  {line}" for line in example.strip().splitlines()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=name)
    if name not in ("init", "preview", "open", "merge-file"):
        parser.add_argument(
            "--project", metavar="FOLDER", default=".", help="the study (default: this folder)"
        )
    if json:
        parser.add_argument("--json", action="store_true", help="print JSON for a program to read")
    return parser


def _coder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--coder", metavar="ID", help="who does this (default: your own settings)")


def _add_init(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "init",
        "begin a study in a folder",
        "Files that are already there stay as they are.\n"
        "Interviews and transcripts are kept out of git until you decide otherwise.",
        "qualcode init my-study --coder ana\n"
        "qualcode init . --codebook codebook.xlsx --title 'Remote work'\n"
        "qualcode init try-it --example\n"
        "qualcode init solved --example --solution",
    )
    p.add_argument("folder", nargs="?", default=".", help="where (default: this folder)")
    p.add_argument("--codebook", metavar="FILE", help="start with this codebook (.yaml, .csv or .xlsx)")
    p.add_argument("--title", help="what the study is called")
    p.add_argument("--coder", metavar="ID", help="your short name as a coder; remembered on this computer")
    p.add_argument(
        "--example", action="store_true", help="with 45 made-up interviews to import and code, and a codebook"
    )
    p.add_argument("--solution", action="store_true", help="with --example: imported and coded already")


def _reading(p: argparse.ArgumentParser) -> None:
    """Options on how a file is read."""
    p.add_argument("--format", help="how to read them (default: found out from name and content)")
    p.add_argument("--encoding", help="of text files (default: found out)")
    p.add_argument(
        "--speaker",
        action="append",
        default=[],
        metavar="'IN FILE=WANTED'",
        help="unify a speaker's spelling",
    )
    p.add_argument(
        "--role",
        action="append",
        default=[],
        metavar="SPEAKER=ROLE",
        help="interviewer, participant or other",
    )
    p.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=HEADING",
        help="of a table: where text, speaker, start, end, duration or source stand",
    )
    p.add_argument(
        "--pseudonyms",
        metavar="CSV",
        help="table with the columns name,pseudonym: no real name enters the study",
    )


def _sheet(p: argparse.ArgumentParser) -> None:
    p.add_argument("--sheet", metavar="NAME", help="of an Excel file (default: found out)")


def _add_preview(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "preview",
        "show what an interview file would become",
        "Speakers, turns, times, the first lines,\nand what would be dropped. Nothing is stored.",
        "qualcode preview P7.docx\nqualcode preview P7.txt --role Ana=interviewer",
    )
    p.add_argument("files", nargs="+", metavar="FILE", help="transcripts")
    _reading(p)
    _sheet(p)


def _add_import(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "import",
        "read interviews into the study",
        "Word, PDF, text, subtitles, JSON, ELAN,\ntables, ... A file that cannot be read is reported; the others are read.",
        "qualcode import interviews/*.docx --role I=interviewer --role P=participant\n"
        "qualcode import interviews\n"
        "qualcode import P7.vtt --speaker 'Interviewer 1=Interviewer'\n"
        "qualcode import P8.txt --pseudonyms names.csv\n"
        "qualcode import dialogues.csv --split-by transcript_id --column text=utterance\n"
        "qualcode import P9.docx --keep comment --keep 'tracked change'",
        json=True,
    )
    p.add_argument("files", nargs="+", metavar="FILE", help="transcripts, or folders of them")
    p.add_argument("--id", help="the source id, for one file (default: from the file's name)")
    _reading(p)
    _sheet(p)
    p.add_argument(
        "--split-by", metavar="HEADING", help="of a table: the column that names the interview of each row"
    )
    p.add_argument("--synthetic", action="store_true", help="mark as made up; figures say so")
    p.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar="KIND",
        help="keep what is hidden in the file: comment (as your memos), property, tracked change, hidden text, "
        "custom xml, address, signed address",
    )
    _coder(p)


def _add_open(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "open",
        "read and code interviews in the browser",
        "The page is served by this computer to\nitself alone; nothing leaves it. Everything is written at once. Ctrl-C ends.",
        "qualcode open my-study\nqualcode open my-study --source P7 --coder ben --blind",
    )
    p.add_argument(
        "folder", nargs="?", default=".", metavar="FOLDER", help="the study (default: this folder)"
    )
    p.add_argument("--source", metavar="ID", help="begin with this one (default: where you were)")
    p.add_argument("--blind", action="store_true", help="do not show what other coders did")
    p.add_argument("--port", type=int, default=0, help="listen on this port (default: a free one)")
    p.add_argument("--no-browser", action="store_true", help="only print the address")
    _coder(p)


def _add_survey(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "survey",
        "read a survey: one row a respondent",
        "Every respondent becomes a case, with the\nclosed answers as attributes, and a source, with the open answers to code.",
        "qualcode survey answers.csv --preview\n"
        "qualcode survey answers.xlsx --open 'What went wrong?' --closed 'Years=experience'",
    )
    p.add_argument("file", metavar="FILE", help=".csv or .xlsx, as survey tools export it")
    p.add_argument(
        "--preview", action="store_true", help="say what every column would become; nothing is stored"
    )
    p.add_argument(
        "--id", metavar="HEADING", help="the column with ids (default: found out); '' numbers respondents"
    )
    p.add_argument(
        "--open", action="append", default=[], metavar="HEADING", help="an open question (default: found out)"
    )
    p.add_argument(
        "--closed",
        action="append",
        default=[],
        metavar="HEADING[=NAME]",
        help="a closed question, and the name of the attribute it becomes (default: found out)",
    )
    p.add_argument("--prefix", default="", help="put before every id, for example S-")
    p.add_argument("--kind", default="participant", help="of the cases (default: participant)")
    p.add_argument("--encoding", help="of a .csv (default: found out)")
    _sheet(p)
    p.add_argument("--pseudonyms", metavar="CSV", help="as for import")
    p.add_argument("--synthetic", action="store_true", help="mark as made up; figures say so")
    _coder(p)


_WHERE = (
    "  turn:12      the whole 12th turn\n"
    "  120-188      from character 120 up to, not including, 188\n"
    "  00:01:02     the turn that is spoken at that time\n"
    "  quote:12-14  words that look like one of the above"
)
"""How a passage is typed."""


def _add_correct(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "correct",
        "correct a passage; codings follow",
        "WHERE is the words themselves, or one of\n" + _WHERE,
        "qualcode correct P7 'the modle drifts' 'the model drifts'\nqualcode correct P7 turn:12 ''",
    )
    p.add_argument("source", metavar="SOURCE", help="the source id, as in 'qualcode status'")
    p.add_argument("where", metavar="WHERE", help="the passage")
    p.add_argument("text", metavar="TEXT", help="what stands there instead; '' takes the passage out")
    _coder(p)


def _add_update(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "update",
        "take a newer transcript of a source; codings follow",
        "For example the one that a typist\ncorrected. The version before is kept.",
        "qualcode update P7 P7-corrected.docx",
    )
    p.add_argument("source", metavar="SOURCE", help="the source id, as in 'qualcode status'")
    p.add_argument("file", metavar="FILE", help="the newer transcript")
    _reading(p)
    _coder(p)


def _add_undo(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "undo",
        "take your own last steps back",
        "Nothing that others did is touched, and what is undone\ncan be done again.",
        "qualcode undo\nqualcode undo 3\nqualcode undo --redo",
    )
    p.add_argument("steps", nargs="?", type=int, default=1, metavar="STEPS", help="how many (default: 1)")
    p.add_argument("--redo", action="store_true", help="do again what was undone last")
    p.add_argument(
        "--past-merge", action="store_true", help="also what was done before another copy was merged in"
    )
    _coder(p)


def _add_code(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "code",
        "put a code on a passage",
        "WHERE is the words themselves, or one of\n" + _WHERE,
        'qualcode code P7 "we never met the data team" trust\n'
        "qualcode code P7 turn:12 'Team > Trust' --stance counters --memo 'an exception'",
    )
    p.add_argument("source", metavar="SOURCE", help="the source id, as in 'qualcode status'")
    p.add_argument("where", metavar="WHERE", help="the passage")
    p.add_argument("code", metavar="CODE", help="id, name or 'Parent > Name' of a code")
    p.add_argument("--stance", default="supports", help="supports (default), counters or mixed")
    p.add_argument("--memo", metavar="TEXT", help="a note on this coding")
    p.add_argument(
        "--create", action="store_true", help="make the code if the codebook has none of that name"
    )
    _coder(p)


def _add_codebook(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "codebook",
        "show or change the codebook",
        "Without anything more it is shown. Every change is\nmade once for all coders; codings follow it.",
        "qualcode codebook\n"
        "qualcode codebook new 'Waiting for data' --parent 'Team > Delay'\n"
        "qualcode codebook merge delay waiting --into delay\n"
        "qualcode codebook export codebook.xlsx",
        json=True,
    )
    p.add_argument(
        "action",
        nargs="?",
        default="show",
        metavar="ACTION",
        choices=["show", "check", "import", "export", "new", "rename", "move", "merge", "retire", "freeze"],
        help="show | check | import FILE | export FILE | new NAME | rename CODE NAME | move CODE | "
        "merge CODES --into CODE | retire CODE | freeze NOTE",
    )
    p.add_argument("words", nargs="*", metavar="...", help="what the action needs, as above")
    p.add_argument("--facet", metavar="FACET", help="new, move: the facet")
    p.add_argument("--parent", metavar="CODE", help="new, move: the code above")
    p.add_argument("--into", metavar="CODE", help="merge: the code that stays")
    p.add_argument("--definition", metavar="TEXT", help="new: what the code means")
    _coder(p)


def _add_matrix(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "matrix",
        "count codes against codes and draw the figure",
        "Rows and columns are a facet, a code\n"
        "(its sub-codes), several codes with commas between, source, case, or an attribute.",
        "qualcode matrix\n"
        "qualcode matrix --rows collaboration-point --columns theme --out figures/matrix.pdf\n"
        "qualcode matrix --count-by participant --style bubbles --coders ana,ben --out m.svg",
        json=True,
    )
    p.add_argument("--rows", help="default: the first facet")
    p.add_argument("--columns", help="default: the second facet, or source")
    p.add_argument("--count-by", default="source", help="source (default), coding, segment or a kind of case")
    p.add_argument(
        "--relation",
        default="marked",
        help="when two codes meet: codebook, marked (default), segment, overlap, turn, turns or source",
    )
    p.add_argument("--coders", help="whose codings, commas between (default: the human coders)")
    p.add_argument(
        "--style", default="icons", help="of the figure: icons (default), dots, bubbles or heatmap"
    )
    p.add_argument("--width", type=float, default=7.0, help="of the figure in inches (default: 7)")
    p.add_argument("--all", action="store_true", help="print all rows and columns, however many")
    p.add_argument("--out", metavar="FILE", help="draw the figure into this .pdf, .svg or .png")


def _add_status(verbs: Verbs) -> None:
    _verb(
        verbs,
        "status",
        "show what is there, and how far each coder is",
        "One line per source with its length\nand codings, then who has finished what.",
        "qualcode status\nqualcode status --json",
        json=True,
    )


def _add_check(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "check",
        "look for anything wrong in the files of the study",
        "One line per problem, with file,\nline and what to do; exit code 1 if there is one. Nothing is changed\nwithout --repair.",
        "qualcode check\nqualcode check --repair\nqualcode check --json",
        json=True,
    )
    p.add_argument("--repair", action="store_true", help="first mend what is safe, and say what was mended")


def _add_merge(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "merge",
        "bring another copy of this study into this one",
        "For copies that came by mail or a\n"
        "shared folder; with git, 'git merge' does the same. The other copy is only read.",
        "qualcode merge ../study-of-ben --preview\nqualcode merge ../study-of-ben\nqualcode merge --all handed-in",
    )
    p.add_argument("other", metavar="FOLDER", help="the other copy; with --all, the folder in which many lie")
    p.add_argument(
        "--all",
        action="store_true",
        help="take everything in the folder: copies, .zip files of copies, files of hand-outs",
    )
    p.add_argument("--preview", action="store_true", help="say what would change and change nothing")
    p.add_argument("--unrelated", action="store_true", help="merge though nothing tells that they are copies")
    _coder(p)


def _add_export(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "export",
        "write the tables of the study as Excel or CSV",
        "Without --quotes nothing that\n"
        "was said is written, only places and lengths; memos and definitions are yours.",
        "qualcode export tables.xlsx\nqualcode export tables/ --quotes",
    )
    p.add_argument("out", metavar="OUT", help="a file ending in .xlsx, or a folder for CSV files")
    p.add_argument("--quotes", action="store_true", help="also write the coded passages and the turns")
    p.add_argument("--replace", action="store_true", help="write over files that are there")


def _add_backup(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "backup",
        "write the whole study into one .zip",
        "Transcripts, raw interviews,\n"
        "notebooks, figures and notes are in it; hidden files (.git, .venv) and caches are\n"
        "not, nor files of more than 10 MB elsewhere in the folder, which are named. Keep\n"
        "it where the interviews are. It is read back before this ends.",
        "qualcode backup ~/safe/study-may.zip",
    )
    p.add_argument("out", metavar="ZIP", help="the file to write, outside the study")
    p.add_argument("--replace", action="store_true", help="write over a file that is there")


def _add_restore(verbs: Verbs) -> None:
    p = _verb(
        verbs,
        "restore",
        "bring a study back from a backup",
        "It goes into a new folder; nothing that is\nthere is touched.",
        "qualcode restore ~/safe/study-may.zip my-study-again",
    )
    p.add_argument("file", metavar="ZIP", help="what 'qualcode backup' wrote")
    p.add_argument("folder", metavar="FOLDER", help="a folder that is new or empty")


def _add_merge_file(verbs: Verbs) -> None:
    # Called by git alone, as set up by init: hidden from the list of verbs.
    p = verbs.add_parser(
        "merge-file", description="Merge one file of a study. Git calls this, as set up by init."
    )
    p.set_defaults(run="merge-file")
    for name in ("base", "ours", "theirs", "path"):
        p.add_argument(name)
