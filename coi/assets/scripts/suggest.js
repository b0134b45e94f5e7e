// Offers names while somebody types one: those they typed before and those of the city's lists; any other name is as good.
"use strict";

(() => {
  const AFTER_TYPING = 200;
  const LEAST = 2;
  const SELECTOR = "input[data-names]";
  const source = () => document.getElementById("own-names");
  if (!source()) return;

  let field = null; // the input that the list belongs to
  let list = null;
  let says = null; // tells a screen reader how many there are
  let chosen = -1;
  let timer = 0;
  let asked = 0;

  // The page may have been made anew around the input: its part is given back each time.
  function ready(input) {
    input.removeAttribute("list");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", "names-offered");
    input.setAttribute("aria-expanded", String(field === input && !!list && !list.hidden));
  }

  function place(input) {
    if (!list) {
      list = document.createElement("ul");
      list.id = "names-offered";
      list.className = "coi-names";
      list.setAttribute("role", "listbox");
      list.setAttribute("aria-label", source().dataset.label);
      list.dataset.own = "";
      list.hidden = true;
      says = document.createElement("div");
      says.className = "usa-sr-only";
      says.setAttribute("role", "status");
      says.dataset.own = "";
      document.body.append(says);
    }
    if (input.nextElementSibling !== list) input.after(list);
    field = input;
  }

  function close() {
    window.clearTimeout(timer);
    asked += 1;
    chosen = -1;
    if (list) {
      list.hidden = true;
      list.replaceChildren();
    }
    if (field) {
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }
  }

  function show(names) {
    const options = names.map(({ name, about }, number) => {
      const option = document.createElement("li");
      option.id = `names-offered-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.name = name;
      option.append(name);
      if (about) {
        const beside = document.createElement("span");
        beside.className = "coi-names__about";
        beside.textContent = about;
        option.append(" ", beside);
      }
      return option;
    });
    list.replaceChildren(...options);
    list.hidden = !options.length;
    chosen = -1;
    ready(field);
    field.removeAttribute("aria-activedescendant");
    const words = source().dataset;
    says.textContent = options.length === 1 ? words.one : options.length ? words.several.replace("{n}", options.length) : words.none;
  }

  async function ask(input) {
    const typed = input.value.trim();
    if (typed.length < LEAST) { close(); return; }
    const mine = (asked += 1);
    const query = new URLSearchParams({ field: input.dataset.names, q: typed });
    try {
      const answer = await fetch(`${source().dataset.names}?${query}`, { credentials: "same-origin" });
      if (!answer.ok || mine !== asked || document.activeElement !== input) return;
      const { names } = await answer.json();
      if (mine !== asked || document.activeElement !== input) return;
      place(input);
      show(names.filter(({ name }) => name !== typed));
    } catch {
      // Without an answer nothing is offered; what is typed stays.
    }
  }

  function mark(number) {
    const options = [...list.children];
    if (!options.length) return;
    chosen = (number + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    field.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    const input = field;
    input.value = option.dataset.name;
    close();
    input.focus();
    taken = true;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    taken = false;
  }

  let taken = false;
  const open = () => list && !list.hidden;
  const named = (event) => (event.target instanceof Element && event.target.matches(SELECTOR) ? event.target : null);

  document.addEventListener("focusin", (event) => {
    const input = named(event);
    if (open() && field !== input) close();
    if (input) ready(input);
  });
  document.addEventListener("focusout", (event) => {
    if (named(event)) close();
  });
  document.addEventListener("input", (event) => {
    const input = named(event);
    if (!input || taken) return;
    ready(input);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => ask(input), AFTER_TYPING);
  });
  document.addEventListener("keydown", (event) => {
    const input = named(event);
    if (!input) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open()) mark(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
      else ask(input);
    } else if (event.key === "Enter" && open() && chosen >= 0) {
      event.preventDefault();
      take(list.children[chosen]);
    } else if (event.key === "Escape" && open()) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab" && open()) {
      close();
    }
  });
  // The press keeps the focus in the field, so that the list is still there when it lets go.
  document.addEventListener("mousedown", (event) => {
    if (open() && list.contains(event.target)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const option = open() && event.target.closest("#names-offered [role=option]");
    if (option) take(option);
  });
  for (const input of document.querySelectorAll(SELECTOR)) ready(input);
})();
