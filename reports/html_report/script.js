"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const cards = [...document.querySelectorAll(".finding")];
  const by = (id) => document.getElementById(id);
  const text = by("f-text"), severity = by("f-severity"), outcome = by("f-outcome"), shown = by("f-shown");
  const filter = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const card of cards) {
      const fits = (!severity.value || card.dataset.severity === severity.value)
        && (!outcome.value || card.dataset.outcome === outcome.value)
        && words.every((word) => card.dataset.search.includes(word));
      card.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = shown.dataset.text.replace("{n}", count);
  };
  if (text) {
    for (const control of [text, severity, outcome]) control.addEventListener("input", filter);
    by("f-fold").addEventListener("click", () => cards.forEach((card) => card.classList.add("folded")));
    by("f-open").addEventListener("click", () => cards.forEach((card) => card.classList.remove("folded")));
    filter();
  }
  for (const card of cards) {
    card.querySelector("h3").addEventListener("click", () => card.classList.toggle("folded"));
    const button = card.querySelector("button");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(card.innerText);
      button.textContent = button.dataset.done;
    });
  }
  by("theme").addEventListener("click", () => {
    const dark = getComputedStyle(root).colorScheme === "dark";
    root.dataset.theme = dark ? "light" : "dark";
  });
})();
