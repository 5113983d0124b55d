package zhijian

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"zhijian/ui/wording"
)

// families are codes that are put together in the code. Where a list stands, these are the ends there are, and each has an
// English sentence; where none stands, wording.Fault chooses the sentence by the first part alone.
var families = map[string][]string{
	"budget.": nil,
	"http.":   {"404", "405", "414"},
}

// TestFaultsSpeakEnglish: who reads English reads what is wrong, not only that something is.
func TestFaultsSpeakEnglish(t *testing.T) {
	codes := map[string]bool{}
	for _, s := range saidFaults(t) {
		if len(s.codes) == 0 {
			t.Errorf("%s: the code cannot be read off the source: write a literal, a constant, or hand it to a function of this folder as one", s.at)
		}
		for _, code := range s.codes {
			ends, family := families[code.text]
			switch {
			case !code.open:
				codes[code.text] = true
				checkEnglish(t, s, code.text)
			case !family:
				t.Errorf("%s: codes beginning with %q are put together here; declare what can follow in families", s.at, code.text)
			default:
				for _, end := range ends {
					codes[code.text+end] = true
					checkEnglish(t, s, code.text+end)
				}
			}
		}
	}
	if len(codes) < 150 {
		t.Fatalf("found %d codes: the law is looking in the wrong place", len(codes))
	}
	for _, key := range wording.Keys(wording.English) {
		code, ok := strings.CutPrefix(key, "fault.")
		first, _, _ := strings.Cut(code, ".")
		if ends, family := families[first+"."]; !ok || first == "kind" || codes[code] || family && ends == nil {
			continue
		}
		t.Errorf("%s: no such fault", key)
	}
}

func checkEnglish(t *testing.T, s saidFault, code string) {
	t.Helper()
	if !wording.Has(wording.English, "fault."+code) {
		t.Errorf("%s: ui/wording/en lacks fault.%s (%s)", s.at, code, s.texts)
		return
	}
	text := wording.T(wording.English, "fault."+code)
	values, err := holes(text)
	if err != nil {
		t.Errorf("fault.%s: %q: %v", code, text, err)
	}
	if values > s.args || values < s.shown {
		t.Errorf("%s: fault.%s: %q takes %d values; the Chinese sentence shows %d and %d are handed on", s.at, code, text, values, s.shown, s.args)
	}
}

// holes counts the values that an English sentence takes: {} in order, or {0}, {1} … each at least once, not both ways.
func holes(text string) (int, error) {
	found := regexp.MustCompile(`\{(\d*)\}`).FindAllStringSubmatch(text, -1)
	if strings.Count(text, "{") != len(found) {
		return 0, fmt.Errorf("a brace that is no place for a value")
	}
	seen := map[int]bool{}
	for i, f := range found {
		n, err := strconv.Atoi(f[1])
		if f[1] == "" {
			n, err = i, nil
		}
		if err != nil || (f[1] == "") != (found[0][1] == "") {
			return 0, fmt.Errorf("places with and without numbers")
		}
		seen[n] = true
	}
	for n := range seen {
		if n >= len(seen) {
			return 0, fmt.Errorf("value %d is taken and one before it is not", n)
		}
	}
	return len(seen), nil
}

// TestOneCodeOneMeaning: one code is one English sentence, so it cannot mean two things.
func TestOneCodeOneMeaning(t *testing.T) {
	first := map[string]saidFault{}
	for _, s := range saidFaults(t) {
		for _, code := range s.codes {
			f, seen := first[code.text]
			if !seen {
				first[code.text] = s
			} else if f.kind != s.kind && f.kind != "" && s.kind != "" && !slices.Equal(f.texts, s.texts) {
				t.Errorf("%s: %q is %s %s here and %s %s at %s", s.at, code.text, s.kind, s.texts, f.kind, f.texts, f.at)
			}
		}
	}
}

// TestFaultSentences: what residents read of a fault keeps to R3.4 and R7 of the rules for pages.
func TestFaultSentences(t *testing.T) {
	for _, s := range saidFaults(t) {
		if len(s.texts) == 0 && s.kind != "" {
			t.Errorf("%s: the sentence cannot be read off the source: write a literal, and a text from outside as its value", s.at)
		}
		for _, text := range s.texts {
			if verbs := countVerbs(text); verbs != s.given {
				t.Errorf("%s: %q has places for %d values and %d are given", s.at, text, verbs, s.given)
			}
			for _, wrong := range sentenceFaults(text, s.kind) {
				t.Errorf("%s: %q: %s", s.at, text, wrong)
			}
		}
	}
}

var verb = regexp.MustCompile(`%[+\-# 0]*\d*(?:\.\d+)?[a-zA-Z]`)

func countVerbs(text string) int {
	return len(verb.FindAllString(strings.ReplaceAll(text, "%%", ""), -1))
}

var (
	plateNumber = regexp.MustCompile(`[京沪浙粤][A-Z][0-9A-Z]*(?:%s|[港澳]|应急)?`)
	dated       = regexp.MustCompile(`(?:(?:\d+|%d)[年月日])+`)
	tight       = regexp.MustCompile(`\p{Han}(?:[0-9A-Za-z]|%d)|(?:[0-9A-Za-z]|%d)\p{Han}`)
	halfWidth   = regexp.MustCompile(`\p{Han} ?[,;:?()"]|[,;:?()"] ?\p{Han}|\p{Han}\.`)
	mends       = regexp.MustCompile(`请|例如|至少|最多|不能[大小]于|只能|只有|只填|\d 位`)
)

// unsaid are words that R3.4 and R7 keep off every page.
var unsaid = []string{
	"非法", "无效", "格式", "异常", "失败", "不合法", "有误", "参数", "操作错误", "服务器", "予以", "逾期", "后果自负", "尽快", "缴纳支付",
	"脱敏", "暂无数据", "错误代码", "！", "!", "哦", "啦", "亲，", "你",
}

// sentenceFaults tells what is wrong with a sentence that residents read. kind is the fault's, "" for any.
func sentenceFaults(text, kind string) (wrong []string) {
	for _, word := range unsaid {
		if strings.Contains(text, word) {
			wrong = append(wrong, word+" is not said")
		}
	}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("。；？", r) }) {
		if n := utf8.RuneCountInString(verb.ReplaceAllString(part, "00")); n > 40 {
			wrong = append(wrong, fmt.Sprintf("a sentence of %d characters; 40 are the most", n))
		}
	}
	if strings.HasSuffix(text, "。") {
		wrong = append(wrong, "the page sets the full stop")
	}
	if at := tight.FindString(dated.ReplaceAllString(plateNumber.ReplaceAllString(text, ""), "")); at != "" {
		wrong = append(wrong, fmt.Sprintf("a space belongs between Chinese and digits or letters: %q", at))
	}
	if at := halfWidth.FindString(text); at != "" {
		wrong = append(wrong, fmt.Sprintf("Chinese has full-width marks: %q", at))
	}
	if kind == "Invalid" && text != "%s" && !mends.MatchString(text) {
		wrong = append(wrong, "it does not say how to mend it")
	}
	return wrong
}

func TestSentenceFaults(t *testing.T) {
	for text, want := range map[string]int{
		"车牌号少一位，小型汽车是 7 位，例如 浙A12345":       0,
		"“%s”字前面是 4 位数字或字母，例如 浙A1234%s":     0,
		"6月12日前可以改，请核对":                     0,
		"请填写%s":                             0,
		"%s":                                0,
		"手机号是11位，请核对":                       1,
		"手机号是 %d位，请核对":                      1,
		"号码格式错误，请重填":                        1,
		"号码无效！":                             3, // two words, and no way to mend it
		"号码不对":                              1,
		"请核对号码。":                            1,
		"请核对:号码":                            1,
		strings.Repeat("请核对号码，", 7):         1,
		strings.Repeat("请核对号码。", 7) + "请再试": 0,
	} {
		if wrong := sentenceFaults(text, "Invalid"); len(wrong) != want {
			t.Errorf("%q: %q, want %d", text, wrong, want)
		}
	}
	for text, want := range map[string]int{"": 0, "{} of {}": 2, "{1} of {0}": 2, "{0}, {0}": 1, "{1}": -1, "{} {0}": -1, "{n}": -1, "{": -1} {
		if got, err := holes(text); err == nil && got != want || (err != nil) != (want < 0) {
			t.Errorf("holes(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
}

// readNotSaid are Chinese texts in the doors that no page shows.
var readNotSaid = map[string]struct {
	texts []string
	why   string
}{
	"web/city/search.go": {[]string{"长辈", "大字", "关怀", "老年", "老人"}, "what people type, compared and not shown"},
	"web/city/home.go":   {[]string{"欧阳", "司马", "上官", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐", "长孙", "宇文"}, "family names of two characters, compared and not shown"},
	"console/console.go": {[]string{"指"}, "the mark of the house, a picture in both languages"},
	"api/api.go":         {[]string{"Zhijian 指尖"}, "the title of the API's description, which is in one language"},
}

// TestWordsLiveInWording: a sentence in a door's code has no other language, and nobody finds it to mend it.
func TestWordsLiveInWording(t *testing.T) {
	chinese := regexp.MustCompile(`\p{Han}`)
	unused := map[string]bool{}
	for path, r := range readNotSaid {
		for _, text := range r.texts {
			unused[path+": "+text] = true
		}
	}
	for _, s := range tree(t) {
		if s.test || s.generated || !in("web", "console", "api")(s) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				_, made := faultCall(n)
				return !made
			case *ast.CompositeLit:
				return !isFaultError(n)
			case *ast.Field:
				n.Tag = nil // examples in the API's description
			case *ast.BasicLit:
				text, err := strconv.Unquote(n.Value)
				if err != nil || !chinese.MatchString(text) {
					return true
				}
				if slices.Contains(readNotSaid[s.path].texts, text) {
					delete(unused, s.path+": "+text)
					return true
				}
				t.Errorf("%s: %q belongs in the wording files, in both languages", fileSet.Position(n.Pos()), text)
			}
			return true
		})
	}
	for text := range unused {
		t.Errorf("%s: readNotSaid excuses what is not there", text)
	}
	comment := regexp.MustCompile(`(?m)^\s*//.*$|<!--[\s\S]*?-->`)
	for _, dir := range []string{"web", "console", "api"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".templ" {
				return err
			}
			text, err := os.ReadFile(path)
			if at := chinese.Find(comment.ReplaceAll(text, nil)); at != nil {
				t.Errorf("%s: %q belongs in the wording files, in both languages", path, at)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// saidFault is one place where the code makes a fault that people read.
type saidFault struct {
	at    token.Position
	kind  string  // "Invalid" …; empty for a literal of fault.Error
	codes []piece // what its code can be
	texts []string
	given int // values formatted into the Chinese sentence
	shown int // how many of them the sentence has places for
	args  int // values handed on to other languages
}

func saidFaults(t *testing.T) []saidFault {
	t.Helper()
	folders := map[string]*folder{}
	for _, s := range tree(t) {
		if s.test || s.generated || in("sandbox", "testkit", "ground/fault", "ui/wording")(s) {
			continue
		}
		f := folders[s.dir]
		if f == nil {
			f = newFolder(folders)
			folders[s.dir] = f
		}
		f.add(s)
	}
	var list []saidFault
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		for _, s := range folders[dir].files {
			for _, d := range s.file.Decls {
				list = append(list, folders[dir].said(s, d)...)
			}
		}
	}
	return list
}

var faultKinds = []string{"Invalid", "NotFound", "Denied", "Conflict", "TooMany", "Unavailable"}

func faultCall(c *ast.CallExpr) (kind string, ok bool) {
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || !isNamed(sel.X, "fault") || !slices.Contains(faultKinds, sel.Sel.Name) {
		return "", false
	}
	return sel.Sel.Name, true
}

func isFaultError(c *ast.CompositeLit) bool {
	sel, ok := c.Type.(*ast.SelectorExpr)
	return ok && isNamed(sel.X, "fault") && sel.Sel.Name == "Error"
}

func isNamed(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// said collects the faults made in one declaration.
func (f *folder) said(s source, d ast.Decl) (list []saidFault) {
	fn, _ := d.(*ast.FuncDecl)
	replaced := replacedArgs(d)
	ast.Inspect(d, func(n ast.Node) bool {
		one := saidFault{}
		switch n := n.(type) {
		case *ast.CallExpr:
			kind, ok := faultCall(n)
			if !ok || len(n.Args) < 2 {
				return true
			}
			one = saidFault{at: fileSet.Position(n.Pos()), kind: kind, codes: f.values(s, fn, n.Args[0], 0), given: len(n.Args) - 2}
			one.texts = whole(f.values(s, fn, n.Args[1], 0))
			one.args = one.given
			if count, ok := replaced[n]; ok {
				one.args = count
			}
		case *ast.CompositeLit:
			if !isFaultError(n) {
				return true
			}
			one.at = fileSet.Position(n.Pos())
			for _, e := range n.Elts {
				switch kv := e.(*ast.KeyValueExpr); kv.Key.(*ast.Ident).Name {
				case "Code":
					one.codes = f.values(s, fn, kv.Value, 0)
				case "Public":
					one.texts = whole(f.values(s, fn, kv.Value, 0))
				}
			}
		default:
			return true
		}
		for _, text := range one.texts {
			one.shown = max(one.shown, countVerbs(text))
		}
		list = append(list, one)
		return true
	})
	return list
}

// replacedArgs finds "f := fault.X(…)" followed by "f.Args = []any{…}": how many values go to other languages.
func replacedArgs(d ast.Decl) map[*ast.CallExpr]int {
	made, out := map[string]*ast.CallExpr{}, map[*ast.CallExpr]int{}
	ast.Inspect(d, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Lhs) != 1 || len(a.Rhs) != 1 {
			return true
		}
		switch left := a.Lhs[0].(type) {
		case *ast.Ident:
			if c, ok := a.Rhs[0].(*ast.CallExpr); ok {
				made[left.Name] = c
			}
		case *ast.SelectorExpr:
			id, _ := left.X.(*ast.Ident)
			if values, ok := a.Rhs[0].(*ast.CompositeLit); ok && id != nil && left.Sel.Name == "Args" && made[id.Name] != nil {
				out[made[id.Name]] = len(values.Elts)
			}
		}
		return true
	})
	return out
}

// piece is a text read off the source; when it is open, more follows that only runs can tell.
type piece struct {
	text string
	open bool
}

func whole(list []piece) (out []string) {
	for _, p := range list {
		if !p.open {
			out = append(out, p.text)
		}
	}
	return out
}

// folder is a package, as far as these laws look into it.
type folder struct {
	all     map[string]*folder
	files   []source
	texts   map[string]ast.Expr            // constants and variables of the package
	funcs   map[string]*ast.FuncDecl       // functions, without methods
	calls   map[string][]*ast.CallExpr     // of these functions
	structs map[string]*ast.StructType     // by name
	literal map[string][]*ast.CompositeLit // of these structs
}

func newFolder(all map[string]*folder) *folder {
	return &folder{
		all: all, texts: map[string]ast.Expr{}, funcs: map[string]*ast.FuncDecl{}, calls: map[string][]*ast.CallExpr{},
		structs: map[string]*ast.StructType{}, literal: map[string][]*ast.CompositeLit{},
	}
}

func (f *folder) add(s source) {
	f.files = append(f.files, s)
	for _, d := range s.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				f.funcs[d.Name.Name] = d
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.ValueSpec:
					for i, v := range spec.Values {
						f.texts[spec.Names[i].Name] = v
					}
				case *ast.TypeSpec:
					if st, ok := spec.Type.(*ast.StructType); ok {
						f.structs[spec.Name.Name] = st
					}
				}
			}
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok {
				f.calls[id.Name] = append(f.calls[id.Name], n)
			}
		case *ast.CompositeLit:
			if id, ok := n.Type.(*ast.Ident); ok {
				f.literal[id.Name] = append(f.literal[id.Name], n)
			}
		}
		return true
	})
}

// values gives the texts that an expression in fn can be, as far as the source tells: literals, constants, what a function
// returns, what callers hand to fn, and what literals of a struct give to a field. Empty means the source does not tell.
func (f *folder) values(s source, fn *ast.FuncDecl, e ast.Expr, depth int) []piece {
	if depth > 4 {
		return nil
	}
	depth++
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return []piece{{text: text}}
		}
	case *ast.ParenExpr:
		return f.values(s, fn, e.X, depth)
	case *ast.BinaryExpr:
		return f.sum(s, fn, e, depth)
	case *ast.Ident:
		if i := parameter(fn, e.Name); i >= 0 {
			var out []piece
			for _, c := range f.calls[fn.Name.Name] {
				if i < len(c.Args) {
					out = append(out, f.values(s, nil, c.Args[i], depth)...)
				}
			}
			return out
		}
		if v := f.texts[e.Name]; v != nil {
			return f.values(s, nil, v, depth)
		}
	case *ast.CallExpr:
		if id, ok := e.Fun.(*ast.Ident); ok && f.funcs[id.Name] != nil {
			return f.returned(s, f.funcs[id.Name], depth)
		}
	case *ast.SelectorExpr:
		if to := f.imported(s, e.X); to != nil {
			if v := to.texts[e.Sel.Name]; v != nil {
				return to.values(s, nil, v, depth)
			}
			return nil
		}
		return f.fields(s, e.Sel.Name, depth)
	}
	return nil
}

func (f *folder) sum(s source, fn *ast.FuncDecl, e *ast.BinaryExpr, depth int) (out []piece) {
	left, right := f.values(s, fn, e.X, depth), f.values(s, fn, e.Y, depth)
	for _, a := range left {
		if a.open || len(right) == 0 {
			out = append(out, piece{a.text, true})
			continue
		}
		for _, b := range right {
			out = append(out, piece{a.text + b.text, b.open})
		}
	}
	return out
}

func (f *folder) returned(s source, fn *ast.FuncDecl, depth int) (out []piece) {
	ast.Inspect(fn, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 1 {
			out = append(out, f.values(s, fn, r.Results[0], depth)...)
		}
		return true
	})
	return out
}

// fields gives what literals of this folder's structs put into a field of this name.
func (f *folder) fields(s source, name string, depth int) (out []piece) {
	for typ, st := range f.structs {
		at, i := -1, 0
		for _, field := range st.Fields.List {
			for _, id := range field.Names {
				if id.Name == name {
					at = i
				}
				i++
			}
		}
		if at < 0 {
			continue
		}
		for _, lit := range f.literal[typ] {
			for i, e := range lit.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok && isNamed(kv.Key, name) {
					out = append(out, f.values(s, nil, kv.Value, depth)...)
				} else if !ok && i == at {
					out = append(out, f.values(s, nil, e, depth)...)
				}
			}
		}
	}
	return out
}

// imported gives the folder that a name stands for in a file, nil when it is no package of this module.
func (f *folder) imported(s source, e ast.Expr) *folder {
	id, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	for _, path := range s.imports {
		if dir, ours := strings.CutPrefix(path, module); ours && filepath.Base(dir) == id.Name {
			return f.all[dir]
		}
	}
	return nil
}

// parameter gives the place of a parameter of fn, -1 when it has none of this name.
func parameter(fn *ast.FuncDecl, name string) int {
	if fn == nil {
		return -1
	}
	i := 0
	for _, field := range fn.Type.Params.List {
		for _, id := range field.Names {
			if id.Name == name {
				return i
			}
			i++
		}
	}
	return -1
}
