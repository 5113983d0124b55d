package strict_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"zhijian/ground/strict"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		ok       bool
	}{
		{"object", `{"a":[1,2.5,"x",null,true]}`, true},
		{"blanks around", " {} \n", true},
		{"line breaks in text", `"a\nb\tc"`, true},
		{"32 deep", strings.Repeat("[", 32) + strings.Repeat("]", 32), true},
		{"34 deep", strings.Repeat("[", 34) + strings.Repeat("]", 34), false},
		{"twice", `{"a":1,"a":2}`, false},
		{"twice in two cases", `{"a":1,"A":2}`, false},
		{"twice by escape", `{"a":1,"\u0061":2}`, false},
		{"the same name on two floors", `{"a":{"a":1}}`, true},
		{"after the end", `{}{}`, false},
		{"a comma after the end", `[1],`, false},
		{"escape", `"\u001b"`, false},
		{"control in a name", `{"a\u0000":1}`, false},
		{"broken UTF-8", "\"\xc3\x28\"", false},
		{"infinite", `1e400`, false},
		{"nothing", ``, false},
		{"cut off", `{"a":`, false},
	} {
		if _, err := strict.JSON([]byte(c.in), strict.Clean); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// FuzzJSON holds that what is accepted means the same to encoding/json.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"data":{"items":[{"fine":15000}]}}`, `[1,2.5,"x",null,true,1e3]`, `{"a":1,"a":2}`, `"\ud800"`, ``} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := strict.JSON(b, strict.Clean)
		if err != nil {
			return
		}
		var want any
		if err := json.Unmarshal(b, &want); err != nil {
			t.Fatalf("accepted what encoding/json refuses: %v", err)
		}
		back, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var round any
		if err := json.Unmarshal(back, &round); err != nil || !reflect.DeepEqual(round, want) {
			t.Errorf("%q read as %s", b, back)
		}
	})
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"": true, "张三 · a\tb\r\nc 👨‍👩‍👧": true, "\u2060\u200d": true,
		"\x00": false, "\x1b[31m": false, "\x7f": false, "\u0085": false, "a\u202eb": false, "\u202a": false, "\u2066x\u2069": false, "\xff": false,
	} {
		if strict.Plain(text) != ok {
			t.Errorf("%q is plain: %v", text, !ok)
		}
	}
	if _, err := strict.JSON([]byte(`{"a":"\u202e"}`), strict.Plain); err == nil {
		t.Error("a text that is not plain was taken")
	}
	if _, err := strict.JSON([]byte(`{"\u202e":1}`), strict.Plain); err == nil {
		t.Error("a name that is not plain was taken")
	}
}
