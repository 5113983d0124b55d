package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"zhijian/store/visitlog"
	"zhijian/store/visitlog/ndjson"
)

const (
	visitsKey  = "a-key-for-the-crash-loop-0123456789"
	posters    = 4
	checkEvery = 50 // kills
	smallPost  = 100
	midPost    = 3_000
	largePost  = 150_000 // more than two calls of the log
)

// posting is one body that somebody posts. All its visits are of one account of its own, so that it can be counted apart.
type posting struct {
	account uint32
	visits  int
	keyed   bool // sent again under its key until it is acknowledged
	acked   bool
}

// visitLedger is what the posters were told, kept outside the house.
type visitLedger struct {
	mu    sync.Mutex
	all   []*posting
	tries int
}

func (l *visitLedger) begin(p posting) *posting {
	l.mu.Lock()
	defer l.mu.Unlock()
	p.account = uint32(len(l.all) + 1)
	l.all = append(l.all, &p)
	return &p
}

func (l *visitLedger) note(p *posting, acked bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tries++
	p.acked = p.acked || acked
}

func (l *visitLedger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	acked, visits := 0, 0
	for _, p := range l.all {
		if p.acked {
			acked++
			visits += p.visits
		}
	}
	return fmt.Sprintf("%d postings sent %d times; %d acknowledged with %d visits", len(l.all), l.tries, acked, visits)
}

// crashVisits kills a house that takes visits and folds them, and recounts: what was acknowledged is there exactly once, what was not is
// there as a whole call or not at all, and the fold is what a recount of the log gives.
func crashVisits(ctx context.Context, o options, h *house) error {
	h.keys = filepath.Join(h.dir, "visit-keys")
	if err := os.WriteFile(h.keys, []byte("crash "+visitsKey+"\n"), 0o400); err != nil {
		return err
	}
	if err := h.pickAddress(ctx); err != nil {
		return err
	}
	if err := h.start(ctx); err != nil {
		return fmt.Errorf("the first start: %w", err)
	}
	l := &visitLedger{}
	work, end := context.WithCancel(ctx)
	var wg sync.WaitGroup
	for i := range posters {
		rnd := rand.New(rand.NewPCG(uint64(o.seed), uint64(i)))
		wg.Go(func() { l.post(work, h, rnd) })
	}
	killed, err := h.killAtRandom(ctx, o, l)
	end()
	wg.Wait()
	if err != nil {
		return errors.Join(err, h.kill())
	}
	fmt.Printf("%d kills; %s\n", killed, l)
	if err := h.stop(); err != nil {
		return fmt.Errorf("the last stop: %w", err)
	}
	return judgeVisits(ctx, h, l)
}

// killAtRandom ends lives of a few milliseconds to half a second, sometimes longer, in which the house starts, recovers, appends and folds.
func (h *house) killAtRandom(ctx context.Context, o options, l *visitLedger) (int, error) {
	rnd := rand.New(rand.NewPCG(uint64(o.seed), 7))
	for n := range o.kills {
		life := rnd.IntN(400)
		if rnd.IntN(8) == 0 {
			life = rnd.IntN(1500)
		}
		select {
		case <-ctx.Done():
			return n, ctx.Err()
		case <-time.After(time.Duration(life) * time.Millisecond):
		}
		if err := h.kill(); err != nil {
			return n, fmt.Errorf("kill %d: %w", n+1, err)
		}
		if (n+1)%checkEvery == 0 {
			said, err := h.recount(ctx)
			if err != nil {
				return n, fmt.Errorf("recount after kill %d: %w", n+1, err)
			}
			fmt.Printf("%d kills; %s. %s\n", n+1, l, said)
		}
		if err := h.start(ctx); err != nil {
			return n, fmt.Errorf("start after kill %d: %w", n+1, err)
		}
	}
	return o.kills, nil
}

// recount has the binary count the visit log of a house that is down again.
func (h *house) recount(ctx context.Context) (said string, err error) {
	out, err := exec.CommandContext(ctx, h.binary, "observatory", "verify", "--data", h.data()).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return strings.TrimSpace(string(out)), nil
}

// post posts until ctx ends.
func (l *visitLedger) post(ctx context.Context, h *house, rnd *rand.Rand) {
	for ctx.Err() == nil {
		p := posting{visits: 1 + rnd.IntN(smallPost)}
		switch rnd.IntN(24) {
		case 0:
			p.keyed, p.visits = true, 1+rnd.IntN(largePost)
		case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11:
			p.keyed, p.visits = true, 1+rnd.IntN(midPost)
		}
		one := l.begin(p)
		body := one.body()
		for ctx.Err() == nil {
			err := sendVisits(ctx, h, one, body)
			l.note(one, err == nil)
			if err == nil || !one.keyed {
				break
			}
			pause(ctx, 20*time.Millisecond)
		}
	}
}

// firstVisit is when postings begin: with last month. The longest lasts two days, and a house forgets the people of months long past.
var firstVisit = time.Date(time.Now().Year(), time.Now().Month()-1, 2, 0, 0, 0, 0, time.UTC).UnixMilli()

// visitAt is the nth visit of a posting: as many people as visits, so that each is missed by itself.
func (p *posting) visitAt(n int) visitlog.Visit {
	return visitlog.Visit{At: firstVisit + int64(n)*1000, Account: p.account, Person: uint32(n) + 1, City: 330100, Kind: visitlog.View, Channel: 1, Level: 3}
}

func (p *posting) body() []byte {
	var b []byte
	for n := range p.visits {
		b = ndjson.Append(b, p.visitAt(n))
	}
	return b
}

func sendVisits(ctx context.Context, h *house, p *posting, body []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.origin+"/api/v1/observatory/visits", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+visitsKey)
	if p.keyed {
		r.Header.Set("Idempotency-Key", fmt.Sprint("posting ", p.account))
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var got struct{ Accepted, Refused int }
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK || got.Accepted != p.visits || got.Refused != 0 {
		return fmt.Errorf("status %d, %d accepted", answer.StatusCode, got.Accepted)
	}
	return nil
}

// judgeVisits compares fold, log and ledger.
func judgeVisits(ctx context.Context, h *house, l *visitLedger) (err error) {
	said, err := h.recount(ctx)
	if err != nil {
		return err
	}
	d, err := visitlog.Folder(filepath.Join(h.data(), "visits", "fold"))
	if err != nil {
		return err
	}
	f, err := visitlog.OpenFold(ctx, visitlog.FoldOptions{Folder: d})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	lists, err := f.Months(ctx, visitlog.Span{First: 0, Last: 999_999}, func(account uint32) (uint32, bool) { return account, true })
	if err != nil {
		return err
	}
	got := map[uint32]visitlog.Monthly{}
	for _, m := range lists[0] {
		got[m.Group] = m
	}
	var wrong []string
	total, keyed := uint64(0), 0
	for _, p := range l.all {
		n := got[p.account]
		total += n.All()
		if p.keyed && p.acked {
			keyed++
		}
		if w := p.judge(n); w != "" {
			wrong = append(wrong, w)
		}
	}
	if total != f.Folded() {
		wrong = append(wrong, fmt.Sprintf("%d visits are of postings, %d are folded", total, f.Folded()))
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%d things are wrong:\n  %s", len(wrong), strings.Join(wrong, "\n  "))
	}
	if keyed < 10 {
		return fmt.Errorf("only %d postings with a key were acknowledged: the loop proved nothing", keyed)
	}
	fmt.Printf("%d starts. %s\n1 passed, 0 failed\n", h.starts, said)
	return nil
}

// judge says what is wrong with what is counted of a posting; all of its people must be there as well.
func (p *posting) judge(n visitlog.Monthly) string {
	visits := int(n.All())
	whole := visits == p.visits || visits == 0 || p.keyed && visits%visitlog.MaxCall == 0 && visits < p.visits
	switch {
	case p.acked && visits != p.visits:
		return fmt.Sprintf("posting %d was acknowledged with %d visits, %d are counted", p.account, p.visits, visits)
	case !whole:
		return fmt.Sprintf("posting %d has %d visits, %d are counted: neither whole calls nor nothing", p.account, p.visits, visits)
	case n.People != n.All():
		return fmt.Sprintf("posting %d has %d visits counted and %d people", p.account, visits, n.People)
	}
	return ""
}
