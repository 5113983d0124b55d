package server_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhijian/ground/clock"
	"zhijian/server"
	"zhijian/testkit/walk"
)

// alone opens a house as `zhijian serve --data DIR` does: nothing outside is connected.
func alone(t *testing.T, catalogue string) *server.House {
	t.Helper()
	h, err := server.Open(t.Context(), server.Config{
		Data: t.TempDir(), Addr: "127.0.0.1:0", Catalogue: catalogue, Clock: &clock.System{}, Log: slog.New(slog.DiscardHandler), Unsafe: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	h.OnReady(func() { close(ready) })
	go func() { ended <- h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	<-ready
	return h
}

// A house of which nothing is connected opens, shows no invented city, and says why nobody can sign in.
func TestServeAlone(t *testing.T) {
	t.Parallel()
	h := alone(t, "")
	w := walk.New(h.Origin(), nil)
	get := func(path, part string) {
		t.Helper()
		if err := w.Get(t.Context(), path); err != nil || w.Page.Status != http.StatusOK || !strings.Contains(w.Page.Text, part) {
			t.Fatalf("%s: %v, %d, does not say %q: %s", path, err, w.Page.Status, part, w.Page.Text)
		}
		if strings.Contains(w.Page.Text, "演示") {
			t.Errorf("%s shows demonstration data: %s", path, w.Page.Text)
		}
	}
	get("/", "浙江省")
	get("/city/hangzhou", "杭州")
	if err := w.Get(t.Context(), "/login"); err != nil {
		t.Fatal(err)
	}
	if err := w.Submit(t.Context(), map[string]string{"phone": "19900000001"}); err != nil || w.Page.Status != http.StatusServiceUnavailable || !strings.Contains(w.Page.Text, "短信还没有接通") {
		t.Errorf("%v, %d: %s", err, w.Page.Status, w.Page.Text)
	}
}

// An operator's own folder switches a city on, and its services are honest about an office that is not connected.
func TestOwnCatalogue(t *testing.T) {
	t.Parallel()
	own := t.TempDir()
	pack, err := os.ReadFile("../catalog/cities/ningbo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(own, "cities"), 0o700); err != nil {
		t.Fatal(err)
	}
	plain := strings.NewReplacer("（演示）", "", "demo: true", "demo: false", " (demo)", "").Replace(string(pack))
	if err := os.WriteFile(filepath.Join(own, "cities", "ningbo.yaml"), []byte(plain), 0o600); err != nil {
		t.Fatal(err)
	}
	h := alone(t, own)
	w := walk.New(h.Origin(), nil)
	if err := w.Get(t.Context(), "/city/ningbo/services/weather-forecast"); err != nil || w.Page.Status != http.StatusOK {
		t.Fatalf("%v, %d: %s", err, w.Page.Status, w.Page.Text)
	}
	f, _ := w.Page.Form()
	if err := w.Post(t.Context(), "/city/ningbo/services/weather-forecast/start", url.Values{"_token": f.Values["_token"]}); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if strings.Contains(w.Page.Text, "不是您的问题") {
			return
		}
		if err := w.Get(t.Context(), w.Page.URL.Path); err != nil {
			t.Fatal(err)
		}
	}
	t.Errorf("the page does not say that the office is silent: %d %s", w.Page.Status, w.Page.Text)
}
