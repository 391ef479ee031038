"""Plain text and Markdown: every rule on labels, times and headers, with the full result."""

from __future__ import annotations

import pytest

from qualcode.readers import read_transcript, read_with_notes


def timed(transcript):
    return [(t.speaker, transcript.text_of(t), t.begins, t.ends) for t in transcript.turns]


PROSE = {
    "one line": ("Ana: yes", [("Ana", "yes")]),
    "two names once": ("Ana: Why?\nBen: Because.", [("Ana", "Why?"), ("Ben", "Because.")]),
    "paragraphs without a label go on": (
        "INT: Why?\n\nP1: Because.\n\nReally.\n\nINT: Oh.\n",
        [("INT", "Why?"), ("P1", "Because.\n\nReally."), ("INT", "Oh.")],
    ),
    "hard wraps": (
        "Ana: A long\nline that wraps.\nBen: Another\none.\nAna: Yes.",
        [("Ana", "A long\nline that wraps."), ("Ben", "Another\none."), ("Ana", "Yes.")],
    ),
    "French colon": (
        "Marie : Oui.\nJean\u00a0: Non.\nMarie\u202f: Ah.",
        [("Marie", "Oui."), ("Jean", "Non."), ("Marie", "Ah.")],
    ),
    "full-width colon": ("田中：はい\n佐藤：いいえ", [("田中", "はい"), ("佐藤", "いいえ")]),
    "right to left": (
        "\u200fמראיין: שלום\nדנה: כן",
        [("מראיין", "שלום"), ("דנה", "כן")],
    ),
    "question and answer": (
        "Q: Why?\nA: Because.\nQ: When?\nA: Now.",
        [("Q", "Why?"), ("A", "Because."), ("Q", "When?"), ("A", "Now.")],
    ),
    "deposition": (
        "Q. Why?\nA. Because.\nQ. When?\nA. Now.",
        [("Q", "Why?"), ("A", "Because."), ("Q", "When?"), ("A", "Now.")],
    ),
    "bold with the colon inside": (
        "**Ana:** Why?\n\n**Ben:** *Because*.\n\n**Ana:** Oh.",
        [("Ana", "Why?"), ("Ben", "*Because*."), ("Ana", "Oh.")],
    ),
    "bold with the colon outside": (
        "__Ana__: Why?\n\n**Ben**: Because.\n\n_Ana_: Oh.",
        [("Ana", "Why?"), ("Ben", "Because."), ("Ana", "Oh.")],
    ),
    "a text that is quoted throughout": (
        "> **Ana:** Why?\n>\n> **Ben:** Because.\n>\n> **Ana:** Oh.", [("Ana", "Why?"), ("Ben", "Because."), ("Ana", "Oh.")],
    ),
    "a list": ("1. **INT:** Why?\n2. **P1:** Because.\n3. **INT:** Oh.", [("INT", "Why?"), ("P1", "Because."), ("INT", "Oh.")]),
    "a code block": ("```text\nINT: Why?\nP1: Because.\n```", [("INT", "Why?"), ("P1", "Because.")]),
    "bold, a dash and no colon": (
        "**Ana** – Why?\n\n**Ben** – Because.\n\n**Ana** – Oh.\n\n**Ben** – Yes.",
        [("Ana", "Why?"), ("Ben", "Because."), ("Ana", "Oh."), ("Ben", "Yes.")],
    ),
    "bold and a hard break": (
        "**Ana**\\\nWhy?\n\n**Ben**  \nBecause.\n\n**Ana**\\\nOh.\n\n**Ben**  \nYes.",
        [("Ana", "Why?"), ("Ben", "Because."), ("Ana", "Oh."), ("Ben", "Yes.")],
    ),
    "name on its own line": (
        "Interviewer\nTell me.\n\nAna Lima\nWell.\n\nMore.\n\nInterviewer\nWhy?\n\nAna Lima\nBecause.",
        [("Interviewer", "Tell me."), ("Ana Lima", "Well.\n\nMore."), ("Interviewer", "Why?"), ("Ana Lima", "Because.")],
    ),
    "name and colon on their own line": (
        "Interviewer:\nTell me.\n\nAna:\nWell.\n\nInterviewer:\nWhy?\n\nAna:\nBecause.",
        [("Interviewer", "Tell me."), ("Ana", "Well."), ("Interviewer", "Why?"), ("Ana", "Because.")],
    ),
    "tab after the label": (
        "INT\tHello.\nP1\tHi.\nINT\tWhy?\nP1\tBecause.",
        [("INT", "Hello."), ("P1", "Hi."), ("INT", "Why?"), ("P1", "Because.")],
    ),
    "numbered lines": (
        "1  INT: Hello.\n2  P1: Hi.\n3. INT: Why?",
        [("INT", "Hello."), ("P1", "Hi."), ("INT", "Why?")],
    ),
    "names not capitalised": (
        "ana: a\nben: b\nana: c\nben: d\nana: e\nben: f\nana: g\nben: h",
        [(name, word) for name, word in zip(["ana", "ben"] * 4, "abcdefgh", strict=True)],
    ),
    "speech recogniser": (
        "SPEAKER_00: Hello.\nSPEAKER_01: Hi.\nSpeaker 2: Me too.",
        [("SPEAKER_00", "Hello."), ("SPEAKER_01", "Hi."), ("Speaker 2", "Me too.")],
    ),
    "titles, initials, particles": (
        "Dr. Ana Lima: a.\nJ. P. de Vries: b.\nO'Neil: c.\nAna-Lena: d.",
        [("Dr. Ana Lima", "a."), ("J. P. de Vries", "b."), ("O'Neil", "c."), ("Ana-Lena", "d.")],
    ),
    "line separators of other programs": (
        "Ana: Why?\u2028Ben: Because.\x0bAna: Oh.",
        [("Ana", "Why?"), ("Ben", "Because."), ("Ana", "Oh.")],
    ),
    "emoji and combining accents": (
        "Ana: 👩‍🚀 e\u0301 yes\nBen: 😀 no",
        [("Ana", "👩‍🚀 e\u0301 yes"), ("Ben", "😀 no")],
    ),
    "a captioner who speaks once": (
        "MEL: One.\n\nMore.\n\nAnd more.\n\nNICK: Two.\n\nMore.\n\nMEL: Three.\n\nNICK: Four.\n\nKIM: Once.",
        [("MEL", "One.\n\nMore.\n\nAnd more."), ("NICK", "Two.\n\nMore."), ("MEL", "Three."), ("NICK", "Four."),
         ("KIM", "Once.")],
    ),
    "an addition to a known name": (
        "MEL: One.\n\nNICK: Two.\n\nMEL, TYPING: Three.\n\nNICK (typed): Four.\n\nMel: Five.\n\nNICK: a\n\nMEL: b",
        [("MEL", "One."), ("NICK", "Two."), ("MEL, TYPING", "Three."), ("NICK (typed)", "Four."), ("Mel", "Five."),
         ("NICK", "a"), ("MEL", "b")],
    ),
    "a label without words": ("Ana: One.\nBen:\nAna: Two.\nBen: Three.",
                              [("Ana", "One."), ("Ana", "Two."), ("Ben", "Three.")]),
    "the end of the page is nobody's": (
        "Ana: One.\nBen: Two.\nAna: Three.\n\n[END OF TRANSCRIPT]\n\n---\n",
        [("Ana", "One."), ("Ben", "Two."), ("Ana", "Three.")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROSE)
def test_labels(name, read, said):
    text, expected = PROSE[name]
    transcript, _, format = read("talk.txt", text)
    assert said(transcript) == expected
    assert format == "text"
    assert transcript.text == text


NOT_LABELS = [
    "So the first one is: trust.",
    "Option number two is: money.",
    "Note: the tape ends here.",
    "Break: coffee.",
    "12:30: lunch.",
    "//S02: hi //",
    "http://example.org/a",
    "He said: go.",
    "(Laughter): all.",
    "> MEL: quoted",
    "[Ed: changed later]",
    "The three of us, Mel, Kim and I, thought about this for long: why?",
    "However… The good side of that is: trust",
    "Yes: of course",
    "e.g.: this",
    "Part 2: the end",
]


ONLY_INTERVIEWER = {
    "the next line answers": (
        "Task 1\nMODERATOR: Shall we?\n Yes.\n No idea.\nMODERATOR: Next?\nMODERATOR: And?\nThe map.\n",
        [("MODERATOR", "Shall we?"), (None, "Yes.\n No idea."), ("MODERATOR", "Next?"), ("MODERATOR", "And?"),
         (None, "The map.")],
    ),
    "the next paragraph answers": (
        "Interviewer: Shall we?\nOr not?\n\nYes.\n\nNo idea.\n\nInterviewer:\nNext?\n\nThe map.\n",
        [("Interviewer", "Shall we?\nOr not?"), (None, "Yes.\n\nNo idea."), ("Interviewer", "Next?"), (None, "The map.")],
    ),
    "nobody answers": ("Moderator: Shall we?\n\nModerator: Next?\n", [("Moderator", "Shall we?"), ("Moderator", "Next?")]),
}  # fmt: skip


@pytest.mark.parametrize("name", ONLY_INTERVIEWER)
def test_where_only_the_interviewer_has_a_label_answers_are_not_hers(name, read, said):
    text, turns = ONLY_INTERVIEWER[name]
    transcript, notes, _ = read("a.txt", text)
    assert said(transcript) == turns
    answers = sum(1 for speaker, _ in turns if speaker is None)
    told = [note.message for note in notes if "Nobody but the interviewer has a label" in note.message]
    assert told == ([f"Nobody but the interviewer has a label; the talk between was taken as somebody else's: "
                     f"{answers} turns without a speaker."] if answers else [])  # fmt: skip


def test_a_time_above_an_answer_without_a_label_is_its_own(read, said):
    transcript, _, _ = read(
        "a.txt", "Interviewer: [0:01] Why?\n\n0:05\nBecause.\n\nInterviewer: [0:09] Oh.\n\nYes.\n"
    )
    assert timed(transcript)[:2] == [("Interviewer", "Why?", 1, None), (None, "Because.", 5, None)]


def test_a_label_that_the_caller_calls_a_participant_goes_on_speaking(read, said):
    text = "Researcher: One.\n\nTwo.\n\nResearcher: Three.\n"
    transcript, _, _ = read("a.txt", text, roles={"Researcher": "participant"})
    assert said(transcript) == [("Researcher", "One.\n\nTwo."), ("Researcher", "Three.")]
    assert said(read("a.txt", text)[0])[1] == (None, "Two.")


@pytest.mark.parametrize("line", NOT_LABELS)
def test_no_speaker_is_invented(line, read, said):
    text = f"MEL: Why?\n\nKIM: Because.\n\n{line}\n\nMEL: Oh.\n\nKIM: Yes.\n"
    transcript, _, _ = read("talk.txt", text)
    assert said(transcript) == [
        ("MEL", "Why?"), ("KIM", f"Because.\n\n{line}"), ("MEL", "Oh."), ("KIM", "Yes."),
    ]  # fmt: skip


def test_notes_and_headings_have_no_speakers(read):
    text = "P1R3\n\nCONTEXT\n- Reads the code\n\nTRANSCRIPT\n- Asks: why so?\n\nGoal: tests\n\nAim: more\n"
    transcript, notes, _ = read("protocol.txt", text)
    assert transcript.turns == ()
    assert [str(note) for note in notes] == [
        "guessed: No speakers are named; the text has no turns. Pass speakers= if it has labels.",
        "guessed: 1 line with a colon was taken as talk, not as a label (line 7). Pass speakers= to name labels.",
    ]


def test_labels_before_a_dash_are_named_by_the_hint(read):
    text = "Maria – It drifts.\nBob – Does it?\nMaria – Yes.\nBob – Oh.\nOnce – twice.\nSo it is – yes.\nSo it is – no.\n"
    transcript, notes, _ = read("talk.txt", text)
    assert transcript.turns == ()
    assert str(notes[0]) == (
        "guessed: No speakers are named; the text has no turns. Maria and Bob stand before a dash: if these speak, pass "
        "speakers={'Maria': 'Maria', 'Bob': 'Bob'}."
    )
    transcript, _, _ = read("talk.txt", text, speakers={"Maria": "Maria", "Bob": "Bob"})
    assert [turn.speaker for turn in transcript.turns] == ["Maria", "Bob", "Maria", "Bob"]


BOLD = "**Interviewer:** Why?\n\n**P7:** So.\n\n**Interviewer:** Oh?\n\n**P7:** Yes.\n"


@pytest.mark.parametrize("heading", ["# Heading: trust\n\n", "## Trust: why\n", "# **Trust:** why\n\n"])
def test_headings_never_speak(heading, read, said):
    for text in (heading + BOLD, BOLD + "\n" + heading, heading + BOLD + heading + BOLD):
        transcript, _, _ = read("talk.md", text)
        assert set(transcript.speakers) == {"Interviewer", "P7"}


def test_a_heading_that_the_caller_names_speaks(read, said):
    transcript, _, _ = read("talk.md", "## Trust: why\n\n## Cole: so\n", speakers={"Trust": "I", "Cole": "P"})
    assert said(transcript) == [("I", "why"), ("P", "so")]


@pytest.mark.parametrize(
    "days",
    [("Thursday", "Friday"), ("Montag", "Dienstag"), ("May", "June"), ("12 May", "13 May"), ("lundi", "mardi"),
     ("Thursday 12 May", "Friday 13 May"), ("MONDAY", "TUESDAY")],
)  # fmt: skip
def test_days_and_months_never_speak(days, read):
    one, two = days
    for bold in ("", "**"):
        lines = [f"{bold}{day}:{bold} we tested." for day in (one, two, one, two, one)]
        transcript, _, _ = read("diary.txt", "\n\n".join(lines))
        assert transcript.speakers == ()
        transcript, _, _ = read("talk.txt", BOLD.replace("So.", "So.\n\n" + "\n\n".join(lines)))
        assert set(transcript.speakers) == {"Interviewer", "P7"}


def test_june_may_be_a_person(read):
    transcript, _, _ = read("talk.txt", "I: Why?\nJune: So.\nI: Oh?\nJune: Yes.\nI: Ah?\nJune: No.\n")
    assert transcript.speakers == ("I", "June")


TIMES = {
    "before the label": ("[00:01:02] Ana: a\n[00:01:05] Ben: b", [("Ana", "a", 62, None), ("Ben", "b", 65, None)]),
    "bare before the label": ("0:05 Ana: a\n1:00:00 Ben: b", [("Ana", "a", 5, None), ("Ben", "b", 3600, None)]),
    "between label and colon": ("Ana (00:01): a\nBen [00:02]: b", [("Ana", "a", 1, None), ("Ben", "b", 2, None)]),
    "after the colon": ("Ana: [0:01] a\nBen: (0:02) b", [("Ana", "a", 1, None), ("Ben", "b", 2, None)]),
    "bold and a time": ("**Ana** [0:00] a\n\n**Ben** [0:06] b", [("Ana", "a", 0, None), ("Ben", "b", 6, None)]),
    "escaped": ("**Ana:** \\[01:46\\] a\n\n**Ben:** \\[01:48\\] b",
                [("Ana", "a", 106, None), ("Ben", "b", 108, None)]),
    "Otter": ("Ana  0:00  \na\n\nBen  1:02:05  \nb\nc\n", [("Ana", "a", 0, None), ("Ben", "b\nc", 3725, None)]),
    "Rev": ("Ana (00:15):\na\n\nBen (00:18):\nb", [("Ana", "a", 15, None), ("Ben", "b", 18, None)]),
    "Zoom text": ("[Ana Lima] 10:05:01\na\n\n[Ben] 10:05:09\nb", [("Ana Lima", "a", 36301, None), ("Ben", "b", 36309, None)]),
    "Teams": (
        "Talk-Meeting Transcript\n15 June 2026, 03:35am\n27m 42s\nAna Lima started transcription\n"
        "Ben Ode   0:03\na\nAna Lima   0:05\nb\nc\nBen Ode   0:19\nd\nAna Lima stopped transcription",
        [("Ben Ode", "a", 3, None), ("Ana Lima", "b\nc", 5, None), ("Ben Ode", "d", 19, None)],
    ),
    "Teams, first shape": (
        "0:0:5.100 --> 0:0:8.250\nAna Lima\nHello.\n0:0:9.0 --> 0:0:12.000\nBen\nYeah.\nMore.",
        [("Ana Lima", "Hello.", 5.1, 8.25), ("Ben", "Yeah.\nMore.", 9, 12)],
    ),
    "on the line above": ("00:12\nAna: a\n00:15\nBen: b", [("Ana", "a", 12, None), ("Ben", "b", 15, None)]),
    "f4, at the end": ("I: a #00:00:05-1#\nP: b #00:00:09-3#", [("I", "a", None, 5.1), ("P", "b", 5.1, 9.3)]),
    "without names": (
        "[00:00.000 --> 00:05.000]  a\n[00:05.000 --> 00:07.000]  b",
        [(None, "a", 0, 5), (None, "b", 5, 7)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TIMES)
def test_times(name, read):
    text, expected = TIMES[name]
    transcript, _, _ = read("talk.txt", text)
    assert timed(transcript) == expected
    assert transcript.text == text


def test_times_in_the_text_are_marks_and_stay_in_the_text(read):
    text = "Ana: [0:01] one [00:00:05] two, at 12:30.\nBen: yes (00:00:09)\n"
    transcript, _, _ = read("talk.txt", text)
    assert timed(transcript) == [
        ("Ana", "one [00:00:05] two, at 12:30.", 1, None), ("Ben", "yes", None, None),
    ]  # fmt: skip
    assert [(mark.begins, text[mark.position :][:3]) for mark in transcript.marks] == [(1, "one"), (5, "two")]


def test_an_end_before_its_beginning_is_left_open_and_told(read):
    text = "[0:09 - 0:05] Ana: a\n[0:10 - 0:12] Ben: b [0:30 - 0:20] c\nAna: d #00:00:40-0#\nBen: [0:50] e #00:00:45-0#\n"
    transcript, notes, _ = read("talk.txt", text)
    assert timed(transcript) == [
        ("Ana", "a", 9, None), ("Ben", "b [0:30 - 0:20] c", 10, 12), ("Ana", "d", None, 40), ("Ben", "e", 50, None),
    ]  # fmt: skip
    assert [(mark.begins, mark.ends) for mark in transcript.marks] == [
        (9, None),
        (10, 12),
        (30, None),
        (50, None),
    ]
    assert "changed: 2 turns end before the beginning (turn 1, 4); the end was left open." in map(str, notes)


def test_times_that_run_backward_are_noted(read):
    _, notes, _ = read("talk.txt", "[0:09] Ana: a\n[0:05] Ben: b\n[0:10] Ana: c")
    assert (
        "kept: 1 time mark begins earlier than the one above (time mark 2); the order of the file was kept."
        in [str(note) for note in notes]
    )


HEADERS = {
    "facts and names": "Date: 12 May\nDuration: 40 min\nInterviewer: Ana Lima\nParticipant: P7\n",
    "facts after names": "Interviewer: Ana Lima\nParticipant: P7\nDate: 12 May 2026\n",
    "names only": "Interviewer: Ana Lima\nParticipant: Ben Ode\n",
    "legend": "Interviewer: Interviewer\nParticipant: Participant\n",
    "title and facts": "A talk about models\n\n**Date:** 12 May\n\n**Place:** Berlin\n",
    "Otter": "SUMMARY KEYWORDS\nmodel, drift, team\n\nSPEAKERS\nAna, Ben\n",
    "Markdown headings": "# License\n\nI hereby release this under the following: http://example.org.\n\n# BEGIN\n",
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_are_outside_all_turns(name, read, said):
    text = HEADERS[name] + "\nInterviewer: Hello, why?\nParticipant: Because.\n\nInterviewer: Oh.\n"
    transcript, _, _ = read("talk.md", text)
    assert said(transcript) == [
        ("Interviewer", "Hello, why?"), ("Participant", "Because."), ("Interviewer", "Oh."),
    ]  # fmt: skip


def test_a_greeting_is_no_header(read, said):
    transcript, _, _ = read(
        "talk.txt", "Interviewer: Hello\nParticipant: Hi\n\nInterviewer: Why?\nParticipant: So."
    )
    assert len(transcript.turns) == 4


def test_named_labels_are_certain(read, said):
    text = "so the first: a\nBreak: b\nX: c\nthe end\n"
    transcript, notes, _ = read(
        "talk.txt",
        text,
        speakers={"So the first": "Ana", "Break": "Ben", "Nobody": "Kim"},
        roles={"X": "other"},
    )
    assert said(transcript) == [("Ana", "a"), ("Ben", "b"), ("X", "c\nthe end")]
    assert transcript.roles == {"X": "other"}
    assert "dropped: speakers= names 'Nobody', which no turn of the file has." in [
        str(note) for note in notes
    ]


def test_lines_taken_as_talk_are_noted_by_number(read):
    text = "MEL: a\n\nKIM: b\n\nPython: c\n\nMEL: d\n\nand so on\n\nand so on\n\nKIM: e\n"
    _, notes, _ = read("talk.txt", text)
    assert [str(note) for note in notes if "colon" in note.message] == [
        "guessed: 1 line with a colon was taken as talk, not as a label (line 5). Pass speakers= to name labels."
    ]


def test_written_files(data, said):
    interview = read_transcript(data / "text" / "interview.txt")
    assert said(interview) == [
        ("Interviewer", "Thanks for coming. What do you do?"),
        (
            "P4",
            "I keep the models running.\n\nAnd I write the tests.\n\nSo the first one is: trust. Then: [00:01:02] "
            "money.\n\nNote: the window was open.",
        ),
        ("INTERVIEWER", "Go on."),
        ("P4", "That is all 👩‍🔬."),
    ]
    assert interview.roles == {
        "Interviewer": "interviewer",
        "P4": "participant",
        "INTERVIEWER": "interviewer",
    }
    assert timed(read_transcript(data / "text" / "otter.txt")) == [
        ("Ana", "Why does it drift?", 0, None),
        ("Ben", "Because the data change.\nAll the time.", 7, None),
        ("Unknown Speaker", "Sorry.", 3725, None),
    ]
    episode = read_transcript(data / "text" / "episode.md")
    assert timed(episode) == [
        ("Emma", "Welcome back.", None, None),
        ("Ali", "Thanks.\n\nIt took *a while*.", 106, None),
        ("Emma", "And we are back.", None, None),
        ("Ali", "Python: a language.\n\n> EMMA: quoted", None, None),
    ]
    assert timed(read_transcript(data / "text" / "teams_blocks.txt")) == [
        ("Ana Lima", "Hello there.", 5.1, 8.25),
        ("Ben Ode", "Yeah.\nMore.", 9, 12),
        ("Ana Lima", "Fine.", 62.5, 63),
    ]


def test_times_that_are_links(read):
    text = "**Ana** [0:05](https://a.b/?t=5) Why?\n\n**Ben** [0:09](https://a.b/?t=9) Because.\n\n**Ana** [1:19](https://a.b/?t=79) Oh."
    expected = [("Ana", "Why?", 5, None), ("Ben", "Because.", 9, None), ("Ana", "Oh.", 79, None)]
    assert timed(read("talk.md", text)[0]) == expected
    before = "[0:05](https://a.b/?t=5) **Ana:** Why?\n\n[0:09](https://a.b/?t=9) **Ben:** Because."
    assert timed(read("talk.md", before)[0]) == expected[:2]


def test_a_time_on_a_line_of_its_own_under_the_name(read):
    text = "Ana Lima\n0:05\nWhy?\n\nBen\n0:09\nBecause.\n\nAna Lima\n0:15\nOh.\n\nBen\n0:20\nYes.\n"
    assert timed(read("talk.txt", text)[0]) == [
        ("Ana Lima", "Why?", 5, None), ("Ben", "Because.", 9, None), ("Ana Lima", "Oh.", 15, None), ("Ben", "Yes.", 20, None),
    ]  # fmt: skip


def test_a_table_in_markdown(read):
    text = "| Time | Speaker | Text |\n|:---|:---:|---|\n| 0:05 | Ana | Why is it? |\n| 0:09 | Ben | Because it is. |\n"
    transcript, _, format = read("talk.md", text)
    assert (format, timed(transcript)) == (
        "csv",
        [("Ana", "Why is it?", 5, None), ("Ben", "Because it is.", 9, None)],
    )


def test_timed_sentences_of_nobody_keep_their_times(read):
    text = (
        "[00:00:05] So this is how it began.\n[00:00:09] Why?\n[00:00:12] Because it had to, and that was it."
    )
    assert timed(read("talk.txt", text)[0]) == [
        (None, "So this is how it began.", 5, None), (None, "Why?", 9, None), (None, "Because it had to, and that was it.", 12, None),
    ]  # fmt: skip


def test_word_for_the_web(read):
    text = "Audio file\ntalk.mp3\n\nTranscript\n\n00:00:03 Speaker 1\nWhy?\n\n00:00:09 Speaker 2\nBecause.\n\n00:00:12 Speaker 1\nOh."
    assert timed(read("talk.txt", text)[0]) == [
        ("Speaker 1", "Why?", 3, None), ("Speaker 2", "Because.", 9, None), ("Speaker 1", "Oh.", 12, None),
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["Transcription ended after 00:07:12", "This transcript was exported on May 2, 2026 - view latest version here.",
                                 "This editable transcript was computer generated and might contain errors."])  # fmt: skip
def test_what_programs_write_at_the_end_is_not_said(end, read, said):
    assert said(read("talk.txt", f"Ana Lima: Why?\nBen: Because.\nAna Lima: Oh.\n{end}\n")[0])[-1] == (
        "Ana Lima",
        "Oh.",
    )


@pytest.mark.parametrize(
    ("name", "format"), [("talk.txt", "text"), ("talk.bin", "text"), ("talk", "text"), ("talk.srt", "srt")]
)
def test_blocks_of_teams_are_prose_unless_the_name_says_captions(name, format, data, write, said):
    path = write(name, (data / "text" / "teams_blocks.txt").read_bytes())
    transcript, _, found = read_with_notes(path)
    assert found == format
    if format == "text":
        assert said(transcript) == [
            ("Ana Lima", "Hello there."),
            ("Ben Ode", "Yeah.\nMore."),
            ("Ana Lima", "Fine."),
        ]


def test_a_zero_byte_in_the_words_is_kept_and_told(read):
    transcript, notes, format = read("talk.txt", "Ana: Why so?\nBen: Because.\n" * 9 + "Ana: O\x00h.\n")
    assert (format, len(transcript.turns)) == ("text", 19)
    assert transcript.text_of(transcript.turns[-1]) == "O\x00h."
    assert "kept: The text holds 1 zero byte." in map(str, notes)
