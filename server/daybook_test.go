package server_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/domain/observatory/live"
	"zhijian/domain/payment"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/server"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// lives writes the events of n cases of three residents in two cities, each paid, rated twice, and every third refused.
func lives(t *testing.T, db *sqldb.DB, n int) {
	t.Helper()
	for i := range n {
		no := fmt.Sprintf("C%03d", i)
		meta := event.Meta{Actor: "system", Region: []string{"330100", "110000"}[i%2], Service: "traffic-fine-payment"}
		s := cases.Subject{No: no, Resident: int64(1 + i%3)}
		o := payment.Subject{No: "P" + no, For: payment.For{Kind: "cases", No: no}, Amount: 200}
		b := booking.Subject{No: "B" + no, For: booking.For{Kind: "cases", No: no}}
		said := []event.Body{
			cases.OpenedEvent{Meta: meta, Subject: s, Channel: cases.ByPage, Level: i % 5},
			cases.AnsweredEvent{Meta: meta, Subject: s},
			cases.HeardEvent{Meta: meta, Subject: s, Effect: "ask", Outcome: []string{"answered", "down"}[i%2]},
		}
		if i%3 == 0 {
			said = append(said, cases.RefusedEvent{Meta: meta, Subject: s, Took: 3000})
		} else {
			said = append(said, cases.DoneEvent{Meta: meta, Subject: s, Took: int64(i) * 1000, Due: clock.Millis(time.Now().Add(time.Hour))})
		}
		said = append(said, cases.RatedEvent{Meta: meta, Subject: s, Stars: 5}, cases.RatedEvent{Meta: meta, Subject: s, Stars: 3, Was: 5})
		for key, list := range map[string][]event.Body{
			no: said, o.No: {payment.PaidEvent{Meta: meta, Subject: o}}, b.No: {booking.ConfirmedEvent{Meta: meta, Subject: b}},
			"searches/330100": {live.Searched{Meta: event.Meta{Region: "330100"}, Searches: 3, Unmet: 1}},
		} {
			if err := db.Write(t.Context(), func(tx *sqldb.Tx) error { return tx.Append(key, list...) }); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// told gives every event of the log several times, in disorder.
func told(t *testing.T, db *sqldb.DB) (list []event.Event) {
	t.Helper()
	for shard := range event.Shards {
		some, err := store.Facts{DB: db}.After(t.Context(), shard, 0, 100_000)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, some...)
	}
	list = append(list, list...)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// total adds a metric up over all facts.
func total(t *testing.T, db *sqldb.DB, metric string) (n int64) {
	t.Helper()
	list, err := store.Facts{DB: db}.Days(t.Context(), 0, 9999_99_99)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.Metric == metric {
			n += f.N
		}
	}
	return n
}

// TestFactsExactlyOnce: deliveries that come twice, late, in disorder and side by side count every event once; counting the log again gives
// the same, also after months were rolled up and people were dropped.
func TestFactsExactlyOnce(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		const n = 30
		lives(t, db, n)
		book, list := server.NewDaybook(db), told(t, db)
		for i, e := range list[:12] { // counts that are cut off at any moment, as by a death of the process
			ctx, cut := context.WithTimeout(t.Context(), time.Duration(i)*200*time.Microsecond)
			_ = book.On(ctx, e)
			cut()
		}
		var all sync.WaitGroup
		errs := make(chan error, len(list))
		for part := range 4 {
			all.Go(func() {
				for i := part; i < len(list); i += 4 {
					errs <- book.On(context.Background(), list[i])
				}
			})
		}
		all.Wait()
		close(errs)
		for err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
		for metric, want := range map[string]int64{
			"opened": n, "steps": n, "done": 20, "refused": 10, "promised": 20, "kept": 20, "office_calls": n, "office_failed": 15, "paid": n, "fen": 200 * n,
			"booked": n, "rated": n, "rating_sum": 3 * n, "satisfied": 0, "searches": 3 * n, "unmet": n, "took.5": 10 + 2,
		} {
			if got := total(t, db, metric); got != want {
				t.Errorf("%s is %d, want %d", metric, got, want)
			}
		}
		equal := func(people int) {
			t.Helper()
			r, err := book.Verify(t.Context())
			if err != nil || r.Difference != "" || r.Events == 0 || r.People != people {
				t.Errorf("%+v %v", r, err)
			}
		}
		equal(6) // three residents in each of two cities
		facts := store.Facts{DB: db}
		before, month := total(t, db, "opened"), live.Day(time.Now())/100+1
		for range 2 { // once more changes nothing
			if err := facts.RollUp(t.Context(), month); err != nil {
				t.Fatal(err)
			}
			if err := facts.DropPeople(t.Context(), month); err != nil {
				t.Fatal(err)
			}
		}
		equal(0)
		days, err := facts.Days(t.Context(), 0, 9999_99_99)
		if err != nil || total(t, db, "opened") != before {
			t.Error("rolling up changed a sum", err)
		}
		for _, f := range days {
			if f.Day%100 != 0 {
				t.Errorf("%v was not rolled up", f)
			}
		}
		crowds, err := facts.Crowds(t.Context(), 0, month)
		if err != nil || len(crowds) != 2 || crowds[0].People != 3 {
			t.Errorf("crowds %v, %v", crowds, err)
		}
	})
}

// TestFactsVerifyFindsWhatWasChanged: a single row that is wrong, missing or too many is named.
func TestFactsVerifyFindsWhatWasChanged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ change, says string }{
		"a number":       {`update fact_day set value = value + 1 where metric = 'paid' and region = '110000' and level = 1`, "city 110000, service traffic-fine-payment, channel page, level 1, paid: is 2, the log says 1"},
		"a row too few":  {`delete from fact_day where metric = 'searches'`, "searches: is 0, the log says 12"},
		"a row too many": {`insert into fact_day (day, region, service, channel, level, metric, value) values (20200101, '330100', '', '', 0, 'opened', 5)`, "day 20200101, city 330100, service none, channel none, level 0, opened: is 5, the log says 0"},
		"a stranger":     {`insert into fact_person (month, region, service, resident) values (202001, '330100', 's', 9)`, "resident 9 is kept"},
		"one missing":    {`delete from fact_person where resident = 2`, "resident 2 is missing"},
		"a wrong crowd":  {`insert into fact_crowd (month, region, service, people) values (202001, '330100', 's', 9)`, "9 people are noted, the log says 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := testkit.Database(t)
			lives(t, db, 4)
			book := server.NewDaybook(db)
			for _, e := range told(t, db) {
				if err := book.On(t.Context(), e); err != nil {
					t.Fatal(err)
				}
			}
			err := db.Write(t.Context(), func(tx *sqldb.Tx) error { _, err := tx.Exec(c.change); return err })
			if err != nil {
				t.Fatal(err)
			}
			if r, err := book.Verify(t.Context()); err != nil || !strings.Contains(r.Difference, c.says) {
				t.Errorf("%q (%v), want %q", r.Difference, err, c.says)
			}
		})
	}
}
