// Changes a part of the page into what the server made of it: what is the same stays, with the finger, the focus and the words in it.
"use strict";

window.coiMorph = (() => {
  // An entry of a list is known by its key, everything else by its id; the numbers in names and ids change when an entry goes.
  function key(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    const entry = node.classList.contains("coi-entry") && node.querySelector(":scope > input[type=hidden]")?.value;
    return entry ? `entry ${entry}` : node.id.replace(/[:[]\d+[:\]]/g, "#");
  }
  const own = (node) => node.nodeType === Node.ELEMENT_NODE && "own" in node.dataset;
  const alike = (one, other) => one.nodeName === other.nodeName && key(one) === key(other) && !own(one);

  function attributes(here, there) {
    // A field in which somebody types may be a list of names for another script meanwhile.
    const kept = (name) => here === document.activeElement && (name === "role" || name.startsWith("aria-"));
    for (const { name } of [...here.attributes]) if (!there.hasAttribute(name) && !kept(name)) here.removeAttribute(name);
    for (const { name, value } of there.attributes) if (here.getAttribute(name) !== value) here.setAttribute(name, value);
  }

  function morph(here, there) {
    if (here.nodeType !== Node.ELEMENT_NODE) {
      if (here.nodeValue !== there.nodeValue) here.nodeValue = there.nodeValue;
      return;
    }
    attributes(here, there);
    // The letters in a text field are the person's; its default is the server's.
    if (here.nodeName === "TEXTAREA") {
      if (here.defaultValue !== there.defaultValue) {
        const typed = here.value;
        here.defaultValue = there.defaultValue;
        here.value = typed;
      }
      return;
    }
    children(here, there);
  }

  // The next node without a name that looks the same: one before it may have gone.
  function ahead(at, one) {
    for (let node = at; node; node = node.nextSibling) if (alike(node, one) && node.className === one.className) return node;
    return null;
  }

  function children(here, there) {
    const wanted = new Set([...there.childNodes].map(key).filter(Boolean));
    // First what is gone, so that no two fields have one name meanwhile: choices of one name undo each other.
    for (const node of [...here.childNodes]) if (key(node) && !own(node) && !wanted.has(key(node))) node.remove();
    let at = here.firstChild;
    for (const one of [...there.childNodes]) {
      while (at && own(at)) at = at.nextSibling;
      const same = key(one) ? [...here.childNodes].find((node) => alike(node, one)) : ahead(at, one);
      if (!same) {
        here.insertBefore(document.importNode(one, true), at);
        continue;
      }
      // What stood between and has no name is gone.
      while (at && at !== same && !key(at) && !own(at)) {
        const next = at.nextSibling;
        at.remove();
        at = next;
      }
      if (same === at) at = at.nextSibling;
      else here.insertBefore(same, at);
      morph(same, one);
    }
    while (at) {
      const next = at.nextSibling;
      if (!own(at)) at.remove();
      at = next;
    }
  }

  return children;
})();
