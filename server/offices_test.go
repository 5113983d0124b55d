package server_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhijian/ground/clock"
	"zhijian/server"
)

// offices writes a folder of office files; names that end in .token are secrets.
func offices(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestOfficesAreConnectedByFiles(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer abc" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{"free":7}`)
	}))
	t.Cleanup(s.Close)
	dir := offices(t, map[string]string{
		"parking.yaml":  fmt.Sprintf("driver: http\nurl: %s\ntimeout: 2s\nper_minute: 5\nkeep: {lots.free: 30s}\nstale: 10m\nheaders: {Authorization: {file: parking.token}}\ncalls:\n  lots.free: {path: /lots, gives: {free: body.free}}\n", s.URL),
		"parking.token": "Bearer abc\n", "hospital.yaml": "driver: fhir\nurl: https://hospital.example/fhir\n", "met.yaml": "driver: cap\nurl: https://met.example/feed\nfresh: 2m\n",
		"bus.yaml": "driver: gtfs-realtime\nvehicles: https://bus.example/v.pb\n", "hall.yaml": "driver: json\nurl: https://hall.example\n",
	})
	h, err := server.Open(t.Context(), server.Config{
		Data: t.TempDir(), Addr: "127.0.0.1:0", Clock: &clock.System{}, Log: slog.New(slog.DiscardHandler), Unsafe: true, Offices: dir,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.Close() }()
	got, err := h.Offices().Call(t.Context(), "parking", "lots.free", "", nil)
	if err != nil || got["free"] != int64(7) || got["as_of"] == nil {
		t.Error(got, err)
	}
	list, err := h.Offices().Health(t.Context())
	kinds := map[string]string{}
	for _, x := range list {
		kinds[x.Name] = x.Kind
	}
	for name, kind := range map[string]string{"parking": "http", "hospital": "fhir", "met": "cap", "bus": "gtfs-realtime", "hall": "office JSON", "traffic": ""} {
		if k, ok := kinds[name]; !ok || k != kind {
			t.Errorf("%s speaks %q, want %q (%v)", name, k, kind, err)
		}
	}
}

func TestOfficeFilesAreChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]string
		says  string
	}{
		"a driver nobody knows": {map[string]string{"x.yaml": "driver: soap\nurl: https://x.example\n"}, "soap"},
		"a field nobody knows":  {map[string]string{"x.yaml": "driver: fhir\nurl: https://x.example\ntime_out: 3s\n"}, "time_out"},
		"plain http":            {map[string]string{"x.yaml": "driver: fhir\nurl: http://x.example\n"}, "https"},
		"a wrong expression":    {map[string]string{"x.yaml": "driver: http\nurl: https://x.example\ncalls: {a: {path: /, gives: {b: bodi.c}}}\n"}, "calls.a.gives.b"},
		"a secret elsewhere":    {map[string]string{"x.yaml": "driver: fhir\nurl: https://x.example\nheaders: {A: {file: ../../etc/passwd}}\n"}, "x.yaml"},
		"an empty secret":       {map[string]string{"x.yaml": "driver: fhir\nurl: https://x.example\nheaders: {A: {file: s}}\n", "s": " \n"}, "headers.A"},
		"the till":              {map[string]string{"pay.yaml": "driver: json\nurl: https://x.example\n"}, "pay"},
		"calls of another":      {map[string]string{"x.yaml": "driver: cap\nurl: https://x.example\ncalls: {a: {path: /}}\n"}, "calls"},
	} {
		_, err := server.Open(t.Context(), server.Config{
			Data: t.TempDir(), Addr: "127.0.0.1:0", Clock: &clock.System{}, Log: slog.New(slog.DiscardHandler), Unsafe: true, Offices: offices(t, c.files),
		})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
