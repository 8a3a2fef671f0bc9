// Zooming and moving a map by changing the part of the drawing that is looked at. Without it the whole map is shown.
const CLOSEST = 16;

export function startMaps(root) {
  for (const figure of root.querySelectorAll("[data-map]")) startMap(figure);
}

function startMap(figure) {
  const drawing = figure.querySelector("svg.wk-map__drawing");
  const buttons = figure.querySelector(".wk-map__buttons");
  const whole = numbers(drawing.getAttribute("viewBox"));
  let seen = [...whole];

  const look = (box) => {
    seen = within(box, whole);
    drawing.setAttribute("viewBox", seen.map((value) => value.toFixed(1)).join(" "));
  };
  const acts = {
    in: () => look(scaled(seen, whole, 0.6)),
    out: () => look(scaled(seen, whole, 1 / 0.6)),
    left: () => look(moved(seen, -0.25, 0)),
    right: () => look(moved(seen, 0.25, 0)),
    up: () => look(moved(seen, 0, -0.25)),
    down: () => look(moved(seen, 0, 0.25)),
    reset: () => look([...whole]),
  };
  buttons.addEventListener("click", (event) => {
    const button = event.target.closest("[data-map-act]");
    if (button) acts[button.dataset.mapAct]();
  });
  buttons.hidden = false;
}

const numbers = (text) => text.split(" ").map(Number);

function scaled([x, y, width, height], whole, factor) {
  const newWidth = Math.min(whole[2], Math.max(whole[2] / CLOSEST, width * factor));
  const newHeight = newWidth * (whole[3] / whole[2]);
  return [x + (width - newWidth) / 2, y + (height - newHeight) / 2, newWidth, newHeight];
}

const moved = ([x, y, width, height], across, down) => [x + width * across, y + height * down, width, height];

function within([x, y, width, height], whole) {
  const clamp = (value, size, least, most) => Math.min(Math.max(value, least), least + most - size);
  return [clamp(x, width, whole[0], whole[2]), clamp(y, height, whole[1], whole[3]), width, height];
}
