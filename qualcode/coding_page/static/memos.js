/** The panel of memos: what was thought about this source, a code, the study; to write, change and take away. */
import { countOf, dayOf, icon, make } from "./dom.js";
import { textField } from "./dialog.js";
import { answerCalls, coderName, freshId, sign } from "./panel_parts.js";
import { placeOfTarget, targetInWords } from "./text_dialogs.js";

/** Whether a memo is about a source: itself, a turn, a passage, or a coding of it that the page knows. */
function isAbout(store, memo, source) {
  return memo.targets.some((target) => {
    const [kind, first] = target.split(":");
    return kind === "coding" ? store.state.codings.has(first) : ["source", "turn", "span"].includes(kind) && first === source;
  });
}

/** @param {HTMLElement} el @param {ReturnType<import("./store.js").createStore>} store */
export function mountMemos(el, store) {
  const { state } = store;
  const texts = new Map(); // memo -> what is typed and not kept
  const errors = new Map();
  let code = null; // "code:id" that was asked for
  let place = null; // "span:..." or "turn:..." that was asked for

  const about = make("select", { class: "qc-field qc-small-field", "aria-label": "About", on: { change: draw } });
  const kinds = make("select", { class: "qc-field qc-small-field", "aria-label": "Kind", on: { change: draw } });
  const fresh = make("button", { type: "button", class: "qc-button", on: { click: () => store.ask("memo", { targets: targetsNow() }) } }, icon("plus"), make("span", { text: "Memo" }));
  const count = make("p", { class: "qc-panel-count", role: "status" });
  const list = make("ul", { class: "qc-memos", "aria-label": "Memos" });
  const empty = make("p", { class: "qc-empty", hidden: true });
  el.classList.add("qc-column-panel");
  el.append(make("div", { class: "qc-panel-bar qc-memo-bar" }, about, kinds, fresh), count, make("div", { class: "qc-list-box" }, list, empty));
  about.value = "here";

  const CHOICES = () => [
    ["all", "All memos"],
    ["here", `On ${state.source?.id ?? "this source"}`],
    ...(code ? [[code, `On ${store.codeOf(code.slice(5))?.name ?? "the code"}`]] : []),
    ...(place ? [[place, `On ${targetInWords(store, place)}`]] : []),
    ["codes", "On codes"],
    ["study", "On the study"],
    ["free", "On nothing else"],
  ];

  const FITS = {
    all: () => true,
    here: (memo) => isAbout(store, memo, state.source?.id),
    codes: (memo) => memo.targets.some((target) => target.startsWith("code:")),
    study: (memo) => memo.targets.includes("study"),
    free: (memo) => memo.targets.length === 0,
  };

  function targetsNow() {
    if (about.value === "study") return ["study"];
    if (/^(code|span|turn):/.test(about.value)) return [about.value];
    return state.source && about.value === "here" ? [`source:${state.source.id}`] : [];
  }

  function fill(select, rows, first) {
    const before = select.value || first;
    select.replaceChildren(...rows.map(([value, text]) => make("option", { value, text })));
    select.value = rows.some(([value]) => value === before) ? before : first;
  }

  function draw() {
    fill(about, CHOICES(), "all");
    const fits = FITS[about.value] ?? ((memo) => memo.targets.includes(about.value));
    const here = [...state.memos.values()].filter(fits);
    const known = [...new Set(here.map(({ kind }) => kind))].filter(Boolean).sort();
    fill(kinds, [["", "every kind"], ...known.map((kind) => [kind, kind])], "");
    kinds.hidden = known.length < 2;
    const shown = here.filter(({ kind }) => !kinds.value || kind === kinds.value).sort((a, b) => (a.created < b.created ? 1 : -1));
    count.textContent = shown.length ? countOf(shown.length, "memo") : "";
    const focused = list.contains(list.getRootNode().activeElement) ? list.getRootNode().activeElement.closest("[data-memo]")?.dataset.memo : null;
    list.replaceChildren(...shown.map(cardOf));
    list.hidden = shown.length === 0;
    empty.hidden = shown.length > 0;
    empty.textContent = about.value === "here" ? "No memo on this source yet. Press m in the text, or write one here." : "No memo here yet.";
    if (focused) list.querySelector(`[data-memo="${CSS.escape(focused)}"]`)?.querySelector("textarea, button")?.focus({ preventScroll: true });
  }

  function cardOf(memo) {
    const mine = memo.author === state.coder;
    const head = freshId("qc-memo");
    const own = mine && !texts.has(memo.id);
    return make(
      "li",
      { class: "qc-memo", "data-memo": memo.id, "aria-labelledby": head },
      make(
        "header",
        { id: head },
        make("span", { class: "qc-memo-kind", text: memo.kind || "memo" }),
        make("span", { class: "qc-quiet", text: [mine ? "" : coderName(store, memo.author), dayOf(memo.created)].filter(Boolean).join(" · ") }),
        make("span", { class: "qc-grow" }),
        own ? make("button", { type: "button", class: "qc-button qc-icon-only", title: "Change", "aria-label": "Change this memo", on: { click: () => change(memo) } }, sign("edit")) : null,
        own ? make("button", { type: "button", class: "qc-button qc-icon-only", title: "Take away", "aria-label": "Take this memo away", on: { click: () => remove(memo) } }, icon("remove")) : null,
      ),
      texts.has(memo.id) ? editor(memo) : make("p", { class: "qc-memo-text", dir: "auto", text: memo.text }),
      memo.targets.length ? make("p", { class: "qc-memo-targets" }, ...memo.targets.map(targetOf)) : null,
    );
  }

  function targetOf(target) {
    const words = targetInWords(store, target);
    const place = placeOfTarget(store, target);
    const id = target.startsWith("code:") ? target.slice(5) : null;
    if (!place && !(id && store.codeOf(id))) return make("span", { class: "qc-memo-target", text: words });
    const go = id ? () => store.ask("code_card", { code: id }) : () => store.go(...place).then(() => target.startsWith("coding:") && store.activate(target.slice(7)));
    return make("button", { type: "button", class: "qc-link qc-memo-target", text: words, on: { click: go } });
  }

  function editor(memo) {
    const field = textField(texts.get(memo.id), { rows: 5, "aria-label": "The memo", on: { input: () => texts.set(memo.id, field.value) } });
    const error = make("p", { class: "qc-dialog-error", role: "alert", hidden: !errors.get(memo.id), text: errors.get(memo.id) ?? "" });
    const leave = () => {
      texts.delete(memo.id);
      errors.delete(memo.id);
      draw();
    };
    return make(
      "form",
      {
        class: "qc-edit",
        on: {
          submit(event) {
            event.preventDefault();
            keep(memo);
          },
          keydown(event) {
            if (event.key !== "Escape" || event.isComposing) return;
            event.preventDefault();
            event.stopPropagation();
            leave();
          },
        },
      },
      field,
      error,
      make("div", { class: "qc-edit-foot" }, make("button", { type: "button", class: "qc-button", text: "Leave", on: { click: leave } }), make("button", { type: "submit", class: "qc-button qc-primary", text: "Keep" })),
    );
  }

  function change(memo) {
    texts.set(memo.id, memo.text);
    draw();
    list.querySelector(`[data-memo="${CSS.escape(memo.id)}"] textarea`)?.focus();
  }

  async function keep(memo) {
    const text = (texts.get(memo.id) ?? "").trim();
    if (text === memo.text) texts.delete(memo.id);
    else {
      try {
        await store.send({ do: "change_memo", memo: memo.id, text });
        texts.delete(memo.id);
        errors.delete(memo.id);
        store.say("Memo kept", "done");
      } catch (problem) {
        errors.set(memo.id, problem.message);
      }
    }
    draw();
  }

  function remove(memo) {
    store.attempt({ do: "remove_memo", memo: memo.id }).then((result) => result !== null && store.say("Memo taken away. Undo brings it back.", "done"));
  }

  const offs = ["memos", "source", "codebook", "open"].map((topic) => store.on(topic, draw));
  fill(about, CHOICES(), "here");
  draw();
  answerCalls(store, "memos", ({ about: wanted }) => {
    if (wanted?.startsWith("code:")) code = wanted;
    if (/^(span|turn):/.test(wanted ?? "")) place = wanted;
    fill(about, CHOICES(), "all");
    if (wanted) about.value = wanted;
    draw();
  });
  return { close: () => offs.forEach((off) => off()) };
}
