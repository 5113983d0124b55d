package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	houses "zhijian/testkit/house"
	"zhijian/testkit/walk"
)

// drawn is the vector of docs/draw.md.
const drawn = "../../domain/draw/record/testdata/example.json"

// TestDrawVerify: the program says by its exit code whether a record is what it says it is, from a file and from an address.
func TestDrawVerify(t *testing.T) {
	whole, err := os.ReadFile(drawn)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/draws/7/record.json" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(whole)
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	changed := write(t, filepath.Join(dir, "changed.json"), strings.Replace(string(whole), `{"number":7,"place":"first"}`, `{"number":3,"place":"first"}`, 1))
	const list = "17dd9536833b0a1d9ebfafc7657e254b46985865a3494c67d2639d8e83bf64ff"
	for name, c := range map[string]struct {
		cmd  drawVerifyCmd
		code int
		says string
	}{
		"a file":                  {drawVerifyCmd{Record: drawn}, 0, ""},
		"an address":              {drawVerifyCmd{Record: server.URL + "/draws/7/record.json"}, 0, ""},
		"an entry":                {drawVerifyCmd{Record: drawn, Entry: 7, List: list}, 0, ""},
		"changed":                 {drawVerifyCmd{Record: changed}, exitDifferent, "results 1"},
		"another list than noted": {drawVerifyCmd{Record: drawn, List: strings.Repeat("0", 64)}, exitDifferent, "you noted"},
		"an entry that left":      {drawVerifyCmd{Record: drawn, Entry: 4}, exitDifferent, "not in the list"},
		"no such file":            {drawVerifyCmd{Record: filepath.Join(dir, "none")}, exitUnreadable, "no such file"},
		"no such address":         {drawVerifyCmd{Record: server.URL + "/none"}, exitUnreadable, "404"},
		"no record":               {drawVerifyCmd{Record: write(t, filepath.Join(dir, "other.json"), "{}")}, exitUnreadable, "no record of a draw"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.cmd.Run(t.Context())
			var own exitError
			switch {
			case c.code == 0 && err != nil:
				t.Error(err)
			case c.code != 0 && (!errors.As(err, &own) || own.code != c.code || !strings.Contains(err.Error(), c.says)):
				t.Errorf("ends with %v, want code %d and %q", err, c.code, c.says)
			}
		})
	}
}

// TestDrawEntryIsMine: the secret number of an entry opens it to its person, and to nobody else.
func TestDrawEntryIsMine(t *testing.T) {
	nonce := strings.Repeat("0", 63) + "8" // as docs/draw.md says of entry 1
	for name, c := range map[string]struct {
		person, nonce string
		fits          bool
	}{
		"its person":     {"11010519900101001x \n", nonce, true},
		"somebody else":  {"11010519900101002X\n", nonce, false},
		"another number": {"11010519900101001X\n", strings.Repeat("0", 64), false},
		"nobody":         {"", nonce, false},
	} {
		t.Run(name, func(t *testing.T) {
			in, err := os.Open(write(t, filepath.Join(t.TempDir(), "in"), c.person))
			if err != nil {
				t.Fatal(err)
			}
			was := os.Stdin
			os.Stdin = in
			t.Cleanup(func() { os.Stdin = was; _ = in.Close() })
			if err := (drawVerifyCmd{Record: drawn, Entry: 1, Nonce: c.nonce}).Run(t.Context()); (err == nil) != c.fits {
				t.Errorf("fits: want %v, got %v", c.fits, err)
			}
		})
	}
}

// TestDrawOfADemonstration downloads the draw that is over in a demonstration and draws again; one that was changed on the way is found.
func TestDrawOfADemonstration(t *testing.T) {
	h := houses.Open(t, "")
	w := h.Visitor()
	over := ""
	for _, l := range page(t, w, "/draws").Links {
		if strings.HasPrefix(l.Href, "/draws/") && strings.Contains(page(t, w, l.Href).Text, "中签率") {
			over = l.Href + "/record.json"
		}
	}
	if err := (drawVerifyCmd{Record: h.Ready.BaseURL + over, Entry: 1}).Run(t.Context()); err != nil {
		t.Fatalf("%q: %v", over, err)
	}
	body := string(page(t, w, over).Body)
	changed := write(t, filepath.Join(t.TempDir(), "changed.json"), strings.Replace(body, `"count":6`, `"count":7`, 1))
	var own exitError
	if err := (drawVerifyCmd{Record: changed}).Run(t.Context()); !errors.As(err, &own) || own.code != exitDifferent || !strings.Contains(err.Error(), "terms_hash") {
		t.Errorf("a changed record: %v", err)
	}
}

func page(t *testing.T, w *walk.Walker, path string) *walk.Page {
	t.Helper()
	if err := w.Get(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	return w.Page
}
