package wording_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/fault"
	"zhijian/ui/wording"
)

func TestCataloguesAreSound(t *testing.T) {
	t.Parallel()
	if err := wording.Check(); err != nil {
		t.Fatal(err)
	}
	zh, en := wording.Keys(wording.Chinese), wording.Keys(wording.English)
	single := func(k string) bool { return strings.HasPrefix(k, "fault.") && !strings.HasPrefix(k, "fault.kind.") }
	if diff := cmp.Diff(slices.DeleteFunc(zh, single), slices.DeleteFunc(en, single)); diff != "" {
		t.Errorf("the languages differ:\n%s", diff)
	}
	holes := regexp.MustCompile(`\{[^}]*\}`)
	for _, key := range wording.Keys(wording.Chinese) {
		a, b := wording.T("zh", key), wording.T("en", key)
		if len(holes.FindAllString(a, -1)) != len(holes.FindAllString(b, -1)) {
			t.Errorf("%s: %q and %q take different values", key, a, b)
		}
		for _, bad := range []string{"！", "!", "亲，", "哦", "非法", "无效", "格式错误"} {
			if strings.Contains(a, bad) {
				t.Errorf("%s: %q holds %q (ux-rules 7)", key, a, bad)
			}
		}
	}
}

// Every key is named somewhere in the code, and every key that the code names in full exists.
func TestKeysAreUsed(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	named := regexp.MustCompile(`(?:\bword\((?:ctx|r), |wording\.In\(ctx, |wording\.T\([\w.()]+, )"([\w.-]+)"`)
	for _, dir := range []string{"../../ui", "../../web", "../../console", "../../api", "../../door"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
				return err
			}
			if ext := filepath.Ext(path); ext != ".go" && ext != ".templ" {
				return nil
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			code.Write(raw)
			for _, m := range named.FindAllStringSubmatch(string(raw), -1) {
				if !strings.HasSuffix(m[1], ".") && !strings.HasSuffix(m[1], "_") && !wording.Has("zh", m[1]) {
					t.Errorf("%s names %q, which the catalogue lacks", path, m[1])
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	text := code.String()
	for _, key := range wording.Keys(wording.Chinese) {
		// A key may be put together from a fixed part and a value: "tab." + id.
		used := strings.Contains(text, `"`+key+`"`)
		for i := range key {
			used = used || (key[i] == '.' || key[i] == '_') && strings.Contains(text, `"`+key[:i+1]+`"`)
		}
		if !used {
			t.Errorf("nothing uses %q", key)
		}
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		args []any
		want string
	}{
		"in order":        {"第 {} 步，共 {} 步", []any{2, 4}, "第 2 步，共 4 步"},
		"by number":       {"{1} of {0}", []any{"a", "b"}, "b of a"},
		"too few":         {"{} {}", []any{1}, "1 {}"},
		"too many":        {"{}", []any{1, 2}, "1"},
		"no end":          {"a { b", []any{1}, "a { b"},
		"a name":          {"已选 {n} 条", []any{1}, "已选 {n} 条"},
		"value has holes": {"{} {}", []any{"{}", "x"}, "{} x"},
		"none":            {"{}", nil, "{}"},
	} {
		if got := wording.Fill(c.text, c.args...); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestT(t *testing.T) {
	t.Parallel()
	if got := wording.T("zh", "step", 2, 4); got != "第 2 步，共 4 步" {
		t.Errorf("Chinese: %q", got)
	}
	if got := wording.T("en", "step", 2, 4); got != "Step 2 of 4" {
		t.Errorf("English: %q", got)
	}
	if got := wording.T("fr", "back"); got != "返回" {
		t.Errorf("another language: %q", got)
	}
	if got := wording.T("zh", "no.such.key"); got != "⟨no.such.key⟩" {
		t.Errorf("a missing key: %q", got)
	}
}

func TestFault(t *testing.T) {
	t.Parallel()
	short := fault.Invalid("plate.unknown-code", "车牌号少一位")
	inEnglish, silent := fault.Invalid("choose.same", "%s", "请分开选"), fault.Invalid("choose.same", "%s", "请分开选")
	inEnglish.Args, silent.Args = []any{"Only records of one place can go together"}, []any{""}
	for name, c := range map[string]struct{ got, want string }{
		"Chinese carries its own":  {wording.Fault("zh", short), "车牌号少一位"},
		"English by code":          {wording.Fault("en", fault.Invalid("money.large", "金额太大，请核对")), "The amount is too large. Please check it"},
		"English by kind":          {wording.Fault("en", short), wording.T("en", "fault.kind.invalid")},
		"Chinese without sentence": {wording.Fault("zh", &fault.Error{Kind: fault.KindDenied}), wording.T("zh", "fault.kind.denied")},
		"a budget, minutes":        {wording.Fault("en", fault.TooMany("budget.code.phone.hour", "次数太多了，请 %d 分钟后再试", 12)), "Too many tries. Please try again in 12 minutes"},
		"a budget, one minute":     {wording.Fault("en", fault.TooMany("budget.code.phone.minute", "次数太多了，请 %d 分钟后再试", 1)), "Too many tries. Please try again in a minute"},
		"a budget, tomorrow":       {wording.Fault("en", fault.TooMany("budget.proof.calls.day", "今天的次数已用完，请明天再试")), "Used up for today. Please try again tomorrow"},
		"a budget in Chinese":      {wording.Fault("zh", fault.TooMany("budget.proof.calls.day", "今天的次数已用完，请明天再试")), "今天的次数已用完，请明天再试"},
		"an office's own sentence": {wording.Fault("en", fault.Conflict("office.refused", "%s", "已处理 100%")), "The department answered: 已处理 100%"},
		"a value in English":       {wording.Fault("en", inEnglish), "Only records of one place can go together"},
		"no value in English":      {wording.Fault("en", silent), wording.T("en", "fault.kind.invalid")},
		"nothing":                  {wording.Fault("zh", nil), wording.T("zh", "fault.kind.internal")},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}

// English sentences of faults are in one style; that each fault has one is the house's law (laws_wording_test.go).
func TestEnglishFaults(t *testing.T) {
	t.Parallel()
	blame := regexp.MustCompile(`(?i)\b(invalid|illegal|error|failed|forbidden|unauthori[sz]ed|bad request)\b|!|\.$`)
	for _, key := range wording.Keys("en") {
		if text := wording.T("en", key); strings.HasPrefix(key, "fault.") && blame.MatchString(text) {
			t.Errorf("%s: %q holds %q", key, text, blame.FindString(text))
		}
	}
}

// Every kind of fault has its general sentence in both languages.
func TestKinds(t *testing.T) {
	t.Parallel()
	for _, k := range []fault.Kind{fault.KindInvalid, fault.KindNotFound, fault.KindDenied, fault.KindConflict, fault.KindTooMany, fault.KindUnavailable, fault.KindInternal} {
		for _, lang := range []string{"zh", "en"} {
			if !wording.Has(lang, "fault.kind."+string(k)) {
				t.Errorf("%s: no sentence for %s", lang, k)
			}
		}
	}
}
