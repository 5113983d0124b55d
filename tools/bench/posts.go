package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"zhijian/store/visitlog"
	"zhijian/store/visitlog/ndjson"
	"zhijian/store/visitlog/stream"
)

// countServerCommand starts this program as the bare server that posting visits is measured against.
const countServerCommand = "count-server"

const (
	visitsPath   = "/api/v1/observatory/visits"
	visitsKey    = "a-key-for-the-bench-0123456789abcdef"
	linesPerPost = 1_000_000
	postsAtOnce  = 2
)

// The readers that a bare server can have.
const (
	readByJSON = "json" // encoding/json, what anybody would begin with
	readByOurs = "ours" // the reader of the house
)

// fillers give a function that reads the next visits of a body.
var fillers = map[string]func(io.Reader) func([]visitlog.Visit) (int, error){
	readByOurs: func(body io.Reader) func([]visitlog.Visit) (int, error) {
		return ndjson.NewReader(body, nil, func(uint64, error) {}).Fill
	},
	readByJSON: func(body io.Reader) func([]visitlog.Visit) (int, error) {
		lines := bufio.NewScanner(body)
		return func(lot []visitlog.Visit) (n int, err error) {
			for ; n < len(lot) && lines.Scan(); n++ {
				var v struct {
					At                    int64
					Account, Person, City uint32
					Service               uint16
					Kind                  string
					Channel, Level        uint8
				}
				if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
					return n, err
				}
				lot[n] = visitlog.Visit{
					At: v.At, Account: v.Account, Person: v.Person, City: v.City, Service: v.Service, Kind: ndjson.Kinds[v.Kind], Channel: v.Channel, Level: v.Level,
				}
			}
			return n, lines.Err()
		}
	},
}

// serveCounts is net/http and nothing else around a reader of lines: it counts by account, in memory, and forgets.
func serveCounts(reader string, out io.Writer) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var mu sync.Mutex
	totals := map[uint32]uint64{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+visitsPath, func(w http.ResponseWriter, r *http.Request) {
		fill := fillers[reader](r.Body)
		lot := make([]visitlog.Visit, visitlog.MaxCall)
		accepted := uint64(0)
		for {
			n, err := fill(lot)
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			mu.Lock()
			for _, v := range lot[:n] {
				totals[v.Account]++
			}
			mu.Unlock()
			accepted += uint64(n)
			if n < len(lot) {
				break
			}
		}
		_ = json.NewEncoder(w).Encode(map[string]uint64{"accepted": accepted})
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	if _, err := fmt.Fprintln(out, l.Addr()); err != nil {
		return err
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return server.Close()
	}
}

// parcel is a body: a part of the file of lines.
type parcel struct {
	from, size int64
	lines      uint64
}

// writeLines writes the stream as lines and gives the bodies they are posted in.
func writeLines(s *stream.Stream, path string) (posts []parcel, err error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<20)
	buf := make([]visitlog.Visit, 10_000) // a body is a whole number of them
	var line []byte
	var at int64
	for n := uint64(0); n < s.Len(); {
		if n%linesPerPost == 0 {
			posts = append(posts, parcel{from: at})
		}
		p := &posts[len(posts)-1]
		k := s.Fill(buf, n)
		for _, v := range buf[:k] {
			line = ndjson.Append(line[:0], v)
			p.size += int64(len(line))
			if _, err := out.Write(line); err != nil {
				return nil, err
			}
		}
		p.lines += uint64(k)
		at = p.from + p.size
		n += uint64(k)
	}
	return posts, out.Flush()
}

// sendAll posts all bodies, a few at once, and fails when a line is not accepted.
func sendAll(ctx context.Context, base string, f *os.File, posts []parcel) error {
	next := make(chan parcel, len(posts))
	for _, p := range posts {
		next <- p
	}
	close(next)
	errs := make([]error, postsAtOnce)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			for p := range next {
				if errs[i] = sendOne(ctx, base, f, p); errs[i] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func sendOne(ctx context.Context, base string, f *os.File, p parcel) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+visitsPath, io.NewSectionReader(f, p.from, p.size))
	if err != nil {
		return err
	}
	r.ContentLength = p.size
	r.Header.Set("Authorization", "Bearer "+visitsKey)
	r.Header.Set("Idempotency-Key", fmt.Sprint("body ", p.from))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var got struct{ Accepted uint64 }
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil || answer.StatusCode != http.StatusOK || got.Accepted != p.lines {
		return fmt.Errorf("posted %d visits: status %d, %d accepted, %w", p.lines, answer.StatusCode, got.Accepted, err)
	}
	return nil
}

// postVisits has a house and the bare server take turns with the same lines. Ours is done when all are on disk and counted by the fold.
func (b *bench) postVisits(ctx context.Context) error {
	s, err := stream.New(stream.Config{Visits: b.posted})
	if err != nil {
		return err
	}
	path := filepath.Join(b.dir, "visits.ndjson")
	posts, err := writeLines(s, path)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = errors.Join(f.Close(), os.Remove(path)) }()
	var house, plain, quick spent
	for round := range b.rounds {
		dir := filepath.Join(b.dir, fmt.Sprint("posted-", round))
		if err := house.note(b.postToHouse(ctx, f, posts, s.Len(), dir)); err != nil {
			return err
		}
		if err := plain.note(postToBare(ctx, readByJSON, f, posts)); err != nil {
			return err
		}
		if err := quick.note(postToBare(ctx, readByOurs, f, posts)); err != nil {
			return err
		}
	}
	what := fmt.Sprintf("%d visits posted as NDJSON over HTTP, on disk and counted", s.Len())
	b.table.share(what+"; against net/http that reads them by encoding/json and counts", "s", house.clock, plain.clock, 120.0/67)
	b.table.share("— processor time of the server", "s", house.used, plain.used, 0)
	b.table.share("— against net/http with our reader, nothing kept", "s", house.clock, quick.clock, 0)
	b.table.share("— processor time of the server", "s", house.used, quick.used, 0)
	b.table.report("— visits a second", "/s", float64(s.Len())/median(house.clock))
	return nil
}

// spent are the seconds that rounds took, by the clock and of processors' time.
type spent struct{ clock, used []float64 }

func (s *spent) note(clock, used float64, err error) error {
	s.clock, s.used = append(s.clock, clock), append(s.used, used)
	return err
}

func postToBare(ctx context.Context, reader string, f *os.File, posts []parcel) (seconds, used float64, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, 0, err
	}
	p, err := launch(ctx, nil, self, countServerCommand, reader)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	took := stopwatch()
	err = sendAll(ctx, "http://"+strings.TrimSpace(string(p.line)), f, posts)
	return took().Seconds(), processorTime(p.pid()).Seconds(), err
}

func (b *bench) postToHouse(ctx context.Context, f *os.File, posts []parcel, all uint64, dir string) (seconds, used float64, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, 0, err
	}
	keys := filepath.Join(dir, "visit-keys")
	if err := os.WriteFile(keys, []byte("bench "+visitsKey+"\n"), 0o400); err != nil {
		return 0, 0, err
	}
	p, err := launch(ctx, nil, b.binary, "serve", "--data", filepath.Join(dir, "data"), "--addr", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--json", "--visit-keys", keys)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, p.stop(), os.RemoveAll(dir)) }()
	var ready struct {
		Base  string `json:"base_url"`
		Admin string `json:"admin_url"`
	}
	if err := json.Unmarshal(p.line, &ready); err != nil {
		return 0, 0, err
	}
	took, before := stopwatch(), processorTime(p.pid())
	if err := sendAll(ctx, ready.Base, f, posts); err != nil {
		return 0, 0, err
	}
	err = until(ctx, 20*time.Millisecond, 10*time.Minute, func() (bool, error) {
		n, err := foldedBy(ctx, ready.Admin)
		return n == all, err
	})
	return took().Seconds(), (processorTime(p.pid()) - before).Seconds(), err
}

// foldedBy asks the house's metrics how many visits are counted.
func foldedBy(ctx context.Context, admin string) (n uint64, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, admin+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "zhijian_visits_folded "); ok {
			var v float64
			_, err := fmt.Sscan(text, &v)
			return uint64(v), err
		}
	}
	return 0, errors.Join(errors.New("the house does not say how many visits are counted"), lines.Err())
}
