// A waiting page asks again after 5 s, then ever more slowly, and rests while hidden. Without script the page
// reloads by <meta http-equiv="refresh"> inside <noscript>.
var box = document.querySelector('[data-wait]');
if (box) {
  var pause = 5000;
  var again = function () {
    if (document.hidden) { setTimeout(again, 1000); return; }
    fetch(box.dataset.wait, { credentials: 'same-origin', headers: { Accept: 'text/html', 'X-Wait': '1' } }).then(function (r) {
      if (r.redirected && r.url !== location.href) { location.replace(r.url); return null; }
      return r.ok ? r.text() : '';
    }).then(function (text) {
      if (text === null) return;
      if (text && text.indexOf('data-wait') < 0) { location.reload(); return; }
      pause = Math.min(pause * 1.5, 60000);
      setTimeout(again, pause);
    }, function () { pause = Math.min(pause * 2, 60000); setTimeout(again, pause); });
  };
  setTimeout(again, pause);
}
