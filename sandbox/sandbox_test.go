package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/sandbox"
)

// keys is a folder with the payment channel's keys, made once: RSA keys cost more than a world.
var keys string

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "sandbox")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		w, err := sandbox.Start(context.Background(), sandbox.Config{Clock: monday(), Dir: dir})
		if err == nil {
			err = w.Close(context.Background())
		}
		if err != nil {
			panic(err)
		}
		keys = dir
		return m.Run()
	}())
}

// monday is a working day, at 10:00 in Shanghai.
func monday() *clock.Fixed {
	return clock.At(time.Date(2026, 11, 23, 10, 0, 0, 0, clock.Shanghai))
}

func world(t *testing.T, cfg sandbox.Config) *sandbox.World {
	t.Helper()
	if cfg.Clock == nil {
		cfg.Clock = monday()
	}
	if cfg.Seed == 0 {
		cfg.Seed = 7
	}
	if cfg.Dir == "" {
		cfg.Dir = folder(t)
	}
	w, err := sandbox.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := w.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return w
}

// folder gives a new world's folder that has the keys already.
func folder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"apiv3.key", "merchant.pem", "platform.pem"} {
		b, err := os.ReadFile(filepath.Join(keys, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

type object = map[string]any

// ask calls an office and gives status and the whole answer; status 0 means the connection was cut.
func ask(t *testing.T, base, call, key string, with object) (int, object) {
	t.Helper()
	return patiently(t, time.Minute, base, call, key, with)
}

// silent asks and insists that nothing comes.
func silent(t *testing.T, base, call, key string, with object) {
	t.Helper()
	if status, out := patiently(t, 200*time.Millisecond, base, call, key, with); status != 0 {
		t.Errorf("%s: status %d %v, want silence", call, status, out)
	}
}

func patiently(t *testing.T, limit time.Duration, base, call, key string, with object) (int, object) {
	t.Helper()
	body, err := json.Marshal(with)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/calls/"+call, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	return send(t, r)
}

func send(t *testing.T, r *http.Request) (int, object) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		return 0, nil
	}
	defer answer.Body.Close()
	var out object
	if err := json.NewDecoder(answer.Body).Decode(&out); err != nil {
		t.Fatalf("status %d: %v", answer.StatusCode, err)
	}
	return answer.StatusCode, out
}

// got asks and insists on an answer.
func got(t *testing.T, base, call, key string, with object) object {
	t.Helper()
	status, out := ask(t, base, call, key, with)
	if status != http.StatusOK {
		t.Fatalf("%s: status %d %v", call, status, out)
	}
	return out["data"].(object)
}

// refused asks and insists on a refusal with this code.
func refused(t *testing.T, base, call, key string, with object, code string) {
	t.Helper()
	status, out := ask(t, base, call, key, with)
	if no, _ := out["refused"].(object); status != http.StatusUnprocessableEntity || no["code"] != code || no["reason"] == "" {
		t.Fatalf("%s: status %d %v, want refusal %s", call, status, out, code)
	}
}

func post(t *testing.T, url, body string) (int, object) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	return send(t, r)
}

func TestSwitches(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{SlowBy: 80 * time.Millisecond})
	weather, console := w.URLs()[sandbox.Weather], w.URLs()[sandbox.Console]
	region := object{"region": "330100"}
	for _, c := range []struct {
		mode   string
		status int
		least  time.Duration
	}{{"503", 503, 0}, {"hang", 0, 0}, {"refuse", 0, 0}, {"slow", 200, 80 * time.Millisecond}, {"normal", 200, 0}} {
		if status, _ := post(t, console+"/switch", fmt.Sprintf(`{"office":"weather","mode":%q}`, c.mode)); status != 200 {
			t.Fatalf("switch to %s: %d", c.mode, status)
		}
		took := clock.Stopwatch()
		if c.mode == "hang" {
			silent(t, weather, "forecast", "", region)
			continue
		}
		status, _ := ask(t, weather, "forecast", "", region)
		if status != c.status || took() < c.least {
			t.Errorf("%s: status %d after %v, want %d after at least %v", c.mode, status, took(), c.status, c.least)
		}
	}
	if status, _ := post(t, console+"/switch", `{"office":"nowhere","mode":"503"}`); status != 422 {
		t.Errorf("unknown office: %d", status)
	}
	if w.Switch(sandbox.Weather, "broken-ish") {
		t.Error("an unknown mode was taken")
	}
}

func TestPagesSayTheyAreDemo(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	for name, base := range w.URLs() {
		answer, err := http.Get(base + "/")
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != 200 || !strings.Contains(string(b), "演示") || !strings.Contains(string(b), "<h1>") {
			t.Errorf("%s: status %d, %d bytes, %v", name, answer.StatusCode, len(b), err)
		}
	}
	page, err := http.PostForm(w.URLs()[sandbox.Console]+"/switch", url.Values{"office": {"traffic"}, "mode": {"503"}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(page.Body)
	_ = page.Body.Close()
	if err != nil || page.StatusCode != 200 || !strings.Contains(string(b), `value="503" checked`) {
		t.Errorf("the form did not switch: %d %v", page.StatusCode, err)
	}
}

func TestShortMessages(t *testing.T) {
	t.Parallel()
	w := world(t, sandbox.Config{})
	sms := w.URLs()[sandbox.SMS]
	for _, c := range []struct {
		name, body string
		status     int
	}{
		{"with a code", `{"phone":"+8619900000001","text":"验证码 482913，5 分钟内有效"}`, 200},
		{"without a code", `{"phone":"19900000001","text":"您的办件已办结"}`, 200},
		{"gateway fails", `{"phone":"19900010000","text":"x"}`, 503},
		{"no number", `{"phone":"12","text":"x"}`, 422},
		{"no text", `{"phone":"19900000001"}`, 400},
	} {
		if status, _ := post(t, sms+"/send", c.body); status != c.status {
			t.Errorf("%s: status %d, want %d", c.name, status, c.status)
		}
	}
	answer, err := http.Get(sms + "/inbox?phone=19900000001")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var in struct {
		Messages []struct{ At, Text, Code string }
	}
	if err := json.NewDecoder(answer.Body).Decode(&in); err != nil {
		t.Fatal(err)
	}
	if len(in.Messages) != 2 || in.Messages[0].Code != "482913" || in.Messages[1].Code != "" || in.Messages[0].At == "" {
		t.Errorf("inbox: %+v", in.Messages)
	}
}

func TestRunPrintsOneLineAndEnds(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- sandbox.Run(ctx, sandbox.Config{Clock: monday(), Dir: t.TempDir()}, w) }()
	var ready sandbox.Ready
	if err := json.NewDecoder(r).Decode(&ready); err != nil {
		t.Fatal(err)
	}
	if len(ready.URLs) < 9 || ready.URLs[sandbox.Street] != "" || !strings.Contains(ready.Merchant.PrivateKey, "PRIVATE KEY") || len(ready.Merchant.APIv3Key) != 32 {
		t.Errorf("ready line is incomplete: %d urls", len(ready.URLs))
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
