package browser_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"zhijian/testkit/house"
)

// tourTalk is the talk with an account: its welcome, its menu, a question, a choice, the check and a talk in English.
func tourTalk(a *album, w *window) {
	who := w.h.Resident(a.t, "L4", 5)
	w.must("/a/hzqx/chat")
	a.take(w, "talk-welcome")
	w.enter(who)
	w.must("/a/hzjj/chat")
	w.do("unfold the menu", chromedp.Click(seen("summary", "")))
	a.takeAsIs(w, "talk-menu")
	w.must("/a/hzjj/chat?mode=text")
	a.take(w, "talk-input")
	w.write("交罚款", "要处理哪辆车")
	a.takeAsIs(w, "talk-question")
	w.write("1", "没有处理")
	w.write("9", "没看懂")
	w.write("上一步", "要处理哪辆车")
	w.must("/a/hzjj/chat")
	a.take(w, "talk-again")
	w.must("/en/a/hzjj/chat")
	a.take(w, "talk-english")
}

// write writes a line and waits for what is said to it, on whatever page that is.
func (w *window) write(line, until string) {
	w.t.Helper()
	w.do("go to the input", chromedp.Focus(chromedp.JSPath(`document.getElementById('line')`))) // the quick replies have the same name
	js[bool](w, `document.activeElement.select(), true`)
	w.do("write "+line, chromedp.KeyEvent(line))
	w.do("send "+line, chromedp.Click(seen("button", "发送")))
	w.said(until)
}

// said waits until the newest message of the talk says something.
func (w *window) said(what string) {
	w.t.Helper()
	ok := js[bool](w, `new Promise(done => { let n = 0; (function look() {
		const m = document.getElementById('now');
		if (m && m.innerText.includes('`+what+`')) return done(true);
		if (n++ > 400) return done(false);
		setTimeout(look, 50);
	})() })`)
	if !ok {
		w.t.Fatalf("the talk does not say %q:\n%s", what, w.text())
	}
}

// TestTalk has a line go out without leaving the page, and the same without script.
func TestTalk(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	t.Run("with script", func(t *testing.T) {
		t.Parallel()
		w := newWindow(t, h)
		w.must("/a/hzqx/chat?mode=text")
		js[bool](w, `window.stayed = true`)
		w.write("♞♞♞", "12345")
		if !js[bool](w, `window.stayed === true`) {
			t.Error("the page was loaded anew")
		}
		if got := js[string](w, `document.activeElement.id`); got != "line" {
			t.Errorf("the cursor is at %q, want the input", got)
		}
		w.do("tap a service", chromedp.Click(seen(".zj-quick button", "天气")))
		w.said("℃")
	})
	t.Run("without script", func(t *testing.T) {
		t.Parallel()
		w := newWindow(t, h)
		w.withoutScript()
		w.must("/a/hzqx/chat?mode=text")
		w.fill("line", "天气")
		w.press("发送")
		for range 20 {
			if strings.Contains(w.text(), "℃") {
				break
			}
			w.must("/a/hzqx/chat")
		}
		w.reads("℃", "自动回复")
		w.must("/a/hzqx/chat")
		if shown := js[bool](w, `!document.querySelector('[data-listen]') || document.querySelector('[data-listen]').hidden`); !shown {
			t.Error("without script there is a button for the voice")
		}
	})
}
