package words_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"zhijian/ground/fault"
	"zhijian/web/words"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	part := func(zh, en string) fs.FS {
		return fstest.MapFS{"zh.yaml": {Data: []byte(zh)}, "en.yaml": {Data: []byte(en)}}
	}
	for name, c := range map[string]struct {
		parts []fs.FS
		ok    bool
	}{
		"its own":                 {nil, true},
		"a part":                  {[]fs.FS{part("x.a: 甲", "x.a: A")}, true},
		"a fault in English only": {[]fs.FS{part("x.a: 甲", "x.a: A\nfault.x: X")}, true},
		"no English":              {[]fs.FS{part("x.a: 甲", "")}, false},
		"no Chinese":              {[]fs.FS{part("", "x.a: A")}, false},
		"a key of ours":           {[]fs.FS{part("login: 登录", "login: L")}, false},
		"a key of another part":   {[]fs.FS{part("x.a: 甲", "x.a: A"), part("x.a: 甲", "x.a: A")}, false},
		"broken":                  {[]fs.FS{part("x.a: [", "x.a: A")}, false},
		"no files":                {[]fs.FS{fstest.MapFS{}}, false},
	} {
		if _, err := words.Open(c.parts...); (err == nil) != c.ok {
			t.Errorf("%s: Open = %v, want ok %v", name, err, c.ok)
		}
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	b, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lang, key, want string }{
		{"zh", "login", "登录"},
		{"en", "login", "Sign in"},
		{"fr", "login", "登录"},
		{"zh", "choose.some", "开通 3 个市"},
		{"zh", "name", "指尖"},
		{"zh", "no.such", "⟨no.such⟩"},
	} {
		if got := b.T(c.lang, c.key, 3); got != c.want {
			t.Errorf("T(%s, %s) = %q, want %q", c.lang, c.key, got, c.want)
		}
	}
	f := fault.Of(fault.TooMany("rate", "太快"))
	if zh, en := b.Fault("zh", f), b.Fault("en", f); zh != "太快" || !strings.HasPrefix(en, "Too many requests") {
		t.Errorf("Fault = %q, %q", zh, en)
	}
}

// Every key is used, and every key that the pages name is there.
func TestKeysAreUsed(t *testing.T) {
	t.Parallel()
	b, err := words.Open()
	if err != nil {
		t.Fatal(err)
	}
	all := source(t, "..")
	built := regexp.MustCompile(`^(level\.\d|sky\.\w+\.(zh|en)|need\.(original|copy|photo|number))$`) // put together in code
	for _, key := range b.Keys("zh") {
		if !built.MatchString(key) && !strings.Contains(all, `"`+key+`"`) {
			t.Errorf("%s is used nowhere", key)
		}
	}
	for _, m := range regexp.MustCompile(`\bf\.T\(r, "([a-z.]+)"[,)]`).FindAllStringSubmatch(source(t, "../city")+source(t, "../frame"), -1) {
		for _, lang := range []string{"zh", "en"} {
			if got := b.T(lang, m[1]); strings.HasPrefix(got, "⟨") {
				t.Errorf("%s is named in the code and not in %s", m[1], lang)
			}
		}
	}
}

// source is all code under a folder but its tests.
func source(t *testing.T, dir string) string {
	t.Helper()
	var code strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		code.Write(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return code.String()
}
