// The form saves itself and opens follow-ups in place; without this script every one of these is a button that sends the page.
"use strict";

(() => {
  const AFTER_TYPING = 1500;
  const FIRST_PAUSE = 2000;
  const LONGEST_PAUSE = 60_000;
  const SHORT = 60_000;
  const form = document.querySelector("form[data-filing]");
  const typed = window.coiTyped;
  const held = form && typed?.of(form);
  if (!held) return;
  const presses = [];
  let timer = 0;
  let retry = 0;
  let pause = FIRST_PAUSE;
  let running = false;
  let stopped = false;
  let failing = false;
  let leaving = false;
  const wrong = held.snapshot();
  // Nothing moves under a finger: the press would go elsewhere.
  let pressed = Promise.resolve();
  document.addEventListener("pointerdown", () => {
    pressed = new Promise((released) => {
      for (const end of ["pointerup", "pointercancel"]) {
        document.addEventListener(end, () => window.setTimeout(released, 0), { once: true });
      }
      window.setTimeout(released, 3000);
    });
  });

  const status = (name) => {
    const line = document.getElementById("saved");
    if (line) line.textContent = name ? line.dataset[name] : "";
  };

  // One save at a time: each carries the revision that the one before it gave. No press is forgotten.
  function save(press, swap) {
    window.clearTimeout(timer);
    calm();
    if (stopped) return;
    const same = presses.find((one) => one.press === press);
    if (same) same.swap ||= swap;
    else presses.push({ press, swap });
    if (!running) next();
  }

  function calm() {
    window.clearTimeout(retry);
    retry = 0;
  }

  async function next() {
    running = true;
    calm();
    try {
      while (presses.length && !stopped) {
        const one = presses.shift();
        failing = !(await send(one.press, one.swap));
        if (failing) {
          if (retry) presses.unshift(one);
          break;
        }
        pause = FIRST_PAUSE;
      }
    } finally {
      running = false;
    }
  }

  async function send(press, swap) {
    const sent = new FormData(form);
    const as = held.snapshot();
    sent.set("press", press);
    status("saving");
    let answer;
    let fresh;
    try {
      const words = new URLSearchParams(sent).toString();
      answer = await fetch(form.getAttribute("action"), {
        method: "POST",
        body: words,
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        credentials: "same-origin",
        keepalive: words.length < SHORT, // so that it arrives when the page is left meanwhile
      });
      fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return later("failed");
    }
    const there = fresh.querySelector("form[data-filing]");
    await pressed;
    if (answer.ok) {
      if (there) take(there, fresh, swap, as, new URL(answer.url).hash);
      held.saved(as);
      document.dispatchEvent(new CustomEvent("coi:renewed", { detail: Number(fresh.body.dataset.ends) }));
      return true;
    }
    if (answer.status === 409) return other(fresh, there);
    if (fresh.querySelector("[name=_typed], input[type=password]")) {
      stopped = true;
      status("ended");
      document.dispatchEvent(new Event("coi:over"));
      return false;
    }
    if (answer.status >= 500 || answer.status === 429) return later("failed");
    presses.length = 0;
    status(answer.status === 413 ? "large" : "refused");
    return false;
  }

  // Nothing is lost: it is tried again, after a longer and longer pause, and at once when the connection is back.
  function later(name) {
    status(name);
    calm();
    retry = window.setTimeout(() => { if (!running) next(); }, pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
    return false;
  }
  window.addEventListener("online", () => {
    pause = FIRST_PAUSE;
    if (held.dirty() && !presses.length) presses.push({ press: "save", swap: false });
    if (!running && presses.length) next();
  });

  // Another window was faster: both texts are shown, and nothing more is saved until the person says so.
  function other(fresh, there) {
    stopped = true;
    presses.length = 0;
    status(there ? "other" : "signed");
    const told = there ? fresh.querySelector(".coi-newer") : fresh.querySelector("main");
    if (!told) return false;
    const box = document.createElement("div");
    box.className = "usa-alert usa-alert--warning coi-newer";
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    const inner = document.createElement("div");
    inner.className = "usa-alert__body";
    inner.append(...(there ? told.querySelector(".usa-alert__body") : told).cloneNode(true).childNodes);
    for (const heading of inner.querySelectorAll("h1")) {
      const smaller = document.createElement("h2");
      smaller.className = "usa-alert__heading";
      smaller.append(...heading.childNodes);
      heading.replaceWith(smaller);
    }
    for (const hidden of inner.querySelectorAll("#held")) hidden.remove();
    box.append(inner);
    form.before(box);
    box.focus();
    if (there) form.elements.revision.value = there.elements.revision.value;
    return false;
  }

  // What was typed while the page was away stays: only fields that still say what was sent take the server's words.
  function take(there, fresh, swap, as, hash) {
    form.elements.revision.value = there.elements.revision?.value ?? form.elements.revision.value;
    const line = document.getElementById("saved");
    const told = fresh.getElementById("saved");
    const words = told?.textContent.trim();
    if (swap) morph(there, as, hash);
    else warn(there);
    mend();
    if (line && words) line.textContent = words;
  }

  // A number that nobody needs is warned of where it was typed, as soon as it is kept; the page stays as it is.
  function warn(there) {
    const slot = (field) => document.getElementById(`${field.id}-numbers`);
    const told = new Map(typed.fields(there).map((field) => [typed.known(field), there.querySelector(`[id="${field.id}-numbers"]`)]));
    for (const field of typed.fields(form)) {
      const words = told.get(typed.known(field))?.textContent ?? "";
      if (slot(field) && slot(field).textContent !== words) slot(field).textContent = words;
    }
  }

  function morph(there, as, hash) {
    const before = held.snapshot();
    const server = new Map(typed.fields(there).map((field) => [typed.known(field), typed.now(field)]));
    const later = new Set([...before.keys()].filter((name) => as.has(name) && as.get(name) !== before.get(name)));
    window.coiMorph(form, there);
    for (const field of typed.fields(form)) {
      const name = typed.known(field);
      if (later.has(name)) typed.put(field, before.get(name));
      else if (field !== document.activeElement && server.has(name) && typed.now(field) !== server.get(name)) typed.put(field, server.get(name));
    }
    if (hash.length > 1) {
      const target = document.getElementById(decodeURIComponent(hash.slice(1)));
      const first = target?.querySelector("input:not([type=hidden]), textarea, select") ?? target;
      first?.focus();
      target?.scrollIntoView({ block: "nearest" });
    }
  }

  // What was wrong and says something else now, or is asked no more, is no longer in the list of what to look at.
  function mend() {
    const box = document.querySelector("#error-summary.coi-faults");
    const now = held.snapshot();
    for (const link of box?.querySelectorAll("li > a") ?? []) {
      const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      const around = place?.closest(".coi-ask, fieldset") ?? place?.parentElement;
      const said = around ? typed.fields(around).map(typed.known) : [];
      if (!place || said.some((name) => now.get(name) !== wrong.get(name))) link.closest("li").remove();
    }
    const left = box?.querySelectorAll("li").length;
    const heading = box?.querySelector("h2");
    if (left) heading.textContent = left === 1 ? heading.dataset.one : heading.dataset.more.replace("2", left);
    else box?.remove();
  }

  const signs = (field) => field.name === "agreed" || field.name === "signed_name";
  document.addEventListener("change", (event) => {
    const field = event.target;
    if ((field.form ?? field) !== form || signs(field)) return;
    save("save", field === form || Boolean(field.closest("[data-live]")));
  });
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.form !== form || signs(field) || !/^(text|textarea)$/.test(field.type)) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => save("save", false), AFTER_TYPING);
  });
  document.addEventListener("coi:ending", () => { if (held.dirty()) save("save", false); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=press]");
    if (!button || button.form !== form || stopped) return;
    if (/^(add|remove):|^no-to-all$/.test(button.value)) {
      event.preventDefault();
      save(button.value, true);
    }
  });
  // What was typed or chosen before this script came is kept, too, and a choice opens its follow-ups.
  const early = typed.fields(form).filter((field) => typed.now(field) !== typed.first(field));
  if (early.some((field) => field.closest("[data-live]"))) save("save", true);
  else if (early.length) timer = window.setTimeout(() => save("save", false), AFTER_TYPING);
  // A save on its way would make the page that is sent now an old one: it goes first.
  document.addEventListener("submit", (event) => {
    if (event.target !== form) return;
    window.clearTimeout(timer);
    if (event.defaultPrevented) { later("failed"); return; } // there is no connection
    calm();
    if (!running) { leaving = true; return; }
    event.preventDefault();
    const button = event.submitter;
    const again = () => {
      if (running) { window.setTimeout(again, 50); return; }
      delete form.dataset.sent;
      // The save may have brought new buttons: the same press goes on with the one that stands there now.
      const same = button && [...form.querySelectorAll("button[name=press]")].find((one) => one.value === button.value);
      form.requestSubmit(same || undefined);
    };
    again();
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  // Asked only while something could not be saved.
  window.addEventListener("beforeunload", (event) => { if (failing && !leaving && held.dirty()) event.preventDefault(); });
})();
