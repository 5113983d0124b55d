// Saves what was typed as a draft, at most every 3 s and when the page is left. Without this the server
// keeps the answers of every step that was sent; with it also those of a step that was not.
document.querySelectorAll('form[data-draft]').forEach(function (form) {
  var timer = 0, dirty = false;
  function save(leaving) {
    clearTimeout(timer); timer = 0;
    if (!dirty || form.hasAttribute('data-sent')) return;
    dirty = false;
    var data = new FormData(form);
    // Codes are never kept, and files go their own way.
    form.querySelectorAll('[autocomplete="one-time-code"],[type="password"],[type="file"]').forEach(function (i) { data.delete(i.name); });
    fetch(form.dataset.draft, { method: 'POST', body: new URLSearchParams(data), credentials: 'same-origin', keepalive: leaving === true }).then(function (r) {
      var out = form.querySelector('[data-saved]');
      if (out && r.ok) out.textContent = out.dataset.saved;
    }, function () { dirty = true; });
  }
  form.addEventListener('input', function () { dirty = true; if (!timer) timer = setTimeout(save, 3000); });
  addEventListener('pagehide', function () { save(true); });
});
