// A line of a talk goes out without leaving the page: the answer's document is the page itself, and its log and bar take the place of
// what is here. Everything works without; then the page loads anew.
var log = document.querySelector('.zj-chat [role="log"]');
if (log) {
  var main = document.getElementById('main');
  var down = function () { var n = document.getElementById('now'); if (n) n.scrollIntoView({ block: 'nearest' }); };
  var sending = false;
  document.addEventListener('submit', function (e) {
    var form = e.target;
    if (!form.hasAttribute('data-say') || sending) { if (sending) e.preventDefault(); return; }
    e.preventDefault();
    var data = new URLSearchParams(new FormData(form));
    if (e.submitter && e.submitter.name) data.append(e.submitter.name, e.submitter.value);
    var x = new XMLHttpRequest();
    sending = true;
    x.open('POST', form.action);
    x.responseType = 'document'; // parsed by the browser, without running anything in it
    x.onload = function () {
      sending = false;
      var doc = x.response, there = doc && doc.querySelector('.zj-chat [role="log"]');
      if (!there || there.querySelector('[data-wait]')) { location.assign(x.responseURL.split('#')[0]); return; }
      var next = document.importNode(doc.getElementById('main'), true);
      log.replaceChildren.apply(log, Array.from(next.querySelector('[role="log"]').childNodes));
      while (log.nextSibling) log.nextSibling.remove();
      Array.from(next.childNodes).forEach(function (n) { if (n.nodeName !== 'H1' && n.nodeType === 1 && n.getAttribute('role') !== 'log') main.appendChild(n); });
      listen();
      down();
      var input = document.getElementById('line');
      if (input) input.focus({ preventScroll: true });
    };
    x.onerror = function () { sending = false; var n = document.querySelector('.zj-say__n'); if (n) n.textContent = n.dataset.lost; };
    x.send(data);
  }, true);
  // Voice: only where the browser itself recognises speech. What it understood is text to be looked at before it is sent.
  var listen = function () {
    var Speech = window.SpeechRecognition || window.webkitSpeechRecognition, b = document.querySelector('[data-listen]');
    if (!Speech || !b) return;
    b.hidden = false;
    b.addEventListener('click', function () {
      var s = new Speech(), note = document.querySelector('.zj-say__n');
      s.lang = b.dataset.listen;
      b.setAttribute('aria-pressed', 'true');
      note.textContent = b.dataset.note;
      s.onresult = function (e) { document.getElementById('line').value = e.results[0][0].transcript.replace(/[。.]$/, ''); };
      s.onend = function () { b.setAttribute('aria-pressed', 'false'); note.textContent = ''; document.getElementById('line').focus(); };
      s.onerror = s.onend;
      s.start();
    });
  };
  listen();
  down();
}
