// The page of one's number listens to the queue. Each event has the sentence to show; when the state is another (called, served) the page is
// asked for anew. Where there are no streams it asks every 15 s; without script the page reloads by <meta http-equiv="refresh">.
var turn = document.querySelector('[data-turn]');
if (turn) {
  var reload = function () { location.reload(); };
  if (window.EventSource) {
    var source = new EventSource(turn.dataset.turn);
    source.onmessage = function (e) {
      var news = JSON.parse(e.data);
      if (news.state !== turn.dataset.state) { source.close(); reload(); return; }
      if (news.text !== turn.textContent) turn.textContent = news.text;
    };
    source.onerror = function () { if (source.readyState === 2) setTimeout(reload, 15000); };
  } else {
    setTimeout(reload, 15000);
  }
}
