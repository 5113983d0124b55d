package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"sync"
	"time"

	"zhijian/api"
	"zhijian/ground/fault"
	"zhijian/store/visitlog"
	"zhijian/store/visitlog/ndjson"
)

const (
	// postingsAtOnce bounds memory: each has a lot of 2 MB and a buffer.
	postingsAtOnce = 4
	postingWait    = 5 * time.Second
	refusalsTold   = 20
)

// postings takes visits that others post. A posting goes into the log in lots of the most visits that one call takes; with a key,
// each lot is kept together with how far the posting has come, so that a repeated one goes on where the first ended.
type postings struct {
	visits *visits
	keys   visitKeys
	busy   chan struct{} // one place for each under way

	mu    sync.Mutex
	under map[visitlog.Delivery]bool // keys under way
}

// Holder implements api.Visits.
func (d *postings) Holder(key string) (string, error) { return d.keys.holder(key) }

// Take implements api.Visits.
func (d *postings) Take(ctx context.Context, in api.Delivery, body io.Reader) (api.Receipt, error) {
	log := d.visits.log
	if log == nil {
		return api.Receipt{}, fault.Unavailable("visits.damaged", "本平台的访问量记录正在修复，暂时不能接收，请稍后再发").Because(d.visits.why)
	}
	if err := d.enter(ctx); err != nil {
		return api.Receipt{}, err
	}
	defer func() { <-d.busy }()
	p := &posting{log: log}
	p.lines = ndjson.NewReader(body, ownedByNobody, p.refuse)
	defer func() { d.visits.refused.Add(float64(p.lines.Refused())) }()
	if in.Key != "" {
		p.keyed(in.Holder, in.Key)
		if !d.begin(p.id) {
			return api.Receipt{}, fault.Conflict("visits.under_way", "同一个 Idempotency-Key 的内容正在接收，请等它结束")
		}
		defer d.end(p.id)
		p.last, p.known = log.Marked(p.id)
	}
	if in.Strict {
		return p.whole(ctx)
	}
	return p.take(ctx)
}

// enter waits a moment for a place.
func (d *postings) enter(ctx context.Context) error {
	wait := time.NewTimer(postingWait)
	defer wait.Stop()
	select {
	case d.busy <- struct{}{}:
		return nil
	case <-wait.C:
		return fault.TooMany("visits.busy", "同时发送访问量的太多，请稍后再发").After(postingWait)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *postings) begin(id visitlog.Delivery) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.under[id] {
		return false
	}
	d.under[id] = true
	return true
}

func (d *postings) end(id visitlog.Delivery) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.under, id)
}

// ownedByNobody refuses numbers that the house gives itself.
func ownedByNobody(l ndjson.Line) error {
	switch {
	case l.Account >= ownNumbers:
		return fmt.Errorf(`"account" is %d or more, which the platform gives itself`, ownNumbers)
	case l.Person >= ownNumbers:
		return fmt.Errorf(`"person" is %d or more, which the platform gives itself`, ownNumbers)
	case l.Service >= ownServices:
		return fmt.Errorf(`"service" is %d or more, which the platform gives itself`, ownServices)
	}
	return nil
}

// posting is one posting under way.
type posting struct {
	log      *visitlog.Log
	lines    *ndjson.Reader
	refusals []api.Refusal

	sum   hash.Hash // nil without a key
	id    visitlog.Delivery
	last  visitlog.Mark // what is in the log of it
	known bool
	kept  visitlog.Mark // how far this posting is known to be in the log
}

func (p *posting) keyed(holder, key string) {
	p.id = sha256.Sum256([]byte(holder + "\x00" + key))
	p.sum = sha256.New()
	p.lines.Summing(p.sum)
}

func (p *posting) refuse(line uint64, why error) {
	if len(p.refusals) < refusalsTold {
		p.refusals = append(p.refusals, api.Refusal{Line: line, Why: why.Error()})
	}
}

// take reads to the end, lot by lot. Where a lot ends depends on the body alone, so a repeated posting comes by the same places.
func (p *posting) take(ctx context.Context) (api.Receipt, error) {
	lot := make([]visitlog.Visit, visitlog.MaxCall)
	for {
		n, err := p.lines.Fill(lot)
		if err != nil {
			return api.Receipt{}, p.broken(err)
		}
		done := n < len(lot)
		if err := p.keep(ctx, lot[:n], done); err != nil {
			return api.Receipt{}, err
		}
		if done {
			return p.receipt(), nil
		}
	}
}

// whole takes all or nothing, in one lot.
func (p *posting) whole(ctx context.Context) (api.Receipt, error) {
	lot := make([]visitlog.Visit, visitlog.MaxCall)
	n, err := p.lines.Fill(lot)
	if err == nil && n == len(lot) {
		var one [1]visitlog.Visit
		if more, e := p.lines.Fill(one[:]); more > 0 {
			return api.Receipt{}, fault.Invalid("visits.strict_size", "strict=1 一次最多 %d 条访问，请分几次发送", visitlog.MaxCall)
		} else {
			err = e
		}
	}
	if err != nil {
		return api.Receipt{}, p.broken(err)
	}
	if p.lines.Refused() > 0 {
		first := p.refusals[0]
		return api.Receipt{}, fault.Invalid("visits.strict", "第 %d 行不是一条访问，按 strict=1 的要求全部没有记下，请改正后重发", first.Line).Because(errors.New(first.Why))
	}
	if err := p.keep(ctx, lot[:n], true); err != nil {
		return api.Receipt{}, err
	}
	return p.receipt(), nil
}

// keep puts a lot into the log, unless it is there already.
func (p *posting) keep(ctx context.Context, lot []visitlog.Visit, done bool) error {
	here := visitlog.Mark{Lines: p.lines.Lines(), Taken: p.lines.Taken(), Refused: p.lines.Refused(), Done: done}
	if p.sum == nil {
		err := p.log.Append(ctx, lot)
		return p.settled(here, err)
	}
	p.sum.Sum(here.Sum[:0])
	if p.known {
		switch {
		case here.Lines < p.last.Lines && !done:
			return nil // counted before; the next place to compare is ahead
		case here != p.last:
			return fault.Invalid("visits.other_body", "这个 Idempotency-Key 已经用于别的内容，请换一个")
		}
		p.kept = here
		p.known = here.Done // behind the place all is new
		return nil
	}
	return p.settled(here, p.log.AppendMarked(ctx, p.id, here, lot))
}

// settled notes what the log answered.
func (p *posting) settled(here visitlog.Mark, err error) error {
	switch {
	case err == nil:
		p.kept = here
		return nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return fault.Unavailable("visits.unsaved", "暂时存不下，已记下前 %d 行中的 %d 条。请稍后用同一个 Idempotency-Key 重发，不会重复计数", p.kept.Lines, p.kept.Taken).
		Because(err).After(postingWait)
}

// broken says that the body ended early, and how much of it is counted.
func (p *posting) broken(err error) error {
	// As text, so that the door does not put its own sentence about large bodies in place of this one.
	cause := errors.New(err.Error())
	return fault.Invalid("visits.broken", "内容没有传完、太多或已损坏，已记下前 %d 行中的 %d 条。请用同一个 Idempotency-Key 重发，不会重复计数", p.kept.Lines, p.kept.Taken).Because(cause)
}

func (p *posting) receipt() api.Receipt {
	return api.Receipt{
		Lines: p.lines.Lines(), Accepted: p.lines.Taken(), Refused: p.lines.Refused(), Refusals: p.refusals, Repeated: p.known,
		Simulated: p.lines.Simulated(),
	}
}
