"use strict";
(() => {
  const options = { throwOnError: false, trust: false, strict: "ignore", maxExpand: 200, maxSize: 20, output: "html" };

  const set = (node) => {
    if (node.dataset.done) return;
    node.dataset.done = "1";
    const tex = node.textContent;
    node.setAttribute("aria-label", tex);
    node.setAttribute("role", "math");
    katex.render(tex, node, { ...options, displayMode: node.classList.contains("display") });
  };

  // What can be seen is set at once; what lies in a closed claim, when it is opened.
  const formulas = [...document.querySelectorAll(".m")];
  formulas.filter((node) => node.closest("summary") || !node.closest("details:not([open])")).forEach(set);
  for (const details of document.querySelectorAll("details")) {
    details.addEventListener("toggle", () => details.querySelectorAll(".m").forEach(set));
  }
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((d) => { d.open = true; });
    formulas.forEach(set);
  });

  // A link to a claim opens it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    target.closest("[hidden]")?.removeAttribute("hidden");
    target.removeAttribute("hidden");
    const details = target.closest("details");
    if (details) details.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // Filter: no button pressed shows all.
  const buttons = [...document.querySelectorAll("button[data-kind]")];
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const equations = [...document.querySelectorAll(".equation")];
  const filter = () => {
    const kinds = buttons.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.kind);
    const wanted = search.value.trim();
    let count = 0;
    for (const equation of equations) {
      const has = equation.dataset.kinds.split(" ");
      const fits = (!kinds.length || kinds.some((k) => has.includes(k))) && equation.dataset.number.includes(wanted);
      equation.hidden = !fits;
      count += fits;
      for (const claim of equation.querySelectorAll(".claim")) {
        claim.hidden = kinds.length > 0 && !kinds.includes(claim.dataset.kind);
      }
    }
    shown.textContent = `${count} of ${equations.length} shown`;
  };
  buttons.forEach((b) => b.addEventListener("click", () => {
    b.setAttribute("aria-pressed", b.getAttribute("aria-pressed") === "true" ? "false" : "true");
    filter();
  }));
  search.addEventListener("input", filter);
  filter();

  // The graph: its drawing grows or shrinks inside a frame that scrolls.
  const picture = document.getElementById("graph-picture");
  for (const button of document.querySelectorAll("button[data-zoom]")) {
    button.addEventListener("click", () => {
      const [, , wide, high] = picture.getAttribute("viewBox").split(" ").map(Number);
      const frame = picture.parentElement.clientWidth;
      const factor = Number(button.dataset.zoom);
      const now = factor ? Math.max(frame / 2, Number(picture.getAttribute("width")) * factor) : Math.min(frame, wide);
      picture.setAttribute("width", now);
      picture.setAttribute("height", now * high / wide);
    });
  }

  const save = document.getElementById("save");
  save.addEventListener("click", () => {
    const text = JSON.stringify(JSON.parse(document.getElementById("verdicts").textContent), null, 2) + "\n";
    save.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  });
})();
