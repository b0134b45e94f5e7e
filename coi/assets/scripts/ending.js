// Asks two minutes before the sign-in ends whether somebody is still there, and says so when it has ended, in every window.
"use strict";

(() => {
  const WARNING = 120_000;
  const LOOK = 5_000;
  const body = document.body;
  const dialog = document.getElementById("ending");
  if (!dialog?.showModal) return;
  const person = body.dataset.person;
  const limit = Date.now() + Number(body.dataset.limit) * 1000;
  let end = Date.now() + Number(body.dataset.ends) * 1000;
  let told = "";
  const windows = "BroadcastChannel" in window ? new BroadcastChannel("coi") : null;

  function show(part) {
    if (told === part) return;
    told = part;
    for (const one of dialog.querySelectorAll("[data-ending]")) one.hidden = one.dataset.ending !== part;
    dialog.setAttribute("aria-labelledby", `ending-${part}-title`);
    dialog.setAttribute("aria-describedby", `ending-${part}-text`);
    if (!dialog.open) dialog.showModal();
    dialog.querySelector(`[data-ending="${part}"] :is(button, a)`).focus();
    // What is typed is saved while it still can be.
    if (part !== "over") document.dispatchEvent(new Event("coi:ending"));
  }

  function hide() {
    if (dialog.open) dialog.close();
  }

  function look() {
    const left = end - Date.now();
    if (left <= 0) show("over");
    else if (left <= WARNING) show(end >= limit - 1000 ? "limit" : "idle");
    else if (told) {
      told = "";
      hide();
    }
  }

  // Every answer of the server begins the idle time anew, here and in the other windows of this person.
  function renewed(seconds, quiet) {
    end = Math.min(limit, Date.now() + seconds * 1000);
    if (!quiet) windows?.postMessage({ person, end });
    look();
  }

  document.addEventListener("coi:renewed", (event) => renewed(event.detail));
  document.addEventListener("coi:over", () => { end = 0; look(); });
  windows?.addEventListener("message", (event) => {
    if (event.data.person === person && event.data.end > end) { end = event.data.end; look(); }
    if (event.data.person !== person) { end = 0; look(); }
  });
  windows?.postMessage({ person, end });

  dialog.addEventListener("cancel", (event) => { if (told === "over") event.preventDefault(); });
  dialog.querySelector("[data-close]").addEventListener("click", hide);
  dialog.querySelector("[data-stay]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    delete form.dataset.sent;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      if (!answer.ok || answer.redirected) { end = 0; look(); return; }
      renewed((await answer.json()).ends);
    } catch {
      // Without a connection the question stays on the page.
    }
  });
  window.setInterval(look, LOOK);
  document.addEventListener("visibilitychange", look);
})();
