package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
