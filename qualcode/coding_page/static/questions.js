/** Messages that only ask: they need not wait in line, and are given up when nobody answers. No DOM. */
import { Refused, newId } from "./queue.js";

/**
 * @param {(message: object) => void} post @param {number} again how often the opening question is put anew, in ms
 * @param {string} noAnswer what the person is told when nobody answers
 */
export function createQuestions(post, again, noAnswer) {
  const open = new Map(); // id -> {resolve, reject, timer, opens}

  return {
    /**
     * @param {object} intent
     * @param {{opens?: boolean, within?: number}} [how] `opens`: ask until somebody answers, for without it there is no page
     */
    ask(intent, { opens = false, within = 20000 } = {}) {
      const id = newId("q");
      return new Promise((resolve, reject) => {
        const giveUp = () => {
          open.delete(id);
          reject(new Refused(noAnswer));
        };
        const send = () => post({ id, ...intent });
        open.set(id, { resolve, reject, opens, timer: opens ? setInterval(send, again) : setTimeout(giveUp, within) });
        send();
      });
    },
    /** The question that a reply belongs to; null where it is none of ours. */
    take(reply) {
      const question = open.get(reply.re) ?? null;
      open.delete(reply.re);
      clearTimeout(question?.timer);
      return question;
    },
    /** Whether somebody still waits for an answer. */
    waiting: () => open.size > 0,
    close() {
      for (const { timer } of open.values()) clearTimeout(timer);
    },
  };
}
