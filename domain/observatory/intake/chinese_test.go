package intake_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/intake"
)

// TestEverySentenceIsChinese reads the sentences off the source: each stands in the table, and takes the same number of values there.
func TestEverySentenceIsChinese(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	said, table := map[string]bool{}, map[string]string{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := text(n.Key); ok && path == "chinese.go" {
					table[key], _ = text(n.Value)
				}
			case *ast.CallExpr:
				if format, ok := sentence(n); ok {
					said[format] = true
				}
			}
			return true
		})
	}
	verb := regexp.MustCompile(`%(\[\d\])?[qsd]`)
	for format := range said {
		zh, ok := table[format]
		if !ok {
			t.Errorf("%q has no Chinese sentence in chinese.go", format)
		}
		if len(verb.FindAllString(format, -1)) != len(verb.FindAllString(zh, -1)) {
			t.Errorf("%q and %q take different values", format, zh)
		}
	}
	for format := range table {
		if !said[format] {
			t.Errorf("%q is said nowhere", format)
		}
	}
	if len(said) < 25 {
		t.Errorf("found %d sentences: the test looks in the wrong place", len(said))
	}
}

// sentence gives the English sentence of a call of refuse or problem.
func sentence(call *ast.CallExpr) (string, bool) {
	at := -1
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		if f.Sel.Name == "refuse" {
			at = 2
		}
	case *ast.Ident:
		if f.Name == "problem" {
			at = 4
		}
	}
	if at < 0 || len(call.Args) <= at {
		return "", false
	}
	return text(call.Args[at])
}

func text(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// TestZh: the values stand in the Chinese sentence where they belong.
func TestZh(t *testing.T) {
	t.Parallel()
	report := readAccounts(t, "id,name,region_code,level,sector,kind,verified\na,甲,110103,县,公安,订阅号,1\nb,乙,330100,地,公安,报纸,1\n")
	want := []string{"110103 是 2010 年以前的崇文区，现在是 110101 东城区", `"报纸" 不是账号类型，请写订阅号或服务号`}
	for i, p := range report.Refused {
		if i >= len(want) || p.Zh() != want[i] {
			t.Errorf("%s, want %v", p.Zh(), want)
		}
	}
	if len(report.Refused) != len(want) {
		t.Errorf("%d rows are refused: %v", len(report.Refused), report.Refused)
	}
	if p := (intake.Problem{Reason: "x"}); p.Zh() != "x" {
		t.Errorf("%q: without Chinese the English sentence stands", p.Zh())
	}
}

func readAccounts(t *testing.T, accounts string) *intake.Report {
	t.Helper()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	_, report, err := intake.Read(intake.Source{
		Accounts: intake.File{Name: "accounts.csv", Data: []byte(accounts)},
		Months:   intake.File{Name: "months.csv", Data: []byte("account_id,month,active_users\n")},
	}, cat)
	if err != nil {
		t.Fatal(err)
	}
	return report
}
