package door_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"zhijian/door"
)

// A stream says what is new at once, uncompressed, and ends when the house closes.
func TestStream(t *testing.T) {
	t.Parallel()
	looks := make(chan string, 8)
	last := "first"
	g := build(t, func(c *door.Config) { c.Origin = "http://127.0.0.1"; c.Hosts = []string{"x"} }, door.Route{
		Method: "GET", Path: "/stream", Access: door.Public, AnyHost: true, Limit: door.Limit{Time: time.Minute},
		Handler: func(w http.ResponseWriter, r *door.Request) error {
			return r.Stream(w, 5*time.Millisecond, func(context.Context) (string, error) {
				select {
				case last = <-looks:
				default:
				}
				return last, nil
			})
		},
	})
	l := listen(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- g.door.Serve(ctx, door.Server(g.h, nil), l, 10*time.Second) }()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String()+"/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.Header.Get("Content-Encoding") != "" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		t.Errorf("headers %v", res.Header)
	}
	in := bufio.NewScanner(res.Body)
	next := func() string {
		for in.Scan() {
			if data, ok := strings.CutPrefix(in.Text(), "data: "); ok {
				return data
			}
		}
		return "ended"
	}
	if got := next(); got != "first" {
		t.Errorf("at once %q", got)
	}
	looks <- "second"
	if got := next(); got != "second" {
		t.Errorf("then %q", got)
	}
	stop()
	if got := next(); got != "ended" {
		t.Errorf("after the house closed %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
