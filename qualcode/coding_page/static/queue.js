/**
 * Steps on their way to Python: sent one after the other, kept until answered, sent again when there was silence.
 *
 * One step is under way at a time. So the order is kept whatever is lost, a step may name a coding that is itself
 * still on its way, and sending again is harmless: Python knows the ids it has done and answers as before.
 * No DOM; the clock is given, so that this runs under node.
 */

/** Python refused an intent; the message is its sentence for the person. */
export class Refused extends Error {}

/** The person gave a pending step up. */
export class Discarded extends Error {}

const QUESTIONS = new Set(["open", "sync", "go", "position", "select", "search", "quotes", "preview", "audio"]);

/** Whether an intent only asks or shows: it need not wait for the steps before it. */
export function isQuestion(intent) {
  return QUESTIONS.has(intent.do);
}

/** An id that no other page, tab or session will use. */
export function newId(prefix = "i") {
  const random = globalThis.crypto?.randomUUID?.() ?? `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  return `${prefix}-${random}`;
}

/** Put real ids in the place of those that were given while a coding was on its way. */
export function renameIn(intent, names) {
  if (names.size === 0) return intent;
  const real = (id) => names.get(id) ?? id;
  const renamed = { ...intent };
  if (typeof renamed.coding === "string") renamed.coding = real(renamed.coding);
  if (Array.isArray(renamed.codings)) renamed.codings = renamed.codings.map(real);
  if (Array.isArray(renamed.targets)) {
    renamed.targets = renamed.targets.map((target) =>
      target.startsWith("coding:") ? `coding:${real(target.slice(7))}` : target,
    );
  }
  return renamed;
}

/**
 * @param {{post: (message: object) => void, onStatus: () => void, patience?: number, probeEvery?: number,
 *   after?: (ms: number, fn: () => void) => any, cancel?: (timer: any) => void, now?: () => number}} options
 */
export function createQueue({
  post,
  onStatus,
  patience = 4000,
  probeEvery = 3000,
  after = (ms, fn) => setTimeout(fn, ms),
  cancel = (timer) => clearTimeout(timer),
  now = () => Date.now(),
}) {
  const steps = []; // {id, intent, sent, resolve, reject, guess, since}
  const names = new Map();
  let timer = null;
  let late = false;
  let probes = 0;

  function sendHead() {
    const head = steps[0];
    if (!head) return;
    head.sent = now();
    head.intent = renameIn(head.intent, names);
    post({ id: head.id, ...head.intent });
    cancel(timer);
    timer = after(patience, giveNotice);
  }

  function giveNotice() {
    if (steps.length === 0) return;
    late = true;
    onStatus();
    probe();
  }

  // A step that got no answer is not sent over and over: a busy kernel would have them all to read. A small
  // question asks whether somebody is there, less and less often; its answer brings the step again.
  function probe() {
    if (!late || steps.length === 0) return;
    post({ id: newId("p"), do: "sync" });
    probes += 1;
    cancel(timer);
    timer = after(Math.min(probeEvery * 2 ** Math.min(probes - 1, 4), 30000), probe);
  }

  function settle(step) {
    const at = steps.indexOf(step);
    if (at >= 0) steps.splice(at, 1);
    cancel(timer);
    timer = null;
    onStatus();
  }

  return {
    /** Put a step at the end. `guess` is the caller's own. Returns the step and a promise of the reply. */
    push(intent, { guess = null, id = newId() } = {}) {
      const step = { id, intent, guess, sent: null, since: now() };
      const answered = new Promise((resolve, reject) => Object.assign(step, { resolve, reject }));
      steps.push(step);
      if (steps.length === 1) sendHead();
      onStatus();
      return { step, answered };
    },
    /** The step that a reply belongs to, taken off the queue; null where it is none of ours. */
    take(reply) {
      const step = steps.find(({ id }) => id === reply.re);
      if (!step) return null;
      settle(step);
      return step;
    },
    /** Python cannot do anything just now, as the study's folder is gone: what waits is kept, and tried again. */
    hold() {
      if (steps.length === 0) return;
      late = true;
      cancel(timer);
      timer = after(probeEvery, probe);
    },
    /** Something came through the port: go on with the next step, or send the unanswered one again. */
    heard() {
      const wasLate = late;
      late = false;
      probes = 0;
      if (wasLate) onStatus();
      const head = steps[0];
      if (head && (head.sent === null || wasLate)) sendHead();
    },
    rename(temporary, real) {
      names.set(temporary, real);
    },
    realName: (id) => names.get(id) ?? id,
    renamed: (intent) => renameIn(intent, names),
    /** Try at once, because the person asked. */
    retry() {
      probes = 0;
      if (late) probe();
      else sendHead();
    },
    /** Give all pending steps up. */
    discard() {
      const given = steps.splice(0);
      cancel(timer);
      late = false;
      for (const step of given) step.reject(new Discarded("Given up before it was saved."));
      onStatus();
      return given;
    },
    close: () => cancel(timer),
    get steps() {
      return steps;
    },
    get late() {
      return late;
    },
  };
}

// --------------------------------------------------------------------------- steps that outlive the page they were made on

/**
 * Pending steps by study, in the memory of this browser tab (never in its storage: they may hold words of the
 * person). When the cell is run again, the new page finds what the old one could not save.
 */
function pendingOf(study) {
  const all = (globalThis.__qualcodePending ??= {});
  return (all[study] ??= []);
}

/** Remember a step. `owner` is any object that stands for the page. */
export function rememberPending(study, step, owner) {
  pendingOf(study).push({ id: step.id, intent: step.intent, since: step.since, owner });
}

/** Forget a step: it was answered or given up. */
export function forgetPending(study, id) {
  const list = pendingOf(study);
  const at = list.findIndex((entry) => entry.id === id);
  if (at >= 0) list.splice(at, 1);
}

/** The page is gone: its steps are now anybody's. */
export function orphanPending(owner) {
  for (const list of Object.values(globalThis.__qualcodePending ?? {})) {
    for (const entry of list) if (entry.owner === owner) entry.owner = null;
  }
}

/** Steps of pages that are gone, or that have waited so long that their kernel must be. */
export function strandedPending(study, owner, { patience = 4000, now = Date.now() } = {}) {
  return pendingOf(study).filter((entry) => entry.owner !== owner && (entry.owner === null || now - entry.since > patience));
}
