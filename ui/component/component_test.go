package component_test

import (
	"context"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/proof"
	"zhijian/ui/scene"
)

var update = flag.Bool("update", false, "write the golden files anew")

func draw(t *testing.T, s scene.Scene, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(scene.With(context.Background(), s), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEveryExampleIsSound(t *testing.T) {
	t.Parallel()
	for _, s := range []scene.Scene{{Lang: "zh", Token: "t"}, {Lang: "en", Token: "t"}, {Lang: "zh", Token: "t", Elder: true}} {
		for _, e := range component.Examples() {
			html := draw(t, s, e.Show)
			for _, f := range proof.Fragment(html) {
				t.Errorf("%s / %s (%s): %s\n%s", e.Component, e.Name, s.Lang, f, html)
			}
			if strings.Contains(html, "⟨") {
				t.Errorf("%s / %s (%s): a word is missing: %s", e.Component, e.Name, s.Lang, html)
			}
		}
	}
}

// Every component has an example: the list is read from the source, so that a new one cannot be forgotten.
func TestEveryComponentHasAnExample(t *testing.T) {
	t.Parallel()
	var decls []ast.Decl
	for _, name := range []string{"render.go", "identity_text.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		decls = append(decls, file.Decls...)
	}
	shown := map[string]bool{}
	for _, e := range component.Examples() {
		shown[e.Component] = true
	}
	found := 0
	for _, d := range decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != "Render" {
			continue
		}
		found++
		if name := f.Recv.List[0].Type.(*ast.Ident).Name; !shown[name] {
			t.Errorf("%s has no example", name)
		}
	}
	if found < 50 {
		t.Fatalf("found %d components in the source, expected many more", found)
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, want := range []string{"Hero/signed in", "Input/plate with error", "Choices/vehicles", "RecordList/fines", "SummaryList/check answers", "Timeline/waiting for the resident", "ActionBar/running total", "ErrorSummary/two", "OTP/sent", "Table/cases"} {
		for _, e := range component.Examples() {
			if e.Component+"/"+e.Name != want {
				continue
			}
			t.Run(want, func(t *testing.T) {
				t.Parallel()
				got := strings.ReplaceAll(draw(t, scene.Scene{Token: "token"}, e.Show), "><", ">\n<") + "\n"
				path := filepath.Join("testdata", strings.NewReplacer("/", "-", " ", "-").Replace(strings.ToLower(want))+".html")
				if *update {
					if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				old, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(old), got); diff != "" {
					t.Errorf("differs from %s (go test ./ui/component -update writes it anew):\n%s", path, diff)
				}
			})
		}
	}
}

func TestEnglishLinks(t *testing.T) {
	t.Parallel()
	html := draw(t, scene.Scene{Lang: "en"}, component.TabBar{On: "me", Home: "/city/hangzhou"})
	for _, want := range []string{`href="/en/city/hangzhou"`, `href="/en/city/hangzhou/services"`, `href="/en/me/messages"`, `href="/en/me"`, ">Services"} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in %s", want, html)
		}
	}
}

func TestTokenGoesIntoForms(t *testing.T) {
	t.Parallel()
	with := draw(t, scene.Scene{Token: "abc"}, component.Form{Action: "/x", Key: "k1"}.In())
	if !strings.Contains(with, `<input type="hidden" name="_token" value="abc">`) || !strings.Contains(with, `name="_key" value="k1"`) || !strings.Contains(with, " novalidate") {
		t.Errorf("the form lacks token, key or novalidate: %s", with)
	}
	if without := draw(t, scene.Scene{}, component.Form{Action: "/x"}.In()); strings.Contains(without, "_token") {
		t.Errorf("a page without a token has one: %s", without)
	}
}

func TestTextIsEscaped(t *testing.T) {
	t.Parallel()
	evil := `"><script>alert(1)</script>`
	for name, c := range map[string]templ.Component{
		"input value": component.Input{Name: "q", Label: evil, Value: evil, Error: evil, Hint: evil},
		"item":        component.Item{Title: evil, Href: "javascript:alert(1)", Lines: []string{evil}},
		"text":        component.Text(evil),
		"mark":        component.Mark{Text: evil, Hits: []string{"script"}},
		"search":      component.SearchBox{Action: "/x", Value: evil},
		"done":        component.DonePanel{Title: evil, Number: evil},
		"records":     component.RecordList{Name: "x", Label: "y", Items: []component.RecordCard{{Title: evil, Value: evil}}},
	} {
		html := draw(t, scene.Scene{}, c)
		if strings.Contains(html, "<script") || strings.Contains(html, "javascript:") {
			t.Errorf("%s lets markup through: %s", name, html)
		}
	}
}

func TestMark(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		hits []string
		want string
	}{
		"once":             {"交通违法查询", []string{"违法"}, "交通<mark>违法</mark>查询"},
		"longest first":    {"违法处理", []string{"违", "违法"}, "<mark>违法</mark>处理"},
		"twice":            {"违法与违法", []string{"违法"}, "<mark>违法</mark>与<mark>违法</mark>"},
		"case":             {"ETC 查询", []string{"etc"}, "<mark>ETC</mark> 查询"},
		"none":             {"天气预报", []string{"违法", ""}, "天气预报"},
		"part of a letter": {"一", []string{"\xb8"}, "一"},
	} {
		if got := draw(t, scene.Scene{}, component.Mark{Text: c.text, Hits: c.hits}); name != "part of a letter" && got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestPlatesStayInOnePiece(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"例如 浙A12345":   `<span class="zj-nowrap">浙A12345</span>`,
		"例如 浙AD12345。": `<span class="zj-nowrap">浙AD12345</span>。`,
	} {
		if got := draw(t, scene.Scene{}, component.ErrorSummary{Problems: []component.Problem{{Text: text}}}); !strings.Contains(got, want) {
			t.Errorf("%s: no %s in %s", text, want, got)
		}
	}
	if got := draw(t, scene.Scene{}, component.ErrorSummary{Problems: []component.Problem{{Text: "请填A4纸 3 张"}}}); strings.Contains(got, "nowrap") {
		t.Errorf("no plate, yet one was found: %s", got)
	}
}

func TestRing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ring component.Ring
		want []string
	}{
		"half":    {component.Ring{Of: 10, Left: 5}, []string{"138.2 276.5", "承诺 10 天办完，已用 5 天，还剩 5 天"}},
		"late":    {component.Ring{Of: 10, Left: -2}, []string{"276.5 276.5", "已超 2 天，可以催办", "zj-danger"}},
		"stopped": {component.Ring{Of: 10, Left: 5, Stopped: true}, []string{"暂停计时"}},
		"zero":    {component.Ring{Of: 0, Left: 0}, []string{"276.5"}},
	} {
		html := draw(t, scene.Scene{}, c.ring)
		for _, w := range c.want {
			if !strings.Contains(html, w) {
				t.Errorf("%s: no %q in %s", name, w, html)
			}
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	err := fault.Join(
		fault.Invalid("money", "金额请填数字，最多两位小数，例如 150.00").On("amount"),
		fault.Invalid("engine.short", "请填发动机号的后 6 位").On("engine"),
	)
	f := component.FaultsOf("zh", err)
	if !f.Any() || f.On("engine") != "请填发动机号的后 6 位" || f.On("plate") != "" {
		t.Errorf("got %+v", f)
	}
	html := draw(t, scene.Scene{}, f.Summary())
	for _, want := range []string{"有 2 处需要改", `href="#amount"`, `href="#engine"`} {
		if !strings.Contains(html, want) {
			t.Errorf("no %q in %s", want, html)
		}
	}
	if got := component.FaultsOf("en", err).On("amount"); !strings.Contains(got, "two decimals") {
		t.Errorf("English sentence: %q", got)
	}
	if none := component.FaultsOf("zh", nil); none.Any() || none.On("") != "" {
		t.Errorf("no error, yet %+v", none)
	}
}

func TestBadge(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{3: "3 条未读", 100: "99+", 99: ">99<"} {
		if html := strings.Join(strings.Fields(draw(t, scene.Scene{}, component.Badge{N: n})), " "); !strings.Contains(strings.ReplaceAll(html, "> ", ">"), want) && !strings.Contains(html, want) {
			t.Errorf("%d: no %q in %s", n, want, html)
		}
	}
	if html := draw(t, scene.Scene{}, component.Badge{}); html != "" {
		t.Errorf("nothing unread, yet %s", html)
	}
}

// Icons named anywhere in the tree are in the sprite's list.
func TestIconsAreInTheSprite(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("..", "..", "tools", "assets", "icons.txt"))
	if err != nil {
		t.Fatal(err)
	}
	list := strings.Fields(string(raw))
	for _, e := range component.Examples() {
		html := draw(t, scene.Scene{}, e.Show)
		for rest := html; ; {
			_, after, ok := strings.Cut(rest, "/static/icons.svg#")
			if !ok {
				break
			}
			name, tail, _ := strings.Cut(after, `"`)
			if !slices.Contains(list, name) {
				t.Errorf("%s / %s uses the icon %q, which tools/assets/icons.txt lacks", e.Component, e.Name, name)
			}
			rest = tail
		}
	}
}
