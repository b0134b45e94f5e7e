// The form saves itself and opens follow-ups in place; without this script every one of these is a button that sends the page.
"use strict";

(() => {
  const AFTER_TYPING = 1500;
  const form = () => document.querySelector("form[data-filing]");
  if (!form()) return;
  let waiting = null;
  let timer = 0;
  let running = false;
  let stopped = false;
  // Nothing is put in the place of what a finger is on: the press would be lost.
  let pressed = Promise.resolve();
  document.addEventListener("pointerdown", () => {
    pressed = new Promise((released) => {
      for (const end of ["pointerup", "pointercancel"]) {
        document.addEventListener(end, () => window.setTimeout(released, 0), { once: true });
      }
    });
  });

  const status = (name) => {
    const line = document.getElementById("saved");
    if (line) line.textContent = name ? line.dataset[name] : "";
  };

  // One save at a time: each carries the revision that the one before it gave.
  function save(press, swap) {
    window.clearTimeout(timer);
    if (stopped) return;
    if (running) {
      waiting = { press: waiting?.press && waiting.press !== "save" ? waiting.press : press, swap: swap || waiting?.swap };
      return;
    }
    send(press, swap);
  }

  async function send(press, swap) {
    running = true;
    const sent = new FormData(form());
    sent.set("press", press);
    status("saving");
    try {
      const answer = await fetch(form().getAttribute("action"), {
        method: "POST",
        body: new URLSearchParams(sent),
        credentials: "same-origin",
      });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const there = fresh.querySelector("form[data-filing]");
      await pressed;
      if (answer.status === 409) { stopped = true; status("other"); return; }
      if (!answer.ok || !there) { status("failed"); return; }
      take(there, fresh, swap, sent, press, new URL(answer.url).hash);
    } catch {
      status("failed");
    } finally {
      running = false;
      if (waiting && !stopped) {
        const next = waiting;
        waiting = null;
        send(next.press, next.swap);
      }
    }
  }

  // What was typed while the page was away stays: only fields that still say what was sent take the server's words.
  function take(there, fresh, swap, sent, press, hash) {
    const here = form();
    there.elements.revision && (here.elements.revision.value = there.elements.revision.value);
    const line = document.getElementById("saved");
    const told = fresh.getElementById("saved");
    if (line && told) line.textContent = told.textContent.trim();
    if (!swap) return;
    const focused = document.activeElement;
    const focus = { id: focused?.id, start: focused?.selectionStart, end: focused?.selectionEnd };
    const typed = new Map();
    const removing = press.startsWith("remove:");
    for (const field of here.elements) {
      if (!field.name || field.type === "hidden" || field.type === "submit") continue;
      // No draft keeps the signature: it stays as it stands here.
      if (field.name === "agreed") { typed.set(field.id, field.checked); continue; }
      if (field.name === "signed_name") { typed.set(field.id, field.value); continue; }
      if (removing) continue;
      if (field.type === "radio" || field.type === "checkbox") {
        const was = sent.getAll(field.name).includes(field.value);
        if (was !== field.checked) typed.set(field.id, field.checked);
      } else if (field.value !== (sent.get(field.name) ?? "")) {
        typed.set(field.id, field.value);
      }
    }
    here.replaceChildren(...there.childNodes);
    for (const [id, value] of typed) {
      const field = document.getElementById(id);
      if (!field) continue;
      if (typeof value === "boolean") field.checked = value;
      else field.value = value;
    }
    if (hash.length > 1) {
      const target = document.getElementById(decodeURIComponent(hash.slice(1)));
      const first = target?.querySelector("input:not([type=hidden]), textarea, select") ?? target;
      first?.focus();
      target?.scrollIntoView({ block: "nearest" });
    } else if (focus.id) {
      const back = document.getElementById(focus.id);
      back?.focus({ preventScroll: true });
      if (back && focus.start != null && back.setSelectionRange && back.type === "text") back.setSelectionRange(focus.start, focus.end);
    }
  }

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.form !== form() || field.name === "agreed" || field.name === "signed_name") return;
    save("save", Boolean(field.closest("[data-live]")));
  });
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.form !== form() || field.name === "signed_name" || !/^(text|textarea)$/.test(field.type)) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => save("save", false), AFTER_TYPING);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=press]");
    if (!button || button.form !== form() || stopped) return;
    if (/^(add|remove):|^no-to-all$/.test(button.value)) {
      event.preventDefault();
      save(button.value, true);
    }
  });
  // What was typed before this script came is kept, too.
  const typedEarly = (field) => /^(text|textarea)$/.test(field.type) && field.name !== "signed_name" && field.value !== field.defaultValue;
  if ([...form().elements].some(typedEarly)) timer = window.setTimeout(() => save("save", false), AFTER_TYPING);
  // A save on its way would make the page that is sent now an old one: it goes first.
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    window.clearTimeout(timer);
    if (!running) return;
    event.preventDefault();
    const button = event.submitter;
    const again = () => {
      if (running || waiting) { window.setTimeout(again, 50); return; }
      delete form().dataset.sent;
      // The save may have brought new buttons: the same press goes on with the one that stands there now.
      const same = button && [...form().querySelectorAll("button[name=press]")].find((one) => one.value === button.value);
      form().requestSubmit(same || undefined);
    };
    again();
  });
})();
