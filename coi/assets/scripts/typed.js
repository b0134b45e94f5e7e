// Holds what is typed in this window, under the mark of who types, until it is saved; gives it back to that person and nobody else.
"use strict";

(() => {
  const MINE = "coi:";
  const body = document.body;
  const person = body.dataset.person || "";
  const store = window.sessionStorage;
  const windows = "BroadcastChannel" in window ? new BroadcastChannel("coi") : null;
  const keys = () => Object.keys(store).filter((key) => key.startsWith(MINE));
  const wipe = (but) => keys().filter((key) => !but || !key.startsWith(`${MINE}${but}:`)).forEach((key) => store.removeItem(key));
  const read = (key) => JSON.parse(store.getItem(key));

  // Who signed out, or somebody else: nothing stays. Whose sign-in only ended finds it again.
  if ("nobody" in body.dataset) {
    wipe(body.dataset.was);
    if (!body.dataset.was) windows?.postMessage({ person: "" });
  }
  if (!person) return;
  wipe(person);
  windows?.addEventListener("message", (event) => { if (event.data.person !== person) wipe(); });

  // What was sent was kept, unless the page that came says otherwise or somebody went back.
  const arrival = performance.getEntriesByType("navigation")[0]?.type;
  for (const key of keys()) {
    const held = read(key);
    if (!held.sent) continue;
    if (arrival === "navigate" && !("unsaved" in body.dataset)) store.removeItem(key);
    else store.setItem(key, JSON.stringify({ ...held, sent: false }));
  }

  const BARE = ["hidden", "password", "file", "submit", "button"].map((type) => `:not([type=${type}])`);
  const HOLDS = `textarea,select,input${BARE.join("")}`;
  const NEVER = ["agreed", "signed_name"];
  const ofForm = (form) => [...form.querySelectorAll(HOLDS)].filter((field) => field.name && !NEVER.includes(field.name));
  const two = (field) => field.type === "radio" || field.type === "checkbox";
  const now = (field) => (two(field) ? field.checked : field.multiple ? [...field.selectedOptions].map((one) => one.value).join("\n") : field.value);
  function first(field) {
    if (two(field)) return field.defaultChecked;
    if (field.options) return [...field.options].filter((one) => one.defaultSelected).map((one) => one.value).join("\n") || (field.multiple ? "" : field.options[0]?.value ?? "");
    return field.defaultValue;
  }
  function put(field, value) {
    if (two(field)) field.checked = value;
    else if (field.options) for (const one of field.options) one.selected = value.split("\n").includes(one.value);
    else field.value = value;
  }
  // The server keeps a text without blanks around it, and its letters in one form: such a text is no other one.
  const even = (value) => (typeof value === "string" ? value.trim().normalize() : value);
  // A field of a list is known by the key of its entry: numbers change when another entry goes.
  function known(field) {
    const key = field.closest(".coi-entry")?.querySelector(":scope > input[type=hidden]")?.value;
    const name = key ? `${key} ${field.name.split(/:\d+:/).pop()}` : field.name;
    return two(field) ? `${name}=${field.value}` : name;
  }

  const forms = [];
  function hold(form, place) {
    const key = `${MINE}${person}:${new URL(form.action, window.location.href).pathname}#${place}`;
    const saved = new Map();
    const left = {};
    const one = {
      form,
      key,
      saved: (sent) => { for (const [name, value] of sent) saved.set(name, value); one.write(); },
      snapshot: () => new Map(ofForm(form).map((field) => [known(field), now(field)])),
      dirty: () => store.getItem(key) !== null,
      write() {
        const fields = { ...left };
        for (const field of ofForm(form)) {
          const name = known(field);
          const was = saved.has(name) ? saved.get(name) : first(field);
          if (now(field) !== was) fields[name] = { was, now: now(field) };
        }
        if (!Object.keys(fields).length) store.removeItem(key);
        else {
          try {
            store.setItem(key, JSON.stringify({ page: window.location.pathname + window.location.search, fields }));
          } catch {
            // A window holds a few million letters; what does not fit is still in the page.
          }
        }
      },
      giveBack() {
        const texts = [];
        let back = 0;
        const held = store.getItem(key) && read(key);
        if (!held) return { back, texts };
        const there = new Map(ofForm(form).map((field) => [known(field), field]));
        for (const [name, value] of Object.entries(held.fields)) {
          const field = there.get(name);
          if (field && even(now(field)) === even(value.now)) continue;
          if (field && now(field) === value.was) {
            put(field, value.now);
            back += 1;
            field.dispatchEvent(new Event("change", { bubbles: true }));
          } else if (typeof value.now === "string" && value.now.trim().length > 1) {
            left[name] = value;
            texts.push(value.now);
          }
        }
        one.write();
        return { back, texts };
      },
    };
    form.addEventListener("input", one.write);
    form.addEventListener("change", one.write);
    forms.push(one);
  }

  const counted = new Map();
  for (const form of document.querySelectorAll("main form[method=post]")) {
    const place = counted.get(form.action) ?? 0;
    counted.set(form.action, place + 1);
    if (!form.querySelector("input[type=password]") && ofForm(form).length) hold(form, place);
  }
  window.coiTyped = { of: (form) => forms.find((one) => one.form === form), fields: ofForm, known, first, now, put };

  // Before every other listener: without a connection nothing is sent, and the page with the words stays.
  window.addEventListener("submit", (event) => {
    if (navigator.onLine || !body.contains(event.target)) return;
    event.preventDefault();
    const box = document.getElementById("held");
    box.hidden = box.querySelector("[data-held=offline]").hidden = false;
    box.querySelector("[data-drop]").hidden = true;
    box.focus();
  }, true);
  window.addEventListener("online", () => {
    const line = document.querySelector("#held [data-held=offline]");
    if (line.hidden) return;
    line.hidden = true;
    document.getElementById("held").hidden = true;
  });

  // After every other listener: a submit that one of them stopped is none.
  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    for (const key of keys()) {
      if (forms.some((one) => one.form === event.target && one.key === key)) store.setItem(key, JSON.stringify({ ...read(key), sent: true }));
    }
  });

  function tell({ back, texts }, away) {
    const box = document.getElementById("held");
    if (!box || !(back || texts.length || away)) return;
    const part = (name) => box.querySelector(`[data-held=${name}]`);
    part("back").hidden = !back;
    part("both").hidden = part("texts").hidden = !texts.length;
    part("away").hidden = back > 0 || texts.length > 0;
    if (away) part("away").querySelector("a").href = away;
    part("texts").replaceChildren(...texts.map((text) => {
      const line = document.createElement("li");
      line.className = "coi-lines";
      line.textContent = text;
      return line;
    }));
    box.hidden = false;
    box.querySelector("[data-drop]").hidden = false;
    box.querySelector("[data-drop]").addEventListener("click", () => {
      wipe();
      for (const one of forms) {
        one.form.reset();
        one.form.dispatchEvent(new Event("change", { bubbles: true }));
      }
      window.location.reload();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const found = forms.map((one) => one.giveBack());
    const back = found.reduce((sum, one) => sum + one.back, 0);
    const texts = found.flatMap((one) => one.texts);
    const others = keys().filter((key) => !forms.some((one) => one.key === key));
    // The page that it was typed on is no longer this person's: there is no way back to it, so the words stand here.
    const box = document.querySelector("[data-gone]");
    const gone = box && (box.dataset.gone || window.location.pathname);
    const ofIt = (key) => Boolean(gone) && (read(key).page === gone || ["/", "?"].some((mark) => read(key).page.startsWith(gone + mark)));
    for (const key of others.filter(ofIt)) {
      texts.push(...Object.values(read(key).fields).map((one) => one.now).filter((text) => typeof text === "string" && text.trim().length > 1));
    }
    const away = others.find((key) => !ofIt(key));
    tell({ back, texts }, away && read(away).page);
  });
})();
