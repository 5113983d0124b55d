package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// load is what a measurement over HTTP found.
type load struct {
	rate float64 // answers a second
	cpu  float64 // µs of the server's processor time per answer; 0 when it was not watched
	p99  time.Duration
}

// scene is one thing to ask of a server, again and again.
type scene struct {
	addr string // HOST:PORT
	pid  int    // whose processor time counts
	want int    // the status every answer must have
	// admin is where the server shows where its time goes; empty for none.
	admin string
	// ask gives the nth request of a connection, whole as it goes over the wire.
	ask func(conn, n int) []byte
}

// hammer asks over conns connections that stay open, each the next question when the last is
// answered. The client does as little as it can, since it shares the machine with the server:
// requests are ready bytes, and of answers only status and length are read.
func hammer(ctx context.Context, s scene, conns int, d time.Duration) (load, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	all := make([]*caller, conns)
	for i := range all {
		c, err := net.Dial("tcp", s.addr)
		if err != nil {
			return load{}, err
		}
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(d + time.Minute))
		all[i] = &caller{conn: c, in: bufio.NewReaderSize(c, 64<<10)}
	}
	var counting, stopped atomic.Bool
	var wg sync.WaitGroup
	for i, c := range all {
		wg.Go(func() {
			for n := 0; !stopped.Load(); n++ {
				from := time.Now()
				if err := c.ask(s.ask(i, n), s.want); err != nil {
					cancel(fmt.Errorf("connection %d, request %d: %w", i, n, err))
					return
				}
				if counting.Load() {
					c.took = append(c.took, time.Since(from))
				}
			}
		})
	}
	pause(ctx, min(d/4, 500*time.Millisecond)) // warm up
	counting.Store(true)
	before, took := processorTime(s.pid), stopwatch()
	pause(ctx, d)
	counting.Store(false)
	elapsed, used := took(), processorTime(s.pid)-before
	stopped.Store(true)
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return load{}, err
	}
	var times []time.Duration
	for _, c := range all {
		times = append(times, c.took...)
	}
	if len(times) == 0 {
		return load{}, errors.New("no answer came in time")
	}
	return load{
		rate: float64(len(times)) / elapsed.Seconds(), cpu: float64(used.Microseconds()) / float64(len(times)), p99: quantile(times, 0.99),
	}, nil
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// caller is one connection.
type caller struct {
	conn net.Conn
	in   *bufio.Reader
	took []time.Duration
}

func (c *caller) ask(request []byte, want int) error {
	if _, err := c.conn.Write(request); err != nil {
		return err
	}
	status, length, err := c.head()
	if err != nil {
		return err
	}
	if status != want {
		var b bytes.Buffer
		_, _ = io.CopyN(&b, c.in, min(max(0, length), 300))
		return fmt.Errorf("status %d, want %d: %s", status, want, b.String())
	}
	if length >= 0 {
		_, err = c.in.Discard(int(length))
		return err
	}
	return c.chunks()
}

// head reads status line and headers; length is -1 for a body in chunks.
func (c *caller) head() (status int, length int64, err error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, 0, err
	}
	if len(line) < 12 {
		return 0, 0, fmt.Errorf("answer begins with %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, 0, err
	}
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return status, 0, err
		}
		if len(line) <= 2 {
			return status, length, nil
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case len(name) == 14 && bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64); err != nil {
				return status, 0, err
			}
		case len(name) == 17 && bytes.EqualFold(name, []byte("Transfer-Encoding")):
			length = -1
		}
	}
}

func (c *caller) chunks() error {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 64)
		if err != nil {
			return err
		}
		if _, err := c.in.Discard(int(n) + 2); err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
	}
}

// request writes a request as it goes over the wire. headers come in pairs.
func request(method, path, host, body string, headers ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, host)
	for i := 0; i+1 < len(headers); i += 2 {
		fmt.Fprintf(&b, "%s: %s\r\n", headers[i], headers[i+1])
	}
	if body != "" {
		fmt.Fprintf(&b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n" + body)
	return b.Bytes()
}

// duel lets two scenes take turns and gives the loads of each.
func (b *bench) duel(ctx context.Context, what string, ours, theirs scene) (us, them []load, err error) {
	d := time.Duration(b.seconds * float64(time.Second))
	for n := range b.rounds {
		order := []*[]load{&us, &them}
		scenes := []scene{ours, theirs}
		if n%2 == 1 {
			order[0], order[1], scenes[0], scenes[1] = order[1], order[0], scenes[1], scenes[0]
		}
		for i, s := range scenes {
			finish := b.profiled(ctx, what, s)
			l, err := hammer(ctx, s, b.conns, d)
			if err = errors.Join(err, finish()); err != nil {
				return nil, nil, fmt.Errorf("%s at %s: %w", what, s.addr, err)
			}
			*order[i] = append(*order[i], l)
			if b.verbose {
				fmt.Printf("  %s, %s: %.0f/s, %.0f µs of processor each, p99 %v\n", what, s.addr, l.rate, l.cpu, l.p99.Round(time.Microsecond))
			}
		}
	}
	return us, them, nil
}

// profiled takes a profile of the server while it is under load; finish waits for it.
func (b *bench) profiled(ctx context.Context, what string, s scene) (finish func() error) {
	if b.profile == "" || s.admin == "" {
		return func() error { return nil }
	}
	name := strings.Map(func(r rune) rune {
		if r == ' ' || r == '/' {
			return '-'
		}
		return r
	}, strings.TrimLeft(strings.Split(what, ";")[0], "— "))
	done := make(chan error, 1)
	go func() {
		pause(ctx, 300*time.Millisecond)
		done <- save(ctx, fmt.Sprintf("%s/debug/pprof/profile?seconds=%.0f", s.admin, max(1, b.seconds)), filepath.Join(b.profile, name+".pprof"))
	}()
	return func() error { return <-done }
}

func save(ctx context.Context, url, path string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o600)
}

// versus adds a duel to the table: the ratio of rates, and of processor time when known.
func (b *bench) versus(what string, us, them []load, goal float64) {
	b.table.ratio(what, "/s", pick(us, func(l load) float64 { return l.rate }), pick(them, func(l load) float64 { return l.rate }), goal)
	ours, theirs := pick(us, func(l load) float64 { return l.cpu }), pick(them, func(l load) float64 { return l.cpu })
	b.table.rows = append(b.table.rows, row{
		what: "— processor time of the server", ours: figure(median(ours), "µs"), theirs: figure(median(theirs), "µs"),
		ratio: median(pairwise(theirs, ours)),
	})
}

func pick(list []load, of func(load) float64) []float64 {
	var out []float64
	for _, l := range list {
		out = append(out, of(l))
	}
	return out
}
