package service_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"go.yaml.in/yaml/v3"

	"zhijian/domain/service"
)

// packs are the files of the loader that only read what operators write: city packs, kinds, the index.
var packs = []string{"city.go", "packbase.go", "check.go", "catalogue.go", "indexed.go"}

// TestProblemsSpeakChinese: every sentence that the loader has for a definition, and every reason why a member is wanted, is there in Chinese
// with all its values; and nothing else is.
func TestProblemsSpeakChinese(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("problem.zh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var zh struct{ Sentences, Phrases map[string]string }
	if err := yaml.Unmarshal(b, &zh); err != nil {
		t.Fatal(err)
	}
	sentences, whys := said(t)
	if len(sentences) < 130 || len(whys) < 50 {
		t.Fatalf("%d sentences, %d reasons: the test looks in the wrong place", len(sentences), len(whys))
	}
	for format, at := range sentences {
		text, ok := zh.Sentences[format]
		if !ok {
			t.Errorf("%s: problem.zh.yaml lacks %q", at, format)
			continue
		}
		verbs := len(regexp.MustCompile(`%[a-z]`).FindAllString(format, -1))
		for i := range verbs {
			if !strings.Contains(text, "{"+strconv.Itoa(i)+"}") {
				t.Errorf("%q: the Chinese does not say value %d", format, i)
			}
		}
		if strings.Contains(text, "{"+strconv.Itoa(verbs)+"}") || verbs == 0 && !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%q: %q", format, text)
		}
	}
	for why, at := range whys {
		if zh.Phrases[why] == "" {
			t.Errorf("%s: problem.zh.yaml lacks the phrase %q", at, why)
		}
	}
	for format := range zh.Sentences {
		if sentences[format] == "" {
			t.Errorf("nothing says %q any more", format)
		}
	}
}

// said reads the loader's own source: the formats of say, and the reasons of need.
func said(t *testing.T) (sentences, whys map[string]string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	sentences, whys = map[string]string{}, map[string]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || slices.Contains(packs, name) {
			continue
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			s, ok := call.Fun.(*ast.SelectorExpr)
			at := fmt.Sprint(set.Position(n.Pos()))
			switch {
			case !ok:
			case s.Sel.Name == "say" && len(call.Args) > 2:
				if text, ok := literal(call.Args[2]); ok {
					sentences[text] = at
				}
			case s.Sel.Name == "need" && len(call.Args) == 2:
				if text, ok := literal(call.Args[1]); ok {
					whys[text] = at
				}
			}
			return true
		})
	}
	return sentences, whys
}

func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		a, ok1 := literal(e.X)
		b, ok2 := literal(e.Y)
		return a + b, ok1 && ok2
	}
	return "", false
}

// TestAProblemInBothLanguages: what stands in a sentence is in the reader's language too.
func TestAProblemInBothLanguages(t *testing.T) {
	t.Parallel()
	_, problems := service.Load("x.yaml", []byte("id: own-x\nversion: x\nname: {zh: 甲}\nstepps: []\n"))
	for want, en := range map[string]string{
		"这里要整数，却是文字 x":             "Expected a whole number here, found the text \"x\".",
		"缺“about”：用一句话说这件事对群众有什么用": "\"about\" is missing: one sentence says what it does for the resident.",
		"这里没有“stepps”。是不是“steps”？": "\"stepps\" is not known here. Did you mean \"steps\"?",
	} {
		if !slices.ContainsFunc(problems, func(p service.Problem) bool { return p.Zh == want && p.Say == en }) {
			t.Errorf("no problem says %q and %q", want, en)
		}
	}
	for _, p := range problems {
		if p.Zh == "" || p.Zh == p.Say {
			t.Errorf("not in Chinese: %+v", p)
		}
	}
}
