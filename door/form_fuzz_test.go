package door_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"zhijian/door"
)

// FuzzForm sends any body and any address to a route that takes a form: nothing panics, a handler gets what was sent and
// nothing that could be hidden in it, and what is refused gets a sentence that does not repeat what was typed.
func FuzzForm(f *testing.F) {
	var got map[string][]string
	routes := formPage(door.Public)
	routes[1].Handler = func(w http.ResponseWriter, r *door.Request) error {
		got = r.Values()
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	g := build(f, func(c *door.Config) {
		c.Rates = map[door.Class]door.Rate{door.Reading: {Burst: 1 << 30, Per: time.Minute}, door.Writing: {Burst: 1 << 30, Per: time.Minute}}
	}, routes...)
	token := "_token=" + g.token(visitor) + "&"
	for _, s := range []string{
		"", "name=%E6%9D%8E", "many=a&many=b", "name=a&name=b", "name=a%00b", "name=%FF", "name=%zz", "a;b=c", "%0a=x", "name=a%E2%80%AEb",
		"name=" + strings.Repeat("长", 300), strings.Repeat("a=b&", 250), "_token=x", "=", "&&&", "name=a+b%0D%0A%09", "name=%C2%85",
	} {
		f.Add(s, "")
		f.Add("name=x", s)
	}
	f.Fuzz(func(t *testing.T, body, query string) {
		got = nil
		r := httptest.NewRequest(http.MethodPost, "/form", strings.NewReader(token+body))
		r.URL.RawQuery, r.Host = query, host
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Cookie", visitor)
		w := httptest.NewRecorder()
		g.h.ServeHTTP(w, r)
		if w.Code != http.StatusNoContent {
			if got != nil {
				t.Errorf("%d, and yet the handler ran", w.Code)
			}
			if !slices.Contains([]int{403, 413, 414, 422}, w.Code) {
				t.Errorf("refused with %d: %.200s", w.Code, w.Body)
			}
			_, sentence, _ := strings.Cut(strings.TrimPrefix(w.Body.String(), "zh "), " ")
			if sentence == "" || strings.ContainsAny(sentence, "!！") || strings.Contains(sentence, "非法") || strings.Contains(sentence, "无效") {
				t.Errorf("told %q", sentence)
			}
			if len(body) > 30 && strings.Contains(sentence, body) {
				t.Error("the sentence repeats what was typed")
			}
			return
		}
		sent, err := url.ParseQuery(body)
		if err != nil {
			t.Fatalf("a broken form was taken: %v", err)
		}
		maps.DeleteFunc(sent, func(name string, _ []string) bool { return strings.HasPrefix(name, "_") })
		if !maps.EqualFunc(sent, got, slices.Equal[[]string]) {
			t.Errorf("sent %q, got %q", sent, got)
		}
		for name, list := range got {
			if len(list) > 1 && name != "many" {
				t.Errorf("%q came %d times", name, len(list))
			}
			for _, text := range append(list, name) {
				if !utf8.ValidString(text) || strings.ContainsFunc(text, hides) {
					t.Errorf("the handler got %q", text)
				}
			}
			if strings.ContainsAny(name, "\r\n\t") {
				t.Errorf("the handler got the name %q", name)
			}
		}
	})
}

// hides reports characters that are not seen: controls but for line breaks and tabs, and marks that turn the writing.
func hides(c rune) bool {
	switch {
	case c == '\n' || c == '\r' || c == '\t':
		return false
	}
	return c < 0x20 || c >= 0x7f && c < 0xa0 || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069
}
