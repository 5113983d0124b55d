package browser_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"zhijian/catalog"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/server"
	"zhijian/testkit/house"
)

// TestEveryService walks each of the 101 kinds as a resident does on a telephone, from its start page to its last one, by the example that its
// definition gives, and holds every page on the way against the rules of accessibility.
func TestEveryService(t *testing.T) {
	t.Parallel()
	catalogue, problems := service.OpenCatalogue(catalog.FS)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	regions, err := region.Load(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	h := house.Open(t, "")
	list := catalogue.Definitions()
	if len(list) != 101 {
		t.Fatalf("%d kinds", len(list))
	}
	e := &every{t: t, h: h, windows: map[string]*window{}, people: map[*window]server.ResidentLogin{}}
	for i, d := range list {
		if i%10 == 0 {
			h.Clock.Advance(25 * time.Hour) // what a resident may look up is counted by day
			h.Log.Expect("the lease of this shard")
		}
		offer, _ := catalogue.OfferNear("330100", d.ID)
		city, _ := regions.Find(offer.City)
		e.walk(city.Slug, offer)
	}
}

// every is somebody who tries one service after the other.
type every struct {
	t       *testing.T
	h       *house.House
	windows map[string]*window // by the phone of who sits there
	people  map[*window]server.ResidentLogin
}

// pagesAtMost bounds a walk; the longest service has some twenty pages.
const pagesAtMost = 40

func (e *every) walk(city string, offer service.Offer) {
	t := e.t
	t.Helper()
	ex, ok := offer.Definition.Example()
	if !ok {
		t.Errorf("%s has no example", offer.Definition.ID)
		return
	}
	if offer.Definition.ID == "violation-self-handling" {
		ex.End = "none" // the fine of the same car was paid by traffic-fine-payment before
	}
	w := e.window(ex.Who)
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s at %s: %s\n%s", offer.Definition.ID, w.path(), fmt.Sprintf(format, args...), w.text())
	}
	w.must("/city/" + city + "/services/" + offer.Definition.ID)
	for range pagesAtMost {
		for _, f := range w.axe(rules) {
			t.Errorf("%s at %s: %s", offer.Definition.ID, w.path(), f)
		}
		if !strings.HasPrefix(w.path(), "/cases/") && js[bool](w, `!!document.querySelector('form[action$="/start"] button')`) {
			w.load("begin", chromedp.Click(chromedp.JSPath(`document.querySelector('form[action$="/start"] button')`)))
			continue
		}
		if js[bool](w, nobodyToChoose) {
			at := w.path()
			w.saveChild(e.people[w])
			w.must(at)
			continue
		}
		v, done, stays := w.onward(ex)
		switch {
		case w.status >= 400:
			fail("status %d", w.status)
			return
		case v.Kind == service.ViewProve:
			fail("it asks for more proof")
			return
		case stays:
			return // staff, an office or a courier have it now
		case done:
			if ex.End != "" && v.End != ex.End {
				fail("it ends at %q, its example at %q", v.End, ex.End)
			}
			return
		}
	}
	fail("it does not end")
}

// window is where the person with a number sits, signed in.
func (e *every) window(who int) *window {
	t := e.t
	t.Helper()
	phone := e.h.World.Residents()[who].Phone
	if w := e.windows[phone]; w != nil {
		return w
	}
	i := slices.IndexFunc(e.h.Ready.Logins.Residents, func(r server.ResidentLogin) bool { return r.Phone == phone && r.Level == "L4" })
	if i < 0 {
		t.Fatalf("person %d does not live there at L4", who)
	}
	w := newWindow(t, e.h)
	w.withAxe()
	w.enter(e.h.Ready.Logins.Residents[i])
	e.windows[phone], e.people[w] = w, e.h.Ready.Logins.Residents[i]
	return w
}

// nobodyToChoose finds the page that asks for whom it is when nobody was saved yet.
const nobodyToChoose = `location.pathname.endsWith('/steps/whom') && !document.querySelector('input[name=whom]')`

// saveChild saves the child of whoever sits there.
func (w *window) saveChild(r server.ResidentLogin) {
	w.t.Helper()
	w.must("/me/people/add")
	w.pick("relation", "child")
	w.fill("name", r.Children[0].Name)
	w.fill("citizen_number", r.Children[0].CitizenNumber)
	w.pick("consent", w.first("consent"))
	w.press("保存")
}

// onward fills in the page that is open and goes on. done says that the service has come to its end, stays that it waits for somebody.
func (w *window) onward(ex service.Example) (v stood, done, stays bool) {
	w.t.Helper()
	if strings.HasPrefix(js[string](w, `location.origin`), w.h.Ready.Sandbox["pay"]) {
		w.press("确认付款")
		return v, false, false
	}
	switch v = w.stands(); v.Kind {
	case service.ViewResult:
		if !strings.HasSuffix(w.path(), "/steps/"+v.Step) { // the page was drawn just before the end
			w.must("/cases/" + strings.Split(w.path(), "/")[2] + "/steps/" + v.Step)
		}
		return v, true, false
	case service.ViewWait:
		return v, false, w.waits(30)
	case service.ViewPay:
		w.load("to the cashier", chromedp.Click(seen("main button, .zj-bar button", "付")))
		return v, false, false
	}
	w.attach(v)
	for v.Kind == service.ViewBook && !w.offers(ex.Answers[v.Name]) && js[bool](w, `!!(`+nextDay+`)`) {
		w.load("next day", chromedp.Click(chromedp.JSPath(nextDay)))
	}
	answers, _ := json.Marshal(ex.Answers)
	picks, _ := json.Marshal(ex.Picks)
	w.load("go on", steps(chromedp.Evaluate[bool](fmt.Sprintf(fillIn, answers, picks, v.Step))))
	return v, false, false
}

// nextDay is the day of the calendar after the one that is shown, if it has places.
const nextDay = `(d => { while (d && d.matches('.zj-day--full')) d = d.nextElementSibling; return d })(document.querySelector('a.zj-day[aria-current=date]').nextElementSibling)`

// offers reports whether the day that is shown has a place named by the end of its id; true when none is named.
func (w *window) offers(ends []string) bool {
	w.t.Helper()
	wanted, _ := json.Marshal(ends)
	return len(ends) == 0 || js[bool](w, fmt.Sprintf(`%s.some(v => [...document.querySelectorAll('.zj-slot input:enabled')].some(i => i.value.endsWith(v)))`, wanted))
}

// stood is how a case stands, as the API tells it.
type stood struct {
	Name   string
	Kind   service.ViewKind
	Step   string
	End    string
	Fields []struct {
		Name   string
		Accept []string
		Files  []struct{ ID string }
	}
}

// stands asks the API, as whoever sits there, about the case whose page is open.
func (w *window) stands() stood {
	w.t.Helper()
	var got struct{ View stood }
	body := ask[string](w, `fetch('/api/v1/cases/' + location.pathname.split('/')[2]).then(r => r.text())`)
	if err := json.Unmarshal([]byte(body), &got); err != nil || got.View.Kind == "" {
		w.fail("ask how the case stands", fmt.Errorf("%w: %s", err, body))
	}
	return got.View
}

// attach uploads a file where the page asks for one that is not there yet.
func (w *window) attach(v stood) {
	w.t.Helper()
	for _, f := range v.Fields {
		if len(f.Accept) == 0 || len(f.Files) > 0 {
			continue
		}
		name, body := "材料.pdf", []byte("%PDF-1.4\n%%EOF\n")
		if !slices.Contains(f.Accept, "application/pdf") {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 80, 60)), nil); err != nil {
				w.t.Fatal(err)
			}
			name, body = "照片.jpg", b.Bytes()
		}
		w.load("upload "+name, chromedp.SetUploadFiles("#"+f.Name, []string{written(w.t, name, body)}))
	}
}

// fillIn puts an example's answers into the form of a step, where it asks for them, and presses its button. Of what the page offers a value that
// is not there stands for the first.
const fillIn = `((answers, picks, step) => {
	const form = [...document.querySelectorAll('main form')].find(f => f.action.endsWith('/steps/' + step)) || document.querySelector('main form');
	const tick = i => { if (!i.checked) i.click() };
	for (const name of new Set([...form.elements].map(e => e.name))) {
		const inputs = [...form.elements].filter(e => e.name === name && !e.disabled);
		const boxes = inputs.filter(e => e.type === 'radio' || e.type === 'checkbox');
		const want = (answers || {})[name] || [];
		if (boxes.length) {
			const wanted = [...boxes.filter(b => want.some(v => b.value === v || b.value.endsWith(v))), ...((picks || {})[name] || []).map(n => boxes[n])].filter(Boolean);
			if (wanted.length) wanted.forEach(tick);
			else if (boxes[0].type === 'checkbox' || !boxes.some(b => b.checked)) tick(boxes[0]);
		} else if (inputs[0] && inputs[0].tagName === 'SELECT') {
			const n = ((picks || {})[name] || [])[0];
			if (want.length) inputs[0].value = want[0];
			else if (n !== undefined) inputs[0].selectedIndex = n;
			if (!inputs[0].value) inputs[0].selectedIndex = [...inputs[0].options].findIndex(o => o.value);
		} else if (want.length && inputs[0] && inputs[0].type !== 'hidden' && inputs[0].type !== 'file') {
			inputs[0].value = want[0];
		}
	}
	const inside = [...form.querySelectorAll('button:not([name]):not([formaction]):not([type=button])')];
	const outside = form.id ? [...document.querySelectorAll('button[form="' + form.id + '"]:not([name]):not([formaction])')] : [];
	([...inside, ...outside].pop() || form.querySelector('button[value=done]')).click(); // what is asked several times is asked no more
	return true;
})(%s, %s, %q)`

// waits has the page look again, ten times a second, until the case goes on; true when it does not.
func (w *window) waits(looks int) bool {
	w.t.Helper()
	if ask[bool](w, fmt.Sprintf(`new Promise(done => { let n = 0; const look = () => fetch('/api/v1/cases/' + location.pathname.split('/')[2])
		.then(r => r.json()).then(c => c.view.kind !== 'wait' ? done(true) : n++ < %d ? setTimeout(look, 100) : done(false)); look() })`, looks)) {
		w.again()
		return false
	}
	return true
}
