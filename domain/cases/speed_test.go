package cases_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/payment"
	"zhijian/ground/clock"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// BenchmarkFineSteps measures the five durable steps of a fine (open, plate, choice, check, payment notice) with 16
// residents at once: what a resident waits for, without the offices. Goal: mean at most 25 ms, p99 at most 120 ms.
func BenchmarkFineSteps(b *testing.B) {
	h := newHouse(b, testkit.Database(b))
	var mu sync.Mutex
	var took []time.Duration
	timed := func(step func() error) {
		watch := clock.Stopwatch()
		if err := step(); err != nil {
			b.Error(err)
		}
		mu.Lock()
		took = append(took, watch())
		mu.Unlock()
	}
	for b.Loop() {
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() { h.walk(b, i, timed) })
		}
		wg.Wait()
		h.clock.Advance(25 * time.Hour)
	}
	slices.Sort(took)
	var sum time.Duration
	for _, d := range took {
		sum += d
	}
	b.ReportMetric(float64(sum.Microseconds())/float64(len(took))/1000, "ms/step")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms/p99")
}

// walk takes one resident through the five steps; what the house does between them is not measured.
func (h *house) walk(b *testing.B, i int, timed func(func() error)) {
	ctx := b.Context()
	w := h.who([]int{0, 6, 7, 8, 9}[i%5])
	var c cases.Case
	var s cases.Shown
	timed(func() (err error) {
		c, err = h.desk.Open(ctx, w.Actor, cases.Opening{City: hangzhou, Service: "electricity-bill-payment"})
		return err
	})
	last := h.follow(ctx, b, c.No, nil)
	answer := func(pick func(s cases.Shown) map[string][]string) {
		s = h.show(w, c.No)
		values := pick(s)
		timed(func() error { _, err := h.desk.Answer(ctx, w, c.No, s.View.Step, values); return err })
		last = h.follow(ctx, b, c.No, last)
	}
	answer(func(s cases.Shown) map[string][]string {
		return map[string][]string{s.View.Fields[0].Name: {h.world.Residents()[i].Electricity[:8] + "03"}}
	})
	answer(func(s cases.Shown) map[string][]string {
		if len(s.View.Items) == 0 {
			return nil
		}
		return map[string][]string{s.View.Name: {s.View.Items[0].Value}}
	})
	answer(func(cases.Shown) map[string][]string { return nil })
	s = h.show(w, c.No)
	if s.Order == nil {
		return
	}
	timed(func() error {
		_, err := h.payment.Settle(ctx, channelActor, payment.Notice{
			No: s.Order.No, Outcome: payment.OutcomePaid, Transaction: "T" + s.Order.No, Amount: s.Order.Amount, Currency: "CNY", At: h.clock.Now(),
		})
		return err
	})
}

// follow delivers the events of one case to the room, until there are no new ones.
func (h *house) follow(ctx context.Context, b *testing.B, no string, seen map[int64]bool) map[int64]bool {
	if seen == nil {
		seen = map[int64]bool{}
	}
	for more := true; more; {
		more = false
		rows, err := h.db.Query(ctx, `select `+sqldb.EventColumns+` from event where key = $1 order by position`, no)
		if err != nil {
			b.Fatal(err)
		}
		list, err := sqldb.ScanEvents(rows)
		if err != nil {
			b.Fatal(err)
		}
		for _, e := range list {
			if seen[e.ID] {
				continue
			}
			seen[e.ID], more = true, true
			for _, x := range h.desk.Handlers() {
				if slices.Contains(x.Names, e.Name) {
					if err := x.Handle(ctx, e); err != nil {
						b.Error(err)
					}
				}
			}
		}
	}
	return seen
}
