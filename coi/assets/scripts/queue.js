// Keys of the officer: j and k along the list, o opens, u goes back, n to the next case; can be turned off, never in a field.
"use strict";

const KEPT = "coi-keys";
const hint = document.querySelector("[data-keys]");
const rows = Array.from(document.querySelectorAll("[data-row]"));

function kept() {
  try { return window.localStorage.getItem(KEPT); } catch { return null; }
}
function keep(value) {
  try { window.localStorage.setItem(KEPT, value); } catch { /* a browser that keeps nothing asks again */ }
}

let on = kept() !== "off";

function typing(target) {
  return target.closest("input,select,textarea,[contenteditable],dialog[open]") !== null;
}
function step(by) {
  const here = rows.indexOf(document.activeElement?.closest("tr")?.querySelector("[data-row]"));
  const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1);
  rows[next]?.focus();
}
function follow(key) {
  const link = document.querySelector(`a[data-key="${key}"]`);
  if (link) link.click();
}

if (hint) {
  const button = hint.querySelector("button");
  const show = () => {
    hint.querySelector("[data-keys-on]").hidden = !on;
    button.textContent = on ? button.dataset.off : button.dataset.on;
  };
  hint.hidden = false;
  show();
  button.addEventListener("click", () => { on = !on; keep(on ? "on" : "off"); show(); });
}

document.addEventListener("keydown", (event) => {
  if (!on || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat && "uno".includes(event.key)) return;
  if (!(event.target instanceof Element) || typing(event.target)) return;
  if (event.key === "j" && rows.length) step(1);
  else if (event.key === "k" && rows.length) step(-1);
  else if (event.key === "o" && rows.includes(document.activeElement)) document.activeElement.click();
  else if (event.key === "u" || event.key === "n") follow(event.key);
});

// Back from a case: the row it came from takes focus, so that j goes on from there.
const came = rows.find((row) => row.closest("tr")?.id && `#${row.closest("tr").id}` === window.location.hash);
came?.focus();
