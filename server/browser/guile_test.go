package browser_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"zhijian/testkit/house"
)

// guiles are what somebody types who wants a page to run it.
func guiles() []string {
	return []string{
		`<script>alert(1)</script>`,
		`"><script>alert(2)</script>`,
		`'><img src=x onerror=alert(3)>`,
		`<svg/onload=alert(4)>`,
		`</title><script>alert(5)</script>`,
		`</textarea><script>alert(6)</script>`,
		`" autofocus onfocus=alert(7) x="`,
		`' autofocus onfocus=alert(8) x='`,
		`javascript:alert(9)`,
		`<a href="javascript:alert(10)">x</a>`,
		`<iframe srcdoc="<script>alert(11)</script>">`,
		`{{constructor.constructor('alert(12)')()}}`,
		`${alert(13)}`,
		`<style>@import 'http://evil.example/';</style>`,
		`<form action=//evil.example><input name=code>`,
		`<base href=//evil.example/>`,
		`<meta http-equiv=refresh content="0;url=//evil.example">`,
		`&lt;script&gt;alert(18)&lt;/script&gt;`,
		`<x hx-get="/logout" hx-trigger="load">`,
		"\u2028</script><script>alert(20)</script>",
	}
}

// marks counts what a page would have in it had it taken a guile for its own.
const marks = `document.querySelectorAll('script:not([src]),iframe,object,embed,base,meta[http-equiv=refresh],[onerror],[onload],[onfocus],[srcdoc],main form[action*=evil],a[href^=javascript],[hx-get="/logout"],main img[src=x],main svg[onload],main style').length`

// TestGuile types guiles into every field a resident or a member of staff can reach, and looks at every page that shows
// what was typed: it stands there as text, nothing runs, and the content policy has nothing to stop.
func TestGuile(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	all := strings.Join(guiles(), " ")

	t.Run("in addresses", func(t *testing.T) {
		t.Parallel()
		w := newWindow(t, h)
		for _, g := range guiles() {
			q := url.QueryEscape(g)
			w.open("/city/hangzhou/search?q=" + q)
			w.quiet(g)
			if got := js[string](w, `document.querySelector('input[name=q]').value`); got != strings.TrimSpace(g) {
				t.Errorf("%q stands in the field as %q", g, got)
			}
			if !strings.Contains(w.text(), strings.Join(strings.Fields(g), " ")) {
				t.Errorf("the page does not show %q as text:\n%s", g, w.text())
			}
		}
		q := url.QueryEscape(all)
		for _, path := range []string{
			"/?q=" + q, "/?service=" + q, "/?in=" + q, "/?letter=" + q, "/search?type=" + q + "&q=x", "/city/hangzhou/services?group=" + q,
			"/login?next=" + q, "/login?next=javascript:alert(1)", "/login?next=//evil.example/", "/city/" + url.PathEscape(guiles()[0]), "/a/" + url.PathEscape(guiles()[2]),
			"/cases/" + url.PathEscape(guiles()[0]), "/nowhere/" + url.PathEscape(guiles()[3]), "/locate?lat=" + q + "&lng=1", "/en/city/hangzhou/search?q=" + q,
		} {
			w.open(path)
			w.quiet(path)
		}
	})
	t.Run("in a resident's fields", func(t *testing.T) {
		t.Parallel()
		w := newWindow(t, h)
		w.must("/login")
		w.types("phone", all)
		who := h.Resident(t, "L1", 1)
		w.enter(who)
		w.must("/me/proof/name")
		w.types("name", all)
		w.types("citizen_number", all)
		w.begin("electricity-bill-payment")
		w.types("account", all)
		for _, g := range guiles()[:8] { // one by one where the length is limited
			w.types("account", g)
		}
	})
	t.Run("in what is kept and shown again", func(t *testing.T) {
		t.Parallel()
		w := newWindow(t, h)
		who := h.Resident(t, "L4", 9)
		w.enter(who)
		w.begin("vehicle-violation-query")
		w.pick("plate", "other")
		w.press("查询")
		w.types("other_plate", guiles()[0])
		w.types("engine", guiles()[4])
		w.begin("vehicle-violation-query")
		w.pick("plate", who.Plates[0])
		w.press("查询")
		at := strings.Join(strings.Split(w.path(), "/")[:3], "/")
		w.must(at + "/rate")
		w.pick("level", "1")
		w.types("text", all[:250])
		for _, path := range []string{at, at + "/rate", at + "/submitted", "/me/cases", "/me/messages", "/me/sessions", "/me/privacy", "/me"} {
			w.open(path)
			w.quiet(path)
		}
	})
	t.Run("in the staff's fields", func(t *testing.T) {
		t.Parallel()
		w := newWindow(t, h)
		w.desk()
		w.must("/console/login")
		w.types("user", all)
		w.must("/console/login")
		w.staffIn(h.Ready.Logins.Operator)
		for _, path := range []string{"/console/cases?state=" + url.QueryEscape(all), "/console/stuck?after=" + url.QueryEscape(all), "/console/cases/" + url.PathEscape(guiles()[0])} {
			w.open(path)
			w.quiet(path)
		}
	})
}

// quiet reports a page that took what was typed for its own.
func (w *window) quiet(after string) {
	w.t.Helper()
	if n := js[int](w, marks); n != 0 {
		w.t.Errorf("after %.60q the page has %d things of the typist's in it: %s", after, n, js[string](w, `document.querySelector('main') ? document.querySelector('main').innerHTML.slice(0, 2000) : document.documentElement.outerHTML.slice(0, 2000)`))
	}
	if at := js[string](w, `location.origin`); at != w.h.Ready.BaseURL {
		w.t.Errorf("after %.60q the window is at %s", after, at)
	}
	w.sound()
}

// types puts a text into a field as pasting would, sends the form and looks at the answer.
func (w *window) types(name, value string) {
	w.t.Helper()
	w.load("send "+name, steps(chromedp.Evaluate[bool](fmt.Sprintf(`(e => {
			e.removeAttribute('maxlength');
			e.value = %q;
			e.form.requestSubmit(e.form.querySelector('button:not([type=button])') || document.querySelector('button[form="' + e.form.id + '"]'));
			return true;
		})([...document.querySelectorAll('[name=%s]')].find(e => e.type !== 'hidden'))`, value, name))))
	w.quiet(name + "=" + value)
}
