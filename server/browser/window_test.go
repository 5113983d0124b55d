package browser_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"zhijian/server"
	"zhijian/testkit/house"
)

// chromium is the one browser of the suite. It is started when the first window opens.
var chromium = sync.OnceValues(func() (context.Context, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, errors.New("the browser is not installed; on Debian: apt-get install chromium fonts-noto-cjk")
	}
	ctx, ended := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("accept-lang", "zh-CN"),
	)
	ctx, _ = chromedp.NewContext(ctx)
	closing = func() { _ = chromedp.Cancel(ctx); ended() }
	return ctx, chromedp.Do(ctx) // opens the tab that keeps the browser alive between tests
})

var closing func()

func TestMain(m *testing.M) {
	code := m.Run()
	if closing != nil {
		closing()
	}
	if dir := os.Getenv("GALLERY"); dir != "" {
		if err := index(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// The telephone that the design is drawn for.
const (
	width  = 390
	height = 844
)

// window is one person's browser window.
type window struct {
	t      *testing.T
	h      *house.House
	ctx    context.Context
	status int64  // of the last page
	method string // that the last page answers

	mu      sync.Mutex
	trouble []string
	asked   string                         // method of the last request for a page
	sent    map[network.RequestID]*request // since the last navigation by open
}

type request struct {
	url, mime string
	bytes     float64
}

// patience bounds one act. It only bounds a failure.
const patience = 2 * time.Minute

// newWindow opens a window without cookies, as wide as a telephone. It is closed when the test ends, and fails the test
// when anything went wrong in it.
func newWindow(t *testing.T, h *house.House) *window {
	t.Helper()
	browser, err := chromium()
	if err != nil {
		t.Fatal(err)
	}
	ctx, shut := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	w := &window{t: t, h: h, ctx: ctx, sent: map[network.RequestID]*request{}}
	t.Cleanup(func() {
		w.sound()
		shut()
	})
	if err := chromedp.Listen(ctx, w.hear); err != nil {
		t.Fatal(err)
	}
	w.do("open a window",
		command(network.Enable, network.EnableParams{}), command(log.Enable, cdp.Empty{}),
		command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
			Source: `addEventListener('securitypolicyviolation', e => console.error('content policy: ' + e.violatedDirective + ' ' + e.blockedURI))`,
		}),
		command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}}),
	)
	w.size(width, height)
	return w
}

// command makes a step of a protocol command whose answer says nothing.
func command[P, R any](c cdp.Command[P, R], p P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, c, p)
		return chromedp.Void{}, err
	}
}

// hear is called within the browser's loop: it only notes.
func (w *window) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		// That an answer was 404 or 422 the browser logs as well; that is no trouble of the page's.
		if e.Entry.Source != log.EntrySourceNetwork && (e.Entry.Level == log.EntryLevelError || strings.Contains(e.Entry.Text, "Content Security Policy")) {
			w.trouble = append(w.trouble, fmt.Sprintf("%s: %s", e.Entry.Source, e.Entry.Text))
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			for _, a := range e.Args {
				w.trouble = append(w.trouble, fmt.Sprintf("console: %s", string(a.Value)))
			}
		}
	case *runtime.EventExceptionThrown:
		w.trouble = append(w.trouble, "script: "+e.ExceptionDetails.Text)
	case *page.EventJavascriptDialogOpening:
		w.trouble = append(w.trouble, "dialogue: "+e.Message)
	case *network.EventRequestWillBeSent:
		if e.Type == network.ResourceTypeDocument {
			w.asked = e.Request.Method
		}
	case *network.EventResponseReceived:
		w.sent[e.RequestID] = &request{url: e.Response.URL, mime: e.Response.MimeType}
	case *network.EventLoadingFinished:
		if r := w.sent[e.RequestID]; r != nil {
			r.bytes = e.EncodedDataLength
		}
	}
}

// sound fails the test with what went wrong since the last call.
func (w *window) sound() {
	w.t.Helper()
	w.mu.Lock()
	list := w.trouble
	w.trouble = nil
	w.mu.Unlock()
	for _, s := range list {
		w.t.Errorf("in the browser: %s", s)
	}
}

// weight is how much came over the wire for the page opened last, without images, in bytes.
func (w *window) weight() (sum int, parts []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.sent {
		if !strings.HasPrefix(r.mime, "image/") {
			sum += int(math.Ceil(r.bytes))
			parts = append(parts, fmt.Sprintf("%s %.0f", r.url, r.bytes))
		}
	}
	return sum, parts
}

// forget empties the browser's cache, and the cookie that says what is in it.
func (w *window) forget() {
	w.t.Helper()
	w.do("empty the cache", command(network.ClearBrowserCache, cdp.Empty{}),
		command(network.DeleteCookies, network.DeleteCookiesParams{Name: "css", URL: w.h.Ready.BaseURL + "/"}))
}

func (w *window) size(width, height int64) {
	w.t.Helper()
	w.do("resize", chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateScale(2)))
}

// desk makes the window as large as a desk's screen.
func (w *window) desk() {
	w.t.Helper()
	w.do("resize", chromedp.EmulateViewport(1280, 800))
}

// withoutScript turns scripts off.
func (w *window) withoutScript() {
	w.t.Helper()
	w.do("turn scripts off", command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
}

func (w *window) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.fail(what, err)
	}
}

// load does what leads to another page and waits for it.
func (w *window) load(what string, steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	res, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		w.fail(what, err)
	}
	w.saw(res)
}

// saw notes how the page that is open was answered.
func (w *window) saw(res *network.Response) {
	w.status = 0
	if res != nil {
		w.status = res.Status
	}
	w.mu.Lock()
	w.method = w.asked
	w.mu.Unlock()
}

func (w *window) fail(what string, err error) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 5*time.Second)
	defer cancel()
	at, _ := chromedp.Run(ctx, chromedp.Location())
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
	w.t.Fatalf("%s: %v\nat %s\n%s\n%s", what, err, at, text, w.h.Log.Tail(10))
}

// open loads a path of the house, or an address.
func (w *window) open(path string) {
	w.t.Helper()
	w.mu.Lock()
	clear(w.sent)
	w.mu.Unlock()
	if strings.HasPrefix(path, "/") {
		path = w.h.Ready.BaseURL + path
	}
	w.load("open "+path, chromedp.Navigate(path))
}

// must opens a page that must be there.
func (w *window) must(path string) {
	w.t.Helper()
	w.open(path)
	if w.status != 200 {
		w.t.Fatalf("%s: status %d\n%s", path, w.status, w.text())
	}
}

// js evaluates an expression in the page, also where the page's own scripts are off.
func js[T any](w *window, expression string) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		w.fail(expression[:min(len(expression), 200)], err)
	}
	return v
}

// ask evaluates an expression that changes nothing, and does so once more when the page goes on by itself under it, as one on which one waits does.
func ask[T any](w *window, expression string) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	for {
		v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
		if gone := new(cdproto.Error); errors.As(err, &gone) && wentOn.MatchString(gone.Message) {
			w.do("wait for the page that comes", chromedp.WaitReady("body"))
			continue
		}
		if err != nil {
			w.fail(expression[:min(len(expression), 200)], err)
		}
		return v
	}
}

// wentOn matches what the browser says of an expression whose page is no more.
var wentOn = regexp.MustCompile(`navigated or closed|context was destroyed|Cannot find context`)

// again loads the page once more; it may just be doing so by itself, which breaks off the first try.
func (w *window) again() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	res, err := chromedp.RunResponse(ctx, chromedp.Reload())
	if broken := new(chromedp.LoadError); errors.As(err, &broken) && broken.ErrorText == "net::ERR_ABORTED" {
		err = chromedp.Do(ctx, chromedp.WaitReady("body"))
	}
	if err != nil {
		w.fail("look again", err)
	}
	w.saw(res)
}

func (w *window) text() string { return ask[string](w, `document.body.innerText`) }

func (w *window) path() string { return ask[string](w, `location.pathname`) }

// reads reports what the page does not say.
func (w *window) reads(parts ...string) {
	w.t.Helper()
	text := w.text()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			w.t.Errorf("%s does not say %q:\n%s", w.path(), p, text)
		}
	}
}

// seen finds the first visible element of a selector whose text contains part.
func seen(selector, part string) chromedp.JSPath {
	return chromedp.JSPath(fmt.Sprintf(
		`[...document.querySelectorAll(%q)].find(e => e.innerText.includes(%q) && e.getClientRects().length)`, selector, part))
}

// press presses the button or follows the link that says so, and waits for the page it leads to.
func (w *window) press(text string) {
	w.t.Helper()
	w.load("press "+text, chromedp.Click(seen("button, a", text)))
}

// pick ticks the choice with a value by pressing its label, unless it is ticked.
func (w *window) pick(name, value string) {
	w.t.Helper()
	input := fmt.Sprintf(`[...document.querySelectorAll('input[name=%s]')].find(i => i.value === %q)`, name, value)
	if js[bool](w, input+`.checked`) {
		return
	}
	w.do("pick "+name+"="+value, chromedp.Click(chromedp.JSPath(fmt.Sprintf(`(i => i.labels[0] || i)(%s)`, input))))
	if !js[bool](w, input+`.checked`) {
		w.fail("pick "+name+"="+value, errors.New("pressing its label does not tick it"))
	}
}

// first is the first value on offer for an input.
func (w *window) first(name string) string {
	w.t.Helper()
	return js[string](w, fmt.Sprintf(`(i => i ? i.value : '')(document.querySelector('input[name=%q]:not(:disabled)'))`, name))
}

// fill types into an input in place of what stands there.
func (w *window) fill(name, value string) {
	w.t.Helper()
	sel := chromedp.JSPath(fmt.Sprintf(`[...document.querySelectorAll('[name=%s]')].find(e => e.getClientRects().length)`, name))
	w.do("fill in "+name, chromedp.Focus(sel))
	js[bool](w, `document.activeElement.select(), true`)
	w.do("type into "+name, chromedp.KeyEvent(value))
}

// signIn signs a resident in from the page that asks for the phone.
func (w *window) signIn(r server.ResidentLogin) {
	w.t.Helper()
	w.fill("phone", r.Phone)
	w.press("验证码")
	code, err := w.h.Visitor().Inbox(w.ctx, w.h.Ready.Sandbox["sms"], r.Phone)
	if err != nil {
		w.t.Fatal(err)
	}
	w.fill("code", code)
	w.press("登录")
}

// enter opens the sign-in page and signs a resident in.
func (w *window) enter(r server.ResidentLogin) {
	w.t.Helper()
	w.must("/login")
	w.signIn(r)
}

// steps makes a step of an action, without what it gives.
func steps[T any](a chromedp.Action[T]) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := a(ctx, t)
		return chromedp.Void{}, err
	}
}
