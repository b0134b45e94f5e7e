// Small helps on every page; each page works without them.
"use strict";

// The summary of errors takes focus, so that a reader of screens hears it first.
document.getElementById("error-summary")?.focus();

// "Show what I type" appears only where it works.
for (const button of document.querySelectorAll("[data-show]")) {
  const field = document.getElementById(button.dataset.show);
  if (!field) continue;
  const show = button.textContent.trim();
  button.hidden = false;
  button.setAttribute("aria-controls", field.id);
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    button.textContent = hidden ? button.dataset.hideLabel : show;
    button.setAttribute("aria-pressed", String(hidden));
  });
  field.form?.addEventListener("submit", () => { field.type = "password"; });
}

// <button type="button" data-print hidden>
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// <button type="button" data-copy="id-of-the-text" data-done="Copied" hidden>
for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent.trim());
    button.textContent = button.dataset.done || label;
    window.setTimeout(() => { button.textContent = label; }, 3000);
  });
}

// A second click sends nothing: the first is on its way.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    window.setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
}
window.addEventListener("pageshow", (event) => {
  // A page that comes back from the browser's memory may be signed or somebody else's by now.
  if (event.persisted && document.body.dataset.person) window.location.reload();
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The menu folds at the Escape key, and when somebody goes on elsewhere: an open heading lies over the page.
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".coi-nav__group[open], .coi-nav__fold[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
for (const going of ["click", "focusin"]) {
  document.addEventListener(going, (event) => {
    for (const group of document.querySelectorAll(".coi-nav__group[open]")) {
      if (!group.contains(event.target)) group.open = false;
    }
  });
}
