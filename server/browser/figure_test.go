package browser_test

import (
	"fmt"
	"strings"
	"testing"

	"zhijian/testkit/house"
)

// shownFigure is the drawing of a page that is shown, with its picture.
const shownFigure = `(() => {
	const svg = [...document.querySelectorAll('.ob-pic .ob-svg')].find(s => s.getClientRects().length);
	svg.scrollIntoView({block: 'center'});
	return {svg, pic: svg.closest('.ob-pic'), tip: document.querySelector('.ob-tip'), marks: [...svg.querySelectorAll('[data-tip]')]};
})()`

// in evaluates what a function of the shown drawing says.
func in[T any](w *window, body string) T {
	w.t.Helper()
	return js[T](w, fmt.Sprintf(`(({svg, pic, tip, marks}) => { %s })(%s)`, body, shownFigure))
}

// TestFigures: a dense figure tells its numbers to a mouse, a finger and a keyboard, and can be looked at closer; one of links
// keeps them.
func TestFigures(t *testing.T) {
	t.Parallel()
	w := newWindow(t, house.Open(t, ""))
	for _, wide := range []bool{true, false} {
		w.must("/observatory/exhibits/appendix-1")
		if wide {
			w.desk()
		}
		w.must("/observatory/exhibits/appendix-1")
		if n := in[int](w, `return marks.length`); n < 330 {
			t.Fatalf("%d marks that say something", n)
		}
		for what, act := range map[string]string{
			"a mouse": `const r = marks[9].getBoundingClientRect(); marks[9].dispatchEvent(new PointerEvent('pointermove', {bubbles: true, pointerType: 'mouse', clientX: r.x + 2, clientY: r.y + 2}));
				return tip.hidden ? '' : tip.textContent === marks[9].dataset.tip ? tip.textContent : 'another: ' + tip.textContent`,
			"a finger nearby": `const r = marks[0].getBoundingClientRect(); svg.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true, pointerType: 'touch', pointerId: 9, clientX: r.x - 1, clientY: r.y - 1}));
				svg.dispatchEvent(new PointerEvent('pointerup', {pointerId: 9})); return tip.hidden ? '' : tip.textContent`,
			"keys": `svg.focus(); svg.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
				return document.activeElement !== svg || tip.hidden ? '' : tip.textContent`,
		} {
			if said := in[string](w, act); !strings.Contains(said, "账号数名次") || strings.HasPrefix(said, "another") {
				t.Errorf("wide %v, %s: the figure says %q", wide, what, said)
			}
		}
		if hidden := in[bool](w, `svg.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true})); return tip.hidden`); !hidden {
			t.Error("Escape does not take the words away")
		}
		whole := in[string](w, `return svg.getAttribute('viewBox')`)
		closer := in[string](w, `pic.querySelector('[value=closer]').click(); return svg.getAttribute('viewBox')`)
		if closer == whole {
			t.Error("the button does not bring it closer")
		}
		// A mark that is out of sight is brought into it before its words are shown.
		if far := in[string](w, `const b = svg.getBoundingClientRect(); svg.focus();
			for (let i = 0; i < marks.length; i++) {
				svg.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
				const m = svg.querySelector('.on-tip').getBoundingClientRect();
				if (m.right < b.left || m.left > b.right || m.bottom < b.top || m.top > b.bottom) return tip.textContent;
			}
			return ''`); far != "" {
			t.Errorf("wide %v: %s lies out of sight", wide, far)
		}
		if again := in[string](w, `pic.querySelector('[value=whole]').click(); return svg.getAttribute('viewBox')`); again != whole {
			t.Errorf("whole again it is %s, was %s", again, whole)
		}
		if pinched := in[string](w, `const r = svg.getBoundingClientRect(), at = (kind, id, x) => svg.dispatchEvent(new PointerEvent(kind, {bubbles: true, pointerType: 'touch', pointerId: id, clientX: r.x + x, clientY: r.y + 90}));
			at('pointerdown', 1, 80); at('pointerdown', 2, 120); at('pointermove', 2, 160); at('pointerup', 1, 80); at('pointerup', 2, 160); return svg.getAttribute('viewBox')`); pinched == whole {
			t.Error("two fingers do not bring it closer")
		}
	}
	w.must("/observatory/exhibits/figure-2")
	if said := in[string](w, `const a = svg.querySelector('a'); a.focus(); return tip.textContent + '|' + (tip.textContent === a.querySelector('title').textContent) + '|' + !tip.hidden`); !strings.HasSuffix(said, "|true|true") {
		t.Errorf("a province in focus: %q", said)
	}
}

// TestFiguresWithoutScript: the numbers are there, as titles and as a table, and nothing is shown that does nothing.
func TestFiguresWithoutScript(t *testing.T) {
	t.Parallel()
	w := newWindow(t, house.Open(t, ""))
	w.withoutScript()
	w.must("/observatory/exhibits/appendix-1")
	if n := js[int](w, `document.querySelectorAll('.ob-svg--narrow title').length`); n < 330 {
		t.Errorf("%d titles", n)
	}
	if n := js[int](w, `document.querySelectorAll('.ob-tbl tbody tr').length`); n != 334 {
		t.Errorf("%d rows", n)
	}
	if shown := js[bool](w, `document.querySelector('.ob-zoom').getClientRects().length > 0`); shown {
		t.Error("buttons that do nothing are shown")
	}
}
