// Running total in the action bar of a choosing step. Amounts are whole fen in data-fen, points in data-points;
// the texts come from the server: data-label "已选 {n} 条，记 {p} 分".
function yuan(fen) {
  var s = String(fen % 100);
  return Math.floor(fen / 100).toLocaleString('en-US').replace(/,/g, '') + '.' + (s.length < 2 ? '0' + s : s);
}
document.querySelectorAll('[data-total]').forEach(function (bar) {
  var form = bar.closest('form');
  if (!form) return;
  function sum() {
    var n = 0, fen = 0, points = 0;
    form.querySelectorAll('input[data-fen]:checked').forEach(function (i) {
      n++; fen += +i.dataset.fen; points += +(i.dataset.points || 0);
    });
    var label = bar.querySelector('[data-label]'), value = bar.querySelector('[data-value]');
    if (label) label.textContent = label.dataset.label.replace('{n}', n).replace('{p}', points);
    if (value) value.textContent = value.dataset.value + yuan(fen);
  }
  form.addEventListener('change', sum);
  sum();
});
