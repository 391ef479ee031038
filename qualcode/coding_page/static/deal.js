/**
 * Splitting a code: its quotes are dealt onto piles, one by one or many at once; each pile becomes a code. Nothing is
 * sent before the end, and the split is one step for undo. Of a code that a colleague split, one's own quotes are dealt
 * onto the parts there are.
 */
import { clockOf, countOf, icon, inDigits, make } from "./dom.js";
import { createPreview, openDialog } from "./dialog.js";
import { addPile, backIn, dealIntent, dealTo, leftIn, lookAt, missingIn, MOST_PILES, namePile, newDeal, onPile, removePile, skipIn, splitIntent, withQuotes } from "./deal_model.js";
import { createListBox } from "./list_box.js";
import { codeSign } from "./panel_parts.js";
import { STANCE_SIGNS } from "./margin.js";

const unfinished = new WeakMap(); // store -> Map(code -> deal), so that closing loses nothing

function dealsOf(store) {
  if (!unfinished.has(store)) unfinished.set(store, new Map());
  return unfinished.get(store);
}

/** @param {HTMLElement} root @param {ReturnType<import("./store.js").createStore>} store @param {{code: string}} asked */
export async function dealDialog(root, store, { code: id }) {
  const code = store.codeOf(id);
  if (!code) return;
  const { state } = store;
  const parts = code.retired ? (code.split_into ?? []).map((part) => store.codeOf(part)).filter(Boolean) : [];
  const isSplit = parts.length > 0;
  const deals = dealsOf(store);
  let deal = null;
  let quotes = new Map(); // coding -> segment
  let sent = false;

  let loaded;
  try {
    loaded = await store.send({ do: "quotes", code: id, coders: [state.coder] });
  } catch (error) {
    store.say(error.message, "error");
    return;
  }
  const own = loaded.segments.filter((segment) => (segment.counts_by ?? "itself") === "itself");
  const problem = isSplit ? noneWaits(own) : await whyNot(own, loaded.totals?.itself ?? own.length);
  if (problem) {
    const told = openDialog(root, { title: "This code cannot be split yet" });
    told.body.append(codeSign(code, "qc-dialog-code"), make("p", { class: "qc-reason", text: problem }));
    const well = make("button", { type: "button", class: "qc-button qc-primary", text: "Close", on: { click: told.close } });
    told.foot.append(make("span", { class: "qc-grow" }), well);
    well.focus();
    return;
  }

  const dialog = openDialog(root, { title: isSplit ? "Deal your quotes of a code that was split" : "Split a code by dealing its quotes", kind: "deal", onKey: key, onClose: keepForLater });
  const left = createListBox({ label: "Quotes to deal", several: true, empty: "All are dealt.", onGo: (quote) => change(lookAt(deal, quote)), onPick: () => drawHint() });
  const many = make("p", { class: "qc-deal-hint" });
  const count = make("h3", { class: "qc-deal-count" });
  const one = make("div", { class: "qc-deal-one", tabindex: "-1", "aria-live": "polite" });
  const piles = make("div", { class: "qc-piles" });
  const button = make("button", { type: "button", class: "qc-button qc-primary", on: { click: send } });
  const missing = make("p", { class: "qc-dialog-state", role: "status" });
  const preview = createPreview(store, { onRefused: (reason) => (button.disabled = reason !== null || missingIn(deal) !== null) });
  const back = make("button", { type: "button", class: "qc-button", on: { click: () => change(backIn(deal)) } }, icon("undo"), make("span", { text: "Back" }), make("kbd", { text: "⌫" }));
  const skip = make("button", { type: "button", class: "qc-button", on: { click: () => change(skipIn(deal)) } }, make("span", { text: "Later" }), make("kbd", { text: "→" }));

  const more = make("button", { type: "button", class: "qc-button", on: { click: newPile } }, icon("plus"), make("span", { text: "Another pile" }), make("kbd", { text: "+" }));

  dialog.heading.append(make("span", { class: "qc-quiet", text: " " }), codeSign(code));
  quotes = new Map(own.map((segment) => [segment.coding, segment]));
  const ids = [...quotes.keys()];
  const begun = isSplit ? newDeal(ids, parts.map((part) => ({ name: part.name, code: part.id }))) : newDeal(ids);
  const kept = deals.get(id);
  const fits = kept && String(kept.piles.map((pile) => pile.code)) === String(begun.piles.map((pile) => pile.code));
  deal = kept && (fits || !isSplit) ? withQuotes(kept, ids) : begun;
  more.hidden = isSplit;
  const others = (state.counts[id]?.[1] ?? 0) - own.length;

  dialog.body.replaceChildren(
    make("section", { class: "qc-deal-left", "aria-label": "To deal" }, count, many, left.el),
    make(
      "section",
      { class: "qc-deal-table" },
      one,
      piles,
      others > 0 && !state.blind && !isSplit
        ? make("p", { class: "qc-field-hint", text: `${countOf(others, "coding")} of other coders ${others === 1 ? "stays" : "stay"} on “${code.name}” and ${others === 1 ? "is" : "are"} listed for them as to be dealt.` })
        : null,
      preview.el,
    ),
  );
  dialog.foot.append(back, skip, more, missing, make("button", { type: "button", class: "qc-button", text: "Close", title: "What is dealt stays until this page is closed", on: { click: dialog.close } }), button);
  draw();
  one.focus();

  function noneWaits(segments) {
    return segments.length ? null : `None of your quotes of “${code.name}” that can be shown here waits to be dealt.`;
  }

  /** What would refuse the split is told before anybody deals two hundred quotes. */
  async function whyNot(segments, all) {
    if (segments.length === 0) return `You have coded nothing with “${code.name}”, so there is nothing to deal. Rename it, or take it out of use.`;
    if (all > segments.length) return `You have ${inDigits(all)} quotes of “${code.name}”. At most ${inDigits(segments.length)} can be dealt here; use project.split_code in a script.`;
    const trial = { [`${code.name} 1 ·`]: segments.map(({ coding }) => coding), [`${code.name} 2 ·`]: [] };
    try {
      await store.send({ do: "preview", intent: { do: "split_code", code: id, deal: trial } });
      return null;
    } catch (error) {
      return error.message;
    }
  }

  // ------------------------------------------------------------------------------------------------------------ drawing

  function change(next, { focus = true } = {}) {
    deal = next;
    draw();
    if (focus) one.focus({ preventScroll: true });
  }

  function draw() {
    const rest = leftIn(deal);
    count.textContent = rest.length ? `${rest.length} of ${deal.ids.length} to deal` : `All ${deal.ids.length} are dealt`;
    left.draw([{ title: "", items: rest.map((quote) => ({ id: quote, parts: [make("p", { class: "qc-item-words", dir: "auto", text: quotes.get(quote).quote ?? "" }), make("p", { class: "qc-item-facts", text: fromWhere(quotes.get(quote)) })] })) }]);
    left.setAt(deal.at);
    drawHint();
    drawOne();
    drawPiles();
    back.disabled = deal.done.length === 0;
    skip.disabled = rest.length < 2;
    drawEnd();
  }

  function fromWhere(segment) {
    return [segment.source, segment.speaker === segment.source ? "" : segment.speaker, segment.turn ? `turn ${segment.turn}` : "", clockOf(segment.begins)].filter(Boolean).join(" · ");
  }

  function drawHint() {
    const n = left.chosen.size;
    many.textContent = n ? `${countOf(n, "quote")} chosen: press a pile's number.` : leftIn(deal).length ? "Tick several to deal them at once." : "";
    one.classList.toggle("qc-away", n > 0);
  }

  function drawOne() {
    const segment = deal.at ? quotes.get(deal.at) : null;
    if (!segment) {
      one.classList.add("qc-deal-all");
      one.replaceChildren(make("p", { class: "qc-deal-done", text: "Every quote lies on a pile. Look at what will happen below, then split." }));
      return;
    }
    one.classList.remove("qc-deal-all");
    const pile = deal.to.get(deal.at);
    const stance = STANCE_SIGNS[segment.stance];
    one.replaceChildren(
      make("blockquote", { class: "qc-deal-quote" }, make("p", { dir: "auto", text: segment.quote ?? "(the text is not in this copy)" })),
      make(
        "p",
        { class: "qc-item-facts" },
        make("span", { text: fromWhere(segment) }),
        stance ? make("span", { text: `${stance} ${segment.stance}` }) : null,
        pile !== undefined ? make("strong", { text: `lies on pile ${pile + 1}` }) : null,
        make("button", { type: "button", class: "qc-link", text: "see it in the text", on: { click: seeInText } }),
      ),
    );
  }

  function seeInText() {
    const segment = quotes.get(deal.at);
    dialog.close();
    store.go(segment.source, { start: segment.start, end: segment.end });
    store.say("The deal is kept: split the code again to go on.");
  }

  function drawPiles() {
    const focused = piles.contains(piles.getRootNode().activeElement) ? Number(piles.getRootNode().activeElement.dataset.name ?? -1) : -1;
    piles.replaceChildren(...deal.piles.map((pile, index) => pileOf(pile, index)));
    more.disabled = deal.piles.length >= MOST_PILES;
    if (focused >= 0) piles.querySelector(`[data-name="${focused}"]`)?.focus();
  }

  function pileOf(pile, index) {
    const lies = onPile(deal, index);
    const name = make("input", { class: "qc-field qc-pile-name", type: "text", placeholder: `Name of code ${index + 1}`, "aria-label": `Name of the code on pile ${index + 1}`, autocomplete: "off", "data-name": index, on: { input: () => nameIt(index, name.value), keydown: nameKey } });
    name.value = pile.name;
    name.readOnly = Boolean(pile.code);
    return make(
      "section",
      { class: `qc-pile${deal.at && deal.to.get(deal.at) === index ? " qc-here" : ""}`, "aria-label": `Pile ${index + 1}${pile.name ? `, ${pile.name}` : ""}, ${countOf(lies.length, "quote")}` },
      make(
        "header",
        {},
        make("button", { type: "button", class: "qc-pile-deal", title: `Deal onto this pile (${index + 1})`, "aria-label": `Deal onto pile ${index + 1}`, on: { click: () => put(index) } }, make("kbd", { text: String(index + 1) })),
        name,
        make("span", { class: "qc-pile-count", text: String(lies.length) }),
        deal.piles.length > 2 && !pile.code ? make("button", { type: "button", class: "qc-button qc-icon-only qc-pile-away", title: "Take this pile away; its quotes are dealt again", "aria-label": `Take pile ${index + 1} away`, on: { click: () => change(removePile(deal, index)) } }, icon("close")) : null,
      ),
      make(
        "ul",
        {},
        ...lies.map((quote) =>
          make("li", {}, make("button", { type: "button", class: "qc-pile-quote", dir: "auto", text: quotes.get(quote).quote ?? "", title: "Look at it again, or deal it elsewhere", on: { click: () => change(lookAt(deal, quote)) } }), make("button", { type: "button", class: "qc-pile-back", title: "Back to the quotes to deal", "aria-label": "Back to the quotes to deal", text: "×", on: { click: () => change(dealTo(deal, [quote], null)) } })),
        ),
      ),
    );
  }

  function drawEnd() {
    const what = missingIn(deal);
    const used = deal.piles.filter(({ name }) => name.trim()).length;
    if (isSplit) button.textContent = what ? "Deal" : `Deal ${countOf(deal.to.size, "quote")}`;
    else button.textContent = what ? "Split" : `Split into ${used} codes`;
    button.disabled = what !== null;
    missing.textContent = what ?? "";
    preview.update(what ? null : intentNow());
  }

  // -------------------------------------------------------------------------------------------------------------- doing

  function intentNow() {
    return (isSplit ? dealIntent : splitIntent)(deal, id);
  }

  function put(pile) {
    const ids = left.chosen.size ? left.ids().filter((quote) => left.chosen.has(quote)) : deal.at ? [deal.at] : [];
    if (ids.length === 0) return;
    left.clear();
    change(dealTo(deal, ids, pile));
    store.say(`${countOf(ids.length, "quote")} on pile ${pile + 1}${deal.piles[pile].name ? `, ${deal.piles[pile].name}` : ""}`);
  }

  function newPile() {
    deal = addPile(deal);
    draw();
    piles.querySelector(`[data-name="${deal.piles.length - 1}"]`)?.focus();
  }

  // Naming draws nothing anew but the end: the field has the focus.
  function nameIt(index, name) {
    deal = namePile(deal, index, name);
    drawEnd();
  }

  function nameKey(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const next = piles.querySelector(`[data-name="${Number(event.target.dataset.name) + 1}"]`);
    if (next && !next.value) next.focus();
    else one.focus();
  }

  function key(event) {
    if (!deal || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input[type=text]")) return;
    const digit = Number(event.key);
    const inList = left.list.contains(event.target);
    if (digit >= 1 && digit <= deal.piles.length && event.key.length === 1) put(digit - 1);
    else if (event.key === "Backspace" || (event.key === "ArrowLeft" && !inList)) change(backIn(deal));
    else if (event.key === "ArrowRight" && !inList) change(skipIn(deal));
    else if (event.key === "+" && !isSplit) newPile();
    else return;
    event.preventDefault();
  }

  function keepForLater() {
    if (deal && !sent && (deal.to.size > 0 || deal.piles.some(({ name, code: part }) => name && !part))) deals.set(id, deal);
    else deals.delete(id);
  }

  async function send() {
    if (button.disabled || missingIn(deal)) return undefined;
    button.disabled = true;
    try {
      const dealt = deal.to.size;
      const result = await store.send(intentNow());
      sent = true;
      deals.delete(id);
      dialog.close();
      if (isSplit) return store.say(`Dealt: ${countOf(dealt, "quote")} of ${code.name}`, "done");
      const names = Object.keys(result?.codes ?? {});
      store.say(`Split: ${code.name} is now ${names.join(", ")}`, "done");
      const first = Object.values(result?.codes ?? {})[0];
      return first && store.ask("code_card", { code: first });
    } catch (error) {
      button.disabled = false;
      if (dialog.isClosed()) store.say(error.message, "error");
      else dialog.setError(error.message);
    }
    return undefined;
  }
}
