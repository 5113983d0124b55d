package door_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"zhijian/domain/identity"
	"zhijian/door"
	"zhijian/ground/clock"
)

// blank is a ResponseWriter that keeps nothing.
type blank struct{ h http.Header }

func (b blank) Header() http.Header           { return b.h }
func (blank) WriteHeader(int)                 {}
func (blank) Write(p []byte) (int, error)     { return len(p), nil }
func (blank) WriteString(string) (int, error) { return 0, nil }

func house(tb testing.TB) http.Handler {
	d, err := door.New(door.Config{Origin: "http://127.0.0.1", Clock: &clock.System{}, Secret: secret, Residents: people{"r1": identity.Resident{ID: 1, Level: 1}}, StyleHash: "'sha256-abc'", StyleCookie: "v1"})
	if err != nil {
		tb.Fatal(err)
	}
	mux := http.NewServeMux()
	text := strings.Repeat("<p>政务服务</p>", 1500)
	route := door.Route{Method: "GET", Path: "/city/{slug}", Access: door.Public, Cached: &door.Cached{For: time.Hour}, Handler: func(w http.ResponseWriter, r *door.Request) error {
		r.KeepCity(w, r.PathValue("slug"))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, err := io.WriteString(w, text)
		return err
	}}
	if err := d.Mount(mux, door.Set{Face: face{}, Routes: []door.Route{route}, Pages: true}); err != nil {
		tb.Fatal(err)
	}
	return d.Handler(mux, face{})
}

// BenchmarkKeptPage is the hot path alone: a visitor's page out of the cache.
func BenchmarkKeptPage(b *testing.B) {
	h := house(b)
	r := httptest.NewRequest("GET", "/city/hangzhou", nil)
	r.Host = "127.0.0.1"
	r.Header.Set("Accept-Encoding", "gzip, br")
	r.Header.Set("Cookie", "css=v1; city=hangzhou; elder=1")
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(blank{http.Header{}}, r)
	}
}

// BenchmarkKeptPageOverTCP and BenchmarkBareOverTCP compare the hot path with net/http writing the same bytes ready.
func BenchmarkKeptPageOverTCP(b *testing.B) { overTCP(b, house(b)) }

// BenchmarkBareOverTCP is the measure: the same bytes and their type, nothing else.
func BenchmarkBareOverTCP(b *testing.B) {
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/city/hangzhou", nil)
	r.Host = "127.0.0.1"
	r.Header.Set("Accept-Encoding", "gzip")
	house(b).ServeHTTP(w, r)
	body := w.Body.Bytes()
	overTCP(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(body)
	}))
}

func overTCP(b *testing.B, h http.Handler) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s := door.Server(h, nil)
	go func() { _ = s.Serve(l) }()
	defer s.Close()
	b.RunParallel(func(pb *testing.PB) {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			b.Error(err)
			return
		}
		defer c.Close()
		ask := []byte("GET /city/hangzhou HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nCookie: css=v1; city=hangzhou\r\n\r\n")
		buf := make([]byte, 1<<16)
		for pb.Next() {
			if _, err := c.Write(ask); err != nil {
				b.Error(err)
				return
			}
			if _, err := c.Read(buf); err != nil { // a page of this size comes in one piece over loopback
				b.Error(err)
				return
			}
		}
	})
}
