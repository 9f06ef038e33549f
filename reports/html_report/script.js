"use strict";
(() => {
  const root = document.documentElement;
  const by = (id) => document.getElementById(id);
  root.classList.add("js");
  const cards = [...document.querySelectorAll(".finding")];
  const FEW = 24, MANY = 300;
  const fold = (card, folded) => {
    card.classList.toggle("folded", folded);
    card.querySelector(".fold").setAttribute("aria-expanded", String(!folded));
  };
  const severity = by("f-severity"), outcome = by("f-outcome"), text = by("f-text"), shown = by("f-shown");
  const words = new Map();
  const search = (card) => {
    if (!words.has(card)) {
      const about = card.parentElement.querySelector(".about");
      words.set(card, `${about.textContent} ${card.textContent}`.toLowerCase());
    }
    return words.get(card);
  };
  const filter = () => {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const card of cards) {
      const fits = (!severity.value || card.dataset.s === severity.value)
        && (!outcome.value || card.classList.contains(outcome.value))
        && wanted.every((word) => search(card).includes(word));
      card.hidden = !fits;
      count += fits ? 1 : 0;
    }
    for (const name of [".problem", ".group"]) {
      for (const part of document.querySelectorAll(name)) part.hidden = !part.querySelector(".finding:not([hidden])");
    }
    shown.textContent = shown.dataset.text.replace("{n}", count);
  };
  const copy = async (button) => {
    await navigator.clipboard.writeText(button.closest(".finding").innerText);
    button.textContent = button.dataset.done;
  };
  const reveal = () => {
    const target = location.hash.length > 1 ? by(decodeURIComponent(location.hash.slice(1))) : null;
    if (!target) return;
    if (target.classList.contains("finding")) fold(target, false);
    const closed = target.closest("details");
    if (closed) closed.open = true;
    target.scrollIntoView();
  };
  if (cards.length) {
    const template = by("copy").content;
    for (const card of cards) {
      card.querySelector("header").append(template.cloneNode(true));
      // The first of each kind shows its evidence; its siblings wait as one line each.
      const first = !card.previousElementSibling.classList.contains("finding");
      if (cards.length > MANY || (cards.length > FEW && !first)) fold(card, true);
    }
    let timer = 0;
    text.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(filter, cards.length > MANY ? 200 : 0); });
    for (const control of [severity, outcome]) control.addEventListener("input", filter);
    by("f-fold").addEventListener("click", () => cards.forEach((card) => fold(card, true)));
    by("f-open").addEventListener("click", () => cards.forEach((card) => fold(card, false)));
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.classList.contains("fold")) fold(button.closest(".finding"), button.getAttribute("aria-expanded") === "true");
      if (button?.classList.contains("copy")) copy(button);
    });
    shown.textContent = shown.dataset.text.replace("{n}", cards.length);
  }
  const places = [...document.querySelectorAll(".toc a")].map((a) => [a, by(a.hash.slice(1))]);
  let due = false;
  const here = () => {
    due = false;
    const passed = places.filter(([, section]) => section.getBoundingClientRect().top < innerHeight / 4);
    const last = passed.length ? passed[passed.length - 1] : places[0];
    for (const place of places) {
      if (place === last) place[0].setAttribute("aria-current", "true");
      else place[0].removeAttribute("aria-current");
    }
  };
  addEventListener("scroll", () => { if (!due) { due = true; requestAnimationFrame(here); } }, { passive: true });
  here();
  addEventListener("hashchange", reveal);
  reveal();
  by("theme").addEventListener("click", () => {
    const dark = getComputedStyle(root).colorScheme === "dark";
    root.dataset.theme = dark ? "light" : "dark";
  });
})();
