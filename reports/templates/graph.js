"use strict";
// The derivation graph: its drawing grows or shrinks inside a frame that scrolls; a node shows its ancestry.
(() => {
  const picture = document.getElementById("graph-picture");
  if (!picture) return;
  const frame = picture.parentElement;
  const told = document.getElementById("graph-told");
  const clear = document.getElementById("graph-clear");
  const [, , wide, high] = picture.getAttribute("viewBox").split(" ").map(Number);
  const nodes = new Map([...picture.querySelectorAll(".node")].map((one) => [one.id, one]));
  const edges = [...picture.querySelectorAll(".edge")].map((one) => ({ one, from: one.dataset.from, to: one.dataset.to }));
  const place = new Map([...nodes].map(([id, one]) => {
    const box = one.querySelector("rect");
    return [id, [Number(box.getAttribute("x")), Number(box.getAttribute("y"))]];
  }));

  // -- Size: by buttons, by Ctrl and the wheel, by + and −.
  let size = 1;
  const zoom = (to, x = frame.clientWidth / 2, y = frame.clientHeight / 2) => {
    const factor = Math.min(4, Math.max(Math.min(1, frame.clientWidth / wide) / 2, to)) / size;
    size *= factor;
    picture.setAttribute("width", wide * size);
    picture.setAttribute("height", high * size);
    frame.scrollTo((frame.scrollLeft + x) * factor - x, (frame.scrollTop + y) * factor - y);
  };
  const whole = () => zoom(Math.min(frame.clientWidth / wide, 1));
  for (const button of document.querySelectorAll("button[data-zoom]")) {
    button.addEventListener("click", () => (Number(button.dataset.zoom) ? zoom(size * button.dataset.zoom) : whole()));
  }
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = frame.getBoundingClientRect();
    zoom(size * Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });

  // -- Moving with the mouse; a finger and the arrow keys scroll the frame as any other.
  let grip = null;
  let dragged = false;
  frame.addEventListener("pointerdown", (event) => {
    dragged = false;
    if (event.pointerType === "mouse" && event.button === 0) {
      grip = [event.clientX + frame.scrollLeft, event.clientY + frame.scrollTop, event.clientX, event.clientY];
    }
  });
  addEventListener("pointermove", (event) => {
    if (!grip) return;
    dragged ||= Math.hypot(event.clientX - grip[2], event.clientY - grip[3]) > 4;
    if (dragged) frame.scrollTo(grip[0] - event.clientX, grip[1] - event.clientY);
  });
  addEventListener("pointerup", () => { grip = null; });
  frame.addEventListener("dragstart", (event) => event.preventDefault());

  // -- Ancestry.
  const reached = (start, one, other) => {
    const found = new Set();
    const queue = [start];
    while (queue.length) {
      const at = queue.pop();
      for (const edge of edges) {
        if (edge[one] !== at || found.has(edge[other])) continue;
        found.add(edge[other]);
        queue.push(edge[other]);
      }
    }
    return found;
  };

  let chosen = null;
  const mark = (one, kind) => {
    one.classList.remove("on", "it", "above", "below");
    if (kind) one.classList.add("on", kind);
  };
  const choose = (id) => {
    chosen = id;
    const above = id ? reached(id, "to", "from") : new Set();
    const below = id ? reached(id, "from", "to") : new Set();
    picture.classList.toggle("chosen", Boolean(id));
    for (const [name, one] of nodes) mark(one, name === id ? "it" : above.has(name) ? "above" : below.has(name) && "below");
    for (const { one, from, to } of edges) {
      const up = above.has(from) && (to === id || above.has(to));
      const down = below.has(to) && (from === id || below.has(from));
      mark(one, up ? "above" : down && "below");
    }
    clear.hidden = !id;
    told.replaceChildren();
    if (!id) return;
    const link = document.createElement("a");
    link.href = nodes.get(id).getAttribute("href");
    link.textContent = nodes.get(id).getAttribute("aria-label");
    const part = (text, css) => Object.assign(document.createElement("span"), { textContent: text, className: css });
    const many = (found) => (found.size === 1 ? "1 display" : `${found.size} displays`);
    told.append(link, ": rests on ", part(many(above), "above-key"), ", and under ", part(many(below), "below-key"), ".");
    step(id);
  };

  // -- Nodes: one of them is a stop of the tab key; arrow keys lead from it to its neighbours.
  let stop = null;
  const step = (id) => {
    if (stop) nodes.get(stop).tabIndex = -1;
    stop = id;
    nodes.get(id).tabIndex = 0;
  };
  step(nodes.keys().next().value);
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const neighbour = (id, [dx, dy]) => {
    const [x, y] = place.get(id);
    let best = null;
    let least = Infinity;
    for (const [other, [u, v]] of place) {
      const along = (u - x) * dx + (v - y) * dy;
      const aside = Math.abs((u - x) * dy) + Math.abs((v - y) * dx);
      if (along > 1 && along + 3 * aside < least) [best, least] = [other, along + 3 * aside];
    }
    return best;
  };
  for (const [id, one] of nodes) {
    one.addEventListener("click", (event) => {
      event.preventDefault();
      if (dragged) return;
      if (chosen === id) location.hash = one.getAttribute("href");
      else choose(id);
    });
    one.addEventListener("choose", () => {
      choose(id);
      document.getElementById("graph").scrollIntoView();
      one.scrollIntoView({ block: "nearest", inline: "center" });
    });
    one.addEventListener("keydown", (event) => {
      const to = arrows[event.key] && neighbour(id, arrows[event.key]);
      if (!arrows[event.key]) return;
      event.preventDefault();
      event.stopPropagation();
      if (!to) return;
      step(to);
      nodes.get(to).focus();
    });
  }
  clear.addEventListener("click", () => { choose(null); frame.focus(); });
  frame.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && chosen) { choose(null); event.stopPropagation(); }
    if (event.key === "+" || event.key === "=") zoom(size * 1.25);
    if (event.key === "-") zoom(size * 0.8);
    if (event.key === "0") whole();
  });
})();
