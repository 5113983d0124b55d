package layout_test

import (
	"context"
	"encoding/json"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/ui/proof"
)

type files struct{}

func (files) URL(name string) string { return "/static/h." + name }
func (files) CriticalCSS() string    { return "body{margin:0}" }

func block(body templ.Component) context.Context {
	return templ.WithChildren(context.Background(), body)
}

func draw(t *testing.T, frame templ.Component, body templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := frame.Render(block(body), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// content is a small page: an h1 in a main, and a form.
func content() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, `<main id="main"><h1>要查哪辆车？</h1>`); err != nil {
			return err
		}
		if err := (component.Form{Action: "/cases/1"}).Render(ctx, w); err != nil {
			return err
		}
		_, err := io.WriteString(w, `</main>`)
		return err
	})
}

func page() layout.Page {
	return layout.Page{Lang: "zh", Title: "交通违法查询", City: "杭州", Home: "/city/hangzhou", Assets: files{}, Token: "t", Path: "/cases/1", Demo: true}
}

func TestPageIsSound(t *testing.T) {
	t.Parallel()
	tabbed := page()
	tabbed.Tab, tabbed.Unread, tabbed.Elder, tabbed.Theme = "home", 3, true, "dark"
	english := page()
	english.Lang, english.Tab = "en", "me"
	waiting := page()
	waiting.Refresh, waiting.Inline, waiting.Plain = 5*time.Second, true, true
	for name, p := range map[string]layout.Page{"flow": page(), "tabbed": tabbed, "english": english, "waiting": waiting, "empty": {Token: "t"}} {
		if faults := proof.Page(draw(t, p.In(), content())); len(faults) > 0 {
			t.Errorf("%s: %q", name, faults)
		}
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	failed := page()
	failed.Failed = true
	english := page()
	english.Lang, english.Failed = "en", true
	described := page()
	described.Description = "杭州的政务和民生服务"
	inline := page()
	inline.Inline = true
	waiting := page()
	waiting.Refresh = 5 * time.Second
	dark := page()
	dark.Theme, dark.Elder = "dark", true
	for name, c := range map[string]struct {
		page layout.Page
		want []string
		not  []string
	}{
		"title":      {page(), []string{"<title>交通违法查询 · 杭州</title>", `lang="zh-CN"`, `data-theme="auto"`, `data-mode="standard"`, `content="noindex"`}, []string{"<style", "http-equiv"}},
		"failed":     {failed, []string{"<title>错误：交通违法查询 · 杭州</title>"}, nil},
		"english":    {english, []string{"<title>Error: ", `lang="en"`, `hreflang="zh-CN" href="/cases/1"`, `action="/en/cases/1"`, "Demonstration data"}, []string{"演示数据"}},
		"described":  {described, []string{`<meta name="description" content="杭州的政务和民生服务">`}, []string{"noindex"}},
		"inline":     {inline, []string{"<style>body{margin:0}</style>"}, []string{`rel="stylesheet"`}},
		"linked":     {page(), []string{`<link rel="stylesheet" href="/static/h.zj.css">`, `<script src="/static/h.zj.js" defer></script>`, `<script src="/static/h.htmx.js" defer></script>`}, nil},
		"waiting":    {waiting, []string{`<noscript><meta http-equiv="refresh" content="5"></noscript>`}, nil},
		"appearance": {dark, []string{`data-theme="dark"`, `data-mode="elder"`}, nil},
		"demo line":  {page(), []string{"演示数据，不对应真实的人、车、机构或办件", `href="/en/cases/1"`, `lang="en">English`}, nil},
		"token":      {page(), []string{`name="_token" value="t"`}, nil},
	} {
		got := draw(t, c.page.In(), content())
		for _, w := range c.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %s in %s", name, w, got)
			}
		}
		for _, w := range c.not {
			if strings.Contains(got, w) {
				t.Errorf("%s: %s in %s", name, w, got)
			}
		}
	}
}

// The settings are one JSON object with the values that ux-rules R11 wants.
func TestSettingsOfHTMX(t *testing.T) {
	t.Parallel()
	got := draw(t, page().In(), content())
	m := regexp.MustCompile(`<meta name="htmx-config" content="([^"]*)">`).FindStringSubmatch(got)
	if m == nil {
		t.Fatal("no settings")
	}
	var set struct {
		AllowEval        *bool `json:"allowEval"`
		SelfRequestsOnly bool  `json:"selfRequestsOnly"`
		HistoryCacheSize *int  `json:"historyCacheSize"`
		Indicator        *bool `json:"includeIndicatorStyles"`
		Handling         []struct {
			Code string `json:"code"`
			Swap bool   `json:"swap"`
		} `json:"responseHandling"`
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(m[1])), &set); err != nil {
		t.Fatal(err)
	}
	if set.AllowEval == nil || *set.AllowEval || !set.SelfRequestsOnly || set.HistoryCacheSize == nil || *set.HistoryCacheSize != 0 || set.Indicator == nil || *set.Indicator {
		t.Errorf("got %+v", set)
	}
	swaps := map[string]bool{}
	for _, h := range set.Handling {
		swaps[h.Code] = h.Swap
	}
	if !swaps["422"] || swaps["[45].."] {
		t.Errorf("422 must swap and other refusals not: %v", swaps)
	}
	if !strings.Contains(got, `hx-history="false"`) {
		t.Error("htmx may keep the page in the browser's storage")
	}
}

func TestFragment(t *testing.T) {
	t.Parallel()
	p := page()
	p.Lang = "en"
	var b strings.Builder
	if err := p.Fragment(component.Form{Action: "/cases/1"}).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); strings.Contains(got, "<html") || !strings.Contains(got, `action="/en/cases/1"`) || !strings.Contains(got, `value="t"`) {
		t.Errorf("got %s", got)
	}
}

func TestDesk(t *testing.T) {
	t.Parallel()
	d := layout.Desk{
		Lang: "zh", Title: "办件", Home: "/console", Org: "杭州交警", OrgNote: "服务号 · 已认证", Switch: "/console/accounts",
		Avatar: component.Avatar{Char: "警"}, Crumbs: []component.Anchor{{Text: "工作台", Href: "/console"}, {Text: "办件"}}, User: "周*", Role: "审核岗", Out: "/console/logout",
		Groups: []layout.NavGroup{{Items: []layout.NavItem{{Text: "办件", Href: "/console/cases", Icon: "inbox", N: 54, Hot: true, On: true}}}, {Title: "账号", Items: []layout.NavItem{{Text: "统计", Href: "/console/figures", Icon: "chart-line"}}}},
		Assets: files{}, Token: "t", Demo: true,
	}
	body := templ.Raw("<h1>办件</h1>")
	got := draw(t, d.In(), body)
	if faults := proof.Page(got); len(faults) > 0 {
		t.Errorf("console: %q", faults)
	}
	for _, want := range []string{"<title>办件 · 单位控制台</title>", "/static/h.console.css", `cs-n cs-n--hot`, `aria-current="page"`, "演示数据", `action="/console/logout"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s", want)
		}
	}
	d.Operator, d.Lang = true, "en"
	if got := draw(t, d.Door(), body); len(proof.Page(got)) > 0 || !strings.Contains(got, "Operator console") || strings.Contains(got, "cs-side") {
		t.Errorf("door: %q %s", proof.Page(got), got)
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	if got := layout.Link("en", "/me"); got != "/en/me" {
		t.Errorf("got %s", got)
	}
}
