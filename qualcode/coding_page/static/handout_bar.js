/** The strip above a hand-out: for whom it is, and the button that writes the file to send back. */
import { make } from "./dom.js";

/**
 * @param {Document} doc @param {import("./local.js").Handout} handout
 * @param {ReturnType<import("./local.js").createLocalSession>} session
 */
export function createHandoutBar(doc, handout, session) {
  const told = make("p", { class: "qc-handout-told", role: "status" });
  const save = make("button", { type: "button", class: "qc-handout-save" }, "Save codings");
  const who = handout.coders.find(({ id }) => id === handout.coder)?.name ?? handout.coder;
  const title = make("p", { class: "qc-handout-title" }, make("strong", {}, handout.study.title), ` for ${who}`);
  const el = make("header", { class: "qc-handout" }, title, told, save);

  function tell() {
    save.classList.toggle("qc-wanted", session.unsaved);
    if (!session.kept) told.textContent = "This browser does not keep your work: save it before you close the page.";
    else if (session.unsaved) told.textContent = "Kept in this browser. When you are done: save, and send the file back.";
    else if (session.broken) told.textContent = "What this browser had kept could not be read, and was put aside. Send the last file that you saved.";
    else told.textContent = "Nothing new to save.";
  }

  function download() {
    const blob = new Blob([`${JSON.stringify(session.file(), null, 1)}\n`], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(blob), download: `${handout.coder}-${handout.handout}.codings.json` });
    doc.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    session.saved();
    tell();
    told.textContent = "Saved among your downloads. It holds places and codes, no words of the interviews. Send it back.";
  }

  save.addEventListener("click", download);
  doc.defaultView.addEventListener("beforeunload", (event) => {
    if (session.unsaved && !session.kept) event.preventDefault();
  });
  tell();
  return {
    el,
    /** Keep in step with what is coded. */
    follow(store) {
      for (const topic of ["codings", "memos", "sources", "codebook"]) store.on(topic, tell);
    },
  };
}
