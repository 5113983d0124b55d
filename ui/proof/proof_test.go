package proof_test

import (
	"slices"
	"strings"
	"testing"

	"zhijian/ui/proof"
)

func TestFragmentNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ html, want string }{
		"inline style":         {`<p style="color:red">x</p>`, "inline style"},
		"inline handler":       {`<a href="/" onclick="x()">x</a>`, "inline handler onclick"},
		"inline script":        {`<script>x()</script>`, "inline <script>"},
		"double id":            {`<p id="a">x</p><p id="a">y</p>`, `id "a" is there twice`},
		"no label":             {`<input name="q" id="q">`, "has no label"},
		"label to nothing":     {`<label for="q">x</label>`, "not there"},
		"image without text":   {`<img src="/x.png">`, "no alt"},
		"link without text":    {`<a href="/"><svg></svg></a>`, "<a> has no text"},
		"button without text":  {`<button></button>`, "<button> has no text"},
		"open element":         {`<div><p>x</p>`, "<div> is never closed"},
		"wrong close":          {`<div><span>x</div></span>`, "</div> where </span> is due"},
		"link in link":         {`<a href="/">x<a href="/">y</a></a>`, "<a> inside <a>"},
		"button in link":       {`<a href="/">x<button>y</button></a>`, "<button> inside <a>"},
		"block in paragraph":   {`<p><div>x</div></p>`, "<div> inside <p>"},
		"loose list entry":     {`<div><li>x</li></div>`, "<li> inside <div>"},
		"form without token":   {`<form method="post" action="/x"><button>y</button></form>`, "no _token"},
		"fieldset no legend":   {`<fieldset><p>x</p></fieldset>`, "no <legend>"},
		"hint that is missing": {`<input name="q" aria-label="x" aria-describedby="q-h">`, `"q-h"`},
		"script address":       {`<a href="javascript:x()">x</a>`, "has the address"},
		"anchor to nothing":    {`<a href="#plate">x</a>`, "leads to #plate"},
		"input without name":   {`<label>x<input></label>`, "has no name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := proof.Fragment(c.html)
			if !slices.ContainsFunc(got, func(f string) bool { return strings.Contains(f, c.want) }) {
				t.Errorf("%s: found %q, want one with %q", c.html, got, c.want)
			}
		})
	}
}

func TestGoodPage(t *testing.T) {
	t.Parallel()
	good := `<!doctype html><html lang="zh-CN"><head><title>x</title></head><body><a href="#main">跳到正文</a><main id="main"><h1>x</h1>` +
		`<form method="post" action="/x"><input type="hidden" name="_token" value="t"><label for="q">车牌</label><input id="q" name="q"><button>查询</button></form></main></body></html>`
	if got := proof.Page(good); len(got) > 0 {
		t.Errorf("a good page has faults: %q", got)
	}
	for name, bad := range map[string]string{
		"no language": strings.Replace(good, ` lang="zh-CN"`, "", 1),
		"two h1":      strings.Replace(good, "<h1>x</h1>", "<h1>x</h1><h1>y</h1>", 1),
		"no main":     strings.Replace(good, ` id="main"`, "", 1),
		"no doctype":  strings.Replace(good, "<!doctype html>", "", 1),
	} {
		if len(proof.Page(bad)) == 0 {
			t.Errorf("%s: no fault found", name)
		}
	}
}
