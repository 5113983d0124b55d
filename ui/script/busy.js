// One press is one submission: the button says that it works and takes no second press.
// The server holds a key as well; this only spares the resident the doubt.
var html = document.documentElement;
html.classList.add('zj-js');
document.addEventListener('submit', function (e) {
  var form = e.target;
  if (e.defaultPrevented || form.method !== 'post') return;
  if (form.hasAttribute('data-sent')) { e.preventDefault(); return; }
  form.setAttribute('data-sent', '');
  // An answer that is a download leaves the page where it is.
  setTimeout(function () { form.removeAttribute('data-sent'); }, 15000);
  var b = e.submitter || form.querySelector('[data-busy]');
  if (b && b.dataset.busy) {
    b.setAttribute('aria-busy', 'true');
    // Later than the submission itself, so that name and value of the button still go out.
    setTimeout(function () { b.dataset.idle = b.textContent; b.textContent = b.dataset.busy; }, 0);
  }
});
// A page brought back by the back button must be usable again.
addEventListener('pageshow', function (e) {
  if (!e.persisted) return;
  document.querySelectorAll('form[data-sent]').forEach(function (f) { f.removeAttribute('data-sent'); });
  document.querySelectorAll('[aria-busy][data-idle]').forEach(function (b) { b.removeAttribute('aria-busy'); b.textContent = b.dataset.idle; });
});
