// Package zhijian holds no code. Its tests are the house's laws: what a package may import, how long
// a file may grow, which words and calls are banned, and which generated documents must be fresh.
package zhijian

import (
	"bufio"
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is one Go file of the tree, parsed once for all laws.
type source struct {
	path      string // with slashes, from the root
	dir       string
	lines     int
	test      bool
	generated bool
	file      *ast.File
	text      []byte
	imports   []string
}

var fileSet = token.NewFileSet()

// tree parses every Go file of the module (tools/ is a module of its own and left out).
func tree(t *testing.T) []source {
	t.Helper()
	var list []source
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != "." && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || path == "tools") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		s, err := parse(path)
		if err != nil {
			return err
		}
		list = append(list, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 5 {
		t.Fatalf("found %d Go files: the laws are looking in the wrong place", len(list))
	}
	return list
}

func parse(path string) (source, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return source{}, err
	}
	f, err := parser.ParseFile(fileSet, path, text, parser.ParseComments)
	if err != nil {
		return source{}, err
	}
	s := source{
		path: filepath.ToSlash(path), dir: filepath.ToSlash(filepath.Dir(path)), file: f, text: text,
		lines: bytes.Count(text, []byte("\n")), test: strings.HasSuffix(path, "_test.go"),
		generated: ast.IsGenerated(f),
	}
	for _, i := range f.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return source{}, err
		}
		s.imports = append(s.imports, name)
	}
	return s, nil
}

const (
	fileLaw     = 600
	testFileLaw = 800
	funcLaw     = 90
)

func TestSizes(t *testing.T) {
	for _, s := range tree(t) {
		if s.generated {
			continue
		}
		limit := fileLaw
		if s.test {
			limit = testFileLaw
		}
		if s.lines > limit {
			t.Errorf("%s has %d lines, the law is %d: nobody can see across a longer room; split it by verb", s.path, s.lines, limit)
		}
		if s.test {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			n := fileSet.Position(f.End()).Line - fileSet.Position(f.Pos()).Line + 1
			if n > funcLaw {
				t.Errorf("%s: %s has %d lines, the law is %d: name its parts", s.path, f.Name.Name, n, funcLaw)
			}
		}
	}
}

var bannedNames = []string{"util", "utils", "common", "helper", "helpers", "misc", "types", "models", "core", "manager", "base", "shared"}

func TestNames(t *testing.T) {
	for _, s := range tree(t) {
		for part := range strings.SplitSeq(strings.TrimSuffix(s.path, ".go"), "/") {
			if slices.Contains(bannedNames, strings.TrimSuffix(part, "_test")) {
				t.Errorf("%s: %q says nothing; a package is a noun a resident or engineer would say, a file a verb or noun", s.path, part)
			}
		}
	}
}

func TestPackageComments(t *testing.T) {
	comments := map[string]int{}
	seen := map[string]bool{}
	for _, s := range tree(t) {
		if s.test || s.generated {
			continue
		}
		seen[s.dir] = true
		if s.file.Doc != nil {
			comments[s.dir]++
			if want := "Package " + s.file.Name.Name; s.file.Name.Name != "main" && !strings.HasPrefix(s.file.Doc.Text(), want) {
				t.Errorf("%s: the package comment must begin with %q", s.path, want)
			}
		}
	}
	for dir := range seen {
		if n := comments[dir]; n != 1 {
			t.Errorf("%s has %d package comments, the law is exactly one, saying what the package promises", dir, n)
		}
	}
}

// bannedCalls are selector expressions allowed only in some places.
var bannedCalls = []struct {
	expr  *regexp.Regexp
	allow func(source) bool
	why   string
}{
	{regexp.MustCompile(`\btime\.Now\(`), in("ground/clock"), "time comes from a clock.Clock, so that tests own it and it never runs backwards"},
	{regexp.MustCompile(`\btime\.(Since|Until)\(`), in("ground/clock"), "durations come from clock.Stopwatch or from a clock.Clock"},
	{regexp.MustCompile(`\bcontext\.Background\(\)`), in("cmd", "testkit"), "a background context has no owner; take ctx from the caller"},
	{regexp.MustCompile(`\bhttp\.(Get|Post|PostForm|Head|DefaultClient)\b|&?http\.(Client|Transport)\{|net\.Dialer\{`), in("outside", "sandbox", "testkit"), "only the guarded client of outside may call the world (security rule 1)"},
	{regexp.MustCompile(`\bmath/rand\b`), in("sandbox", "testkit", "store/sqldb", "domain/observatory/nation"), "randomness that matters comes from crypto/rand"},
	{regexp.MustCompile(`\bfmt\.Print(ln|f)?\(`), in("cmd"), "packages log through slog or return values"},
	{regexp.MustCompile(`strings\.Contains\((err|e)\.Error\(\)`), in(), "errors are told apart by kind, not by text"},
	{regexp.MustCompile(`\bt\.Skip|\bb\.Skip|SkipNow\(`), in(), "a skipped test hides a missing part"},
}

func in(dirs ...string) func(source) bool {
	return func(s source) bool {
		for _, d := range dirs {
			if s.dir == d || strings.HasPrefix(s.dir, d+"/") {
				return true
			}
		}
		return false
	}
}

func TestBannedCalls(t *testing.T) {
	for _, s := range tree(t) {
		if s.path == "laws_test.go" || s.generated {
			continue
		}
		code := withoutComments(s)
		for _, b := range bannedCalls {
			testOnly := strings.Contains(b.expr.String(), "Skip")
			if (s.test && !testOnly) || b.allow(s) {
				continue
			}
			if loc := b.expr.FindIndex(code); loc != nil {
				t.Errorf("%s:%d: %s is banned here: %s", s.path, 1+bytes.Count(code[:loc[0]], []byte("\n")), b.expr.FindString(string(code)), b.why)
			}
		}
	}
}

// withoutComments blanks comments, keeping every line where it was.
func withoutComments(s source) []byte {
	out := slices.Clone(s.text)
	start := s.file.FileStart
	for _, g := range s.file.Comments {
		for i := int(g.Pos() - start); i < int(g.End()-start); i++ {
			if out[i] != '\n' {
				out[i] = ' '
			}
		}
	}
	return out
}

// TestDomainIsPure: no SQL, HTTP, files, environment or goroutines where the rules live.
func TestDomainIsPure(t *testing.T) {
	banned := []string{"database/sql", "net/http", "net", "os", "os/exec", "log"}
	for _, s := range tree(t) {
		if s.test || !(in("domain")(s) || in("ground")(s)) {
			continue
		}
		for _, i := range s.imports {
			if slices.Contains(banned, i) {
				t.Errorf("%s imports %s: a rule that can reach the world cannot be replayed", s.path, i)
			}
		}
	}
}

func TestGoroutines(t *testing.T) {
	allowed := in("server", "bus", "door", "outside", "sandbox", "store/sqldb", "store/visitlog", "cmd", "testkit")
	for _, s := range tree(t) {
		if s.test || s.generated || allowed(s) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if g, ok := n.(*ast.GoStmt); ok {
				t.Errorf("%s: a goroutine may start only where it has an owner, a stop and a bound", fileSet.Position(g.Pos()))
			}
			return true
		})
	}
}

// TestLeftovers: work that is not done belongs in an issue, not in the tree.
func TestLeftovers(t *testing.T) {
	re := regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b`)
	issue := regexp.MustCompile(`TODO\(#\d+\)`)
	for _, s := range tree(t) {
		if s.path == "laws_test.go" || s.generated {
			continue
		}
		sc := bufio.NewScanner(bytes.NewReader(s.text))
		sc.Buffer(nil, 1<<20)
		for n := 1; sc.Scan(); n++ {
			if re.Match(sc.Bytes()) && !issue.Match(sc.Bytes()) {
				t.Errorf("%s:%d: an open end needs an issue number", s.path, n)
			}
		}
	}
}

func TestInterfacesAreSmall(t *testing.T) {
	for _, s := range tree(t) {
		if s.test || s.generated {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if i, ok := spec.Type.(*ast.InterfaceType); ok && i.Methods.NumFields() > 8 {
				t.Errorf("%s: %s has %d methods, the law is 8: a consumer asks for what it needs", s.path, spec.Name.Name, i.Methods.NumFields())
			}
			return true
		})
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// fresh compares a committed document with what its generator says now.
func fresh(t *testing.T, path, want string) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, path); got != want {
		t.Errorf("%s is stale: run make docs\n%s", path, firstDifference(got, want))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		var a, b string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			return fmt.Sprintf("line %d\n  has  %q\n  want %q", i+1, a, b)
		}
	}
	return ""
}
