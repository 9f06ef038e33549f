"use strict";
(() => {
  const box = document.getElementById("find"), shown = document.getElementById("shown");
  if (!box) return;
  document.documentElement.classList.add("js");
  const rows = [...document.querySelectorAll("table.list tbody tr")];
  const words = rows.map((row) => [...row.cells].map((cell) => cell.textContent).join(" ").toLowerCase());
  const filter = () => {
    const wanted = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, n) => {
      row.hidden = !wanted.every((word) => words[n].includes(word));
      count += row.hidden ? 0 : 1;
    });
    shown.textContent = shown.dataset.text.replace("{n}", count);
  };
  let timer = 0;
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(filter, 120); });
  filter();
})();
