// The browser's side of the drawing pad. pad.py has the other side, and says what it is for.

const SIDE = 280; // units a side of the paper, in which strokes and steps are measured
const SHARP = 2; // pixels a unit, for screens that show more than one
const SENT = 140; // pixels a side of the page that Python gets
const SEEN = 28;
const PEN = 22; // units, about the width of MNIST's strokes in a digit that fills the paper
const STEP = 8; // units that an arrow key moves the pen; with Shift a quarter
const EVERY = 100; // milliseconds between two pages, at least
const PATIENCE = 5000; // milliseconds to wait for an answer before saying so
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PAPER = "Paper to draw a digit on. Arrow keys move the pen, with Shift in small steps; " +
  "Space puts it down and lifts it.";

// JupyterLab takes keys for itself (B adds a cell) unless the element in focus asks it not to.
const OWN_KEYS = 'data-lm-suppress-shortcuts="true"';
const HTML = `
<div class="drawing-pad">
  <div class="hand">
    <div class="paper">
      <canvas class="page" width="${SIDE * SHARP}" height="${SIDE * SHARP}" tabindex="0"
        role="application" aria-label="${PAPER}" ${OWN_KEYS}></canvas>
      <div class="pen"></div>
    </div>
    <button type="button" class="clear" ${OWN_KEYS}>Clear</button>
    <p class="help">Draw with mouse, pen or finger. With the keyboard: arrow keys move the pen,
      <kbd>Space</kbd> puts it down and lifts it.</p>
  </div>
  <div class="network">
    <p class="answer"></p>
    <ol role="list" aria-label="Probability of each digit">${digitRows()}</ol>
    <div class="sight">
      <canvas class="seen" width="${SEEN}" height="${SEEN}" role="img"></canvas>
      <span>What the network sees:<br>${SEEN} × ${SEEN} pixels</span>
    </div>
  </div>
  <p class="spoken" role="status"></p>
</div>`;

function digitRows() {
  const row = (digit) => `<li><b>${digit}</b><span class="track"><span class="bar"></span></span>
    <span class="percent"></span><span class="best" aria-hidden="true"></span></li>`;
  return [...Array(10).keys()].map(row).join("");
}

function render({ model, el }) {
  el.innerHTML = HTML;
  const screen = makeScreen(el);
  const page = el.querySelector(".page");
  const post = makePost(model, () => pixels(page), screen.show);
  const pen = makePen(page, post.changed);

  const clear = () => {
    pen.lift();
    pen.wipe();
    post.forget();
    screen.empty();
    post.changed();
  };
  screen.empty();
  drawByPointer(page, pen);
  drawByKeys(page, el.querySelector(".pen"), pen, screen.speak);
  el.querySelector(".clear").addEventListener("click", clear);
  return post.close;
}

// The pen leaves ink on the canvas. Whatever changes the page calls `changed`.
function makePen(page, changed) {
  const ink = page.getContext("2d");
  ink.scale(SHARP, SHARP);
  ink.lineWidth = PEN;
  ink.lineCap = ink.lineJoin = "round";
  let last = null; // where the pen is on the paper; null while it is lifted

  const to = (x, y) => {
    ink.beginPath();
    ink.moveTo(...(last ?? [x, y]));
    ink.lineTo(x, y);
    ink.stroke();
    last = [x, y];
    changed(false);
  };
  const lift = () => {
    if (last === null) return;
    last = null;
    changed(true);
  };
  return { to, lift, isDown: () => last !== null, wipe: () => ink.clearRect(0, 0, SIDE, SIDE) };
}

// The ink as Python gets it: SENT × SENT bytes, 0 paper, 255 ink.
function pixels(page) {
  const small = new OffscreenCanvas(SENT, SENT).getContext("2d");
  small.imageSmoothingQuality = "high";
  small.drawImage(page, 0, 0, SENT, SENT);
  const colours = small.getImageData(0, 0, SENT, SENT).data;
  return Uint8Array.from({ length: SENT * SENT }, (_, i) => colours[4 * i + 3]);
}

function drawByPointer(page, pen) {
  let pointer = null; // the one that draws; a second finger or a palm does not
  const place = (event) => {
    const { left, top, width, height } = page.getBoundingClientRect();
    return [(SIDE * (event.clientX - left)) / width, (SIDE * (event.clientY - top)) / height];
  };
  page.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    page.setPointerCapture(pointer);
    pen.lift();
    pen.to(...place(event));
  });
  page.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const one of passed.length ? passed : [event]) pen.to(...place(one));
  });
  const end = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    pen.lift();
  };
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
    page.addEventListener(name, end);
  }
}

function drawByKeys(page, mark, pen, speak) {
  let [x, y] = [SIDE / 2, SIDE / 2];
  const held = new Set(); // two arrow keys together draw a slanted line
  const show = () => {
    mark.style.left = `${(100 * x) / SIDE}%`;
    mark.style.top = `${(100 * y) / SIDE}%`;
    mark.classList.toggle("down", pen.isDown());
  };
  const within = (value) => Math.min(SIDE, Math.max(0, value));
  const move = (size) => {
    for (const key of held) {
      x = within(x + size * ARROWS[key][0]);
      y = within(y + size * ARROWS[key][1]);
    }
    if (pen.isDown()) pen.to(x, y);
  };
  const toggle = () => {
    if (pen.isDown()) pen.lift();
    else pen.to(x, y);
    speak(pen.isDown() ? "Pen down." : "Pen up.");
  };
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in ARROWS) {
      held.add(event.key);
      move(event.shiftKey ? STEP / 4 : STEP);
    } else if (event.key === " ") {
      if (!event.repeat) toggle();
    } else return;
    event.preventDefault();
    event.stopPropagation();
    show();
  });
  page.addEventListener("keyup", (event) => held.delete(event.key));
  page.addEventListener("blur", () => {
    held.clear();
    pen.lift();
    show();
  });
  show();
}

// Sends pages to Python, one at a time: the next goes when the last is answered, or given up.
function makePost(model, takePage, show) {
  const view = Math.random().toString(36).slice(2); // other views of this pad have their own
  let number = 0; // of the last page sent
  let answered = 0; // answers up to this number come too late
  let sentAt = -Infinity;
  let waiting = null; // timers: of the page under way, and of the next one
  let next = null;
  let unsent = false;
  let atRest = true; // no stroke is being drawn

  const changed = (strokeEnds = true) => {
    unsent = true;
    atRest = strokeEnds;
    if (waiting !== null || next !== null) return;
    next = setTimeout(send, Math.max(0, sentAt + EVERY - performance.now()));
  };
  const send = () => {
    next = null;
    unsent = false;
    sentAt = performance.now();
    number += 1;
    waiting = setTimeout(giveUp, PATIENCE);
    model.send({ view, number }, undefined, [takePage().buffer]);
  };
  const giveUp = () => {
    waiting = null;
    const problem = "No answer yet: Python is busy or has stopped. If another cell runs, wait " +
      "for it; after a restart, run this page's cells again.";
    show({ problem }, [], true);
    if (unsent) changed(atRest);
  };
  const arrived = (answer, buffers) => {
    if (answer.view !== view || answer.number <= answered) return;
    answered = answer.number;
    if (answer.number === number) {
      clearTimeout(waiting);
      waiting = null;
    }
    show(answer, buffers, atRest && !unsent);
    if (unsent) changed(atRest);
  };
  const forget = () => {
    answered = number;
    clearTimeout(waiting);
    waiting = null;
  };
  const close = () => {
    clearTimeout(waiting);
    clearTimeout(next);
    model.off("msg:custom", arrived);
  };
  model.on("msg:custom", arrived);
  return { changed, forget, close };
}

// What the pad shows and, where a stroke is done, says to those who listen.
function makeScreen(el) {
  const answer = el.querySelector(".answer");
  const spoken = el.querySelector(".spoken");
  const rows = [...el.querySelectorAll("li")];
  const seen = el.querySelector(".seen");

  const speak = (text) => { spoken.textContent = text; };
  const bars = (chances) => {
    const best = chances ? chances.indexOf(Math.max(...chances)) : null;
    rows.forEach((row, digit) => {
      const chance = chances ? chances[digit] : 0;
      row.classList.toggle("chosen", digit === best);
      row.querySelector(".bar").style.width = `${100 * chance}%`;
      row.querySelector(".percent").textContent = chances ? percent(chance) : "–";
      row.querySelector(".best").textContent = digit === best ? "◀" : "";
    });
    return best;
  };
  const picture = (bytes) => {
    const image = new ImageData(SEEN, SEEN);
    const grey = (i) => 255 - (bytes ? bytes.getUint8(i) : 0); // ink dark on light, as in figures
    for (let i = 0; i < SEEN * SEEN; i += 1) image.data.set([grey(i), grey(i), grey(i), 255], 4 * i);
    seen.getContext("2d").putImageData(image, 0, 0);
    seen.setAttribute("aria-label", bytes ? "The digit as the network sees it" : "No digit yet");
  };
  const show = ({ problem, probabilities }, buffers, atRest) => {
    const best = bars(probabilities);
    picture(buffers[0]);
    const text = problem ?? `Answer: ${best} (${percent(probabilities[best])})`;
    answer.textContent = text;
    answer.classList.toggle("problem", Boolean(problem));
    if (atRest) speak(text);
  };
  const empty = () => show({ problem: "Draw a digit." }, [], false);
  return { show, speak, empty };
}

function percent(chance) {
  return `${(100 * chance).toFixed(1)} %`;
}

export default { render };
