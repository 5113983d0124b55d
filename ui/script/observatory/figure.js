// Figures tell their numbers where one points, and dense ones can be looked at closer: by button, pinch, Ctrl and wheel, or keys.
// Without this script browsers show the same words as titles, and the table beside has every number.
var most = 8;
var near = 14;
var tip = document.createElement('div');
tip.className = 'ob-tip';
tip.setAttribute('role', 'status');
tip.hidden = true;

// A mark is what has a number: its words move from its title to data-tip, or browsers would show them a second time. The title
// of a link stays, for it is the link's name.
function marksOf(svg) {
  var list = [];
  svg.querySelectorAll('title').forEach(function (t) {
    var mark = t.parentNode;
    if (mark === svg || mark.localName === 'text') return;
    var words = t.textContent, link = mark.closest('a'), box = mark.getBBox();
    mark.setAttribute('data-tip', words);
    if (!link) t.remove();
    list.push({ el: mark, link: link, x: box.x + box.width / 2, y: box.y + box.height / 2, small: mark.localName !== 'rect' });
  });
  return list;
}

function show(mark, svg) {
  var at = mark.el.getBoundingClientRect();
  if (tip.textContent !== mark.el.dataset.tip) tip.textContent = mark.el.dataset.tip;
  svg.querySelectorAll('.on-tip').forEach(function (o) { o.classList.remove('on-tip'); });
  mark.el.classList.add('on-tip');
  tip.hidden = false;
  var w = tip.offsetWidth, h = tip.offsetHeight, page = document.documentElement.clientWidth;
  tip.style.left = Math.max(8, Math.min(at.left + at.width / 2 - w / 2, page - w - 8)) + 'px';
  tip.style.top = (at.top - h - 8 > 0 ? at.top - h - 8 : at.bottom + 8) + 'px';
}

function hide() {
  tip.hidden = true;
  document.querySelectorAll('.on-tip').forEach(function (o) { o.classList.remove('on-tip'); });
}

// The mark under a point of the screen, or the nearest small one within reach of a finger.
function markAt(list, svg, e) {
  var hit = list.find(function (m) { return m.el === e.target; });
  if (hit) return hit;
  var ctm = svg.getScreenCTM();
  if (!ctm) return null;
  var p = new DOMPoint(e.clientX, e.clientY).matrixTransform(ctm.inverse()), reach = near / ctm.a, best = null;
  list.forEach(function (m) {
    var d = Math.hypot(m.x - p.x, m.y - p.y);
    if (m.small && d < reach) { reach = d; best = m; }
  });
  return best;
}

// Lens looks at a part of a drawing. In dense drawings marks and words keep their size, so that what lay together parts.
function lens(svg, list, keep) {
  var all = svg.viewBox.baseVal, w = all.width, h = all.height, k = 1, x = 0, y = 0;
  var fixed = keep ? list.map(function (m) { return { el: m.el, x: m.x, y: m.y }; }) : [];
  if (keep) svg.querySelectorAll('text:not([transform])').forEach(function (t) { fixed.push({ el: t, x: +t.getAttribute('x'), y: +t.getAttribute('y') }); });
  function draw() {
    x = Math.max(0, Math.min(x, w - w / k));
    y = Math.max(0, Math.min(y, h - h / k));
    svg.setAttribute('viewBox', x + ' ' + y + ' ' + w / k + ' ' + h / k);
    svg.classList.toggle('ob-svg--near', k > 1);
    fixed.forEach(function (f) {
      if (k === 1) { f.el.removeAttribute('transform'); return; }
      f.el.setAttribute('transform', 'translate(' + f.x + ' ' + f.y + ') scale(' + 1 / k + ') translate(' + -f.x + ' ' + -f.y + ')');
    });
  }
  return {
    // by makes it so many times closer around a place of the drawing, its middle when none is given.
    by: function (times, px, py) {
      var to = Math.max(1, Math.min(k * times, most));
      if (px === undefined) { px = x + w / k / 2; py = y + h / k / 2; }
      x = px - (px - x) * k / to;
      y = py - (py - y) * k / to;
      k = to;
      draw();
      hide();
    },
    whole: function () { k = 1; draw(); hide(); },
    move: function (dx, dy) { var s = w / k / svg.getBoundingClientRect().width; x -= dx * s; y -= dy * s; draw(); hide(); },
    see: function (m) { if (k > 1 && (m.x < x || m.y < y || m.x > x + w / k || m.y > y + h / k)) { x = m.x - w / k / 2; y = m.y - h / k / 2; draw(); } },
    near: function () { return k > 1; },
    place: function (cx, cy) { return new DOMPoint(cx, cy).matrixTransform(svg.getScreenCTM().inverse()); }
  };
}

// Two fingers pinch; one, or the mouse, moves what is looked at closer.
function drag(svg, l) {
  var down = new Map(), moved = false;
  svg.addEventListener('pointerdown', function (e) { down.set(e.pointerId, { x: e.clientX, y: e.clientY }); moved = false; });
  svg.addEventListener('pointermove', function (e) {
    var was = down.get(e.pointerId);
    if (!was) return;
    var now = { x: e.clientX, y: e.clientY };
    down.set(e.pointerId, now);
    if (down.size === 2) {
      var other = Array.from(down.entries()).find(function (d) { return d[0] !== e.pointerId; })[1];
      var before = Math.hypot(was.x - other.x, was.y - other.y), after = Math.hypot(now.x - other.x, now.y - other.y);
      var mid = l.place((now.x + other.x) / 2, (now.y + other.y) / 2);
      if (before > 0) l.by(after / before, mid.x, mid.y);
      moved = true;
    } else if (l.near()) {
      if (Math.hypot(now.x - was.x, now.y - was.y) > 2) moved = true;
      l.move(now.x - was.x, now.y - was.y);
    }
  });
  ['pointerup', 'pointercancel', 'pointerleave'].forEach(function (n) { svg.addEventListener(n, function (e) { down.delete(e.pointerId); }); });
  svg.addEventListener('click', function (e) { if (moved) e.preventDefault(); }, true);
  svg.addEventListener('wheel', function (e) {
    if (!e.ctrlKey) return;
    e.preventDefault();
    var p = l.place(e.clientX, e.clientY);
    l.by(e.deltaY < 0 ? 1.25 : 0.8, p.x, p.y);
  }, { passive: false });
}

function keys(svg, list, l) {
  var at = -1;
  svg.addEventListener('keydown', function (e) {
    var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (step && !e.target.closest('a')) {
      e.preventDefault();
      at = (at + step + list.length) % list.length;
      if (l) l.see(list[at]);
      show(list[at], svg);
    } else if (e.key === 'Escape') {
      hide();
    } else if (l && !e.ctrlKey && !e.metaKey && { '+': 1, '=': 1, '-': 1, '0': 1 }[e.key]) {
      e.preventDefault();
      if (e.key === '0') l.whole(); else l.by(e.key === '-' ? 1 / 1.5 : 1.5);
    }
  });
  svg.addEventListener('blur', function () { at = -1; hide(); });
}

function begin(svg) {
  var list = marksOf(svg);
  if (!list.length) return null;
  var pic = svg.closest('.ob-pic'), map = pic && pic.matches('.ob-pic--map'), l = null;
  if (pic && pic.matches('.ob-pic--close')) {
    l = lens(svg, list, !map);
    drag(svg, l);
  }
  if (!svg.querySelector('a')) svg.setAttribute('tabindex', '0');
  svg.addEventListener('pointermove', function (e) { var m = markAt(list, svg, e); if (m) show(m, svg); else hide(); });
  svg.addEventListener('pointerdown', function (e) { var m = markAt(list, svg, e); if (m) show(m, svg); });
  svg.addEventListener('pointerleave', function (e) { if (e.pointerType === 'mouse') hide(); });
  svg.addEventListener('focusin', function (e) { var m = list.find(function (o) { return o.link && o.link === e.target; }); if (m) show(m, svg); });
  svg.addEventListener('focusout', hide);
  keys(svg, list, l);
  return l;
}

document.body.appendChild(tip);
addEventListener('scroll', hide, { passive: true, capture: true });
document.querySelectorAll('.ob-pic').forEach(function (pic) {
  // A drawing that is not shown has no size; it begins when the window is turned and it is.
  var begun = new Map();
  function all() {
    pic.querySelectorAll('.ob-svg').forEach(function (svg) { if (!begun.has(svg) && svg.getClientRects().length) begun.set(svg, begin(svg)); });
  }
  all();
  addEventListener('resize', all);
  var bar = pic.querySelector('.ob-zoom');
  if (!bar) return;
  bar.hidden = false;
  bar.addEventListener('click', function (e) {
    var b = e.target.closest('button');
    if (!b) return;
    begun.forEach(function (l, svg) {
      if (!l || !svg.getClientRects().length) return;
      if (b.value === 'whole') l.whole(); else l.by(b.value === 'closer' ? 1.5 : 1 / 1.5);
    });
  });
});
