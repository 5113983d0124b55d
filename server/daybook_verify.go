package server

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"zhijian/domain/observatory/live"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
	"zhijian/store"
)

// FactsReport is what counting the whole log again found.
type FactsReport struct {
	Events     int64  // that the facts have counted
	Facts      int    // rows
	People     int    // residents kept, by month and service
	Difference string // the first one, in a sentence; "" when all is equal
}

// errMoving says that the house went on counting while it was being recounted.
var errMoving = errors.New("the house goes on counting: verify its facts while it stands still, or try again")

// VerifyFacts counts the event log again, up to where the facts have come, and compares every number and every set of people with
// the tables. Months that were rolled up are compared as months, months whose people were dropped by how many they were.
func VerifyFacts(ctx context.Context, c Config) (r FactsReport, err error) {
	defer fault.Wrap(&err, "verify the facts")
	h := &House{c: c, ids: &uid.Maker{Clock: c.Clock}}
	if err := h.openDatabase(ctx); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, h.db.Close()) }()
	return newDaybook(store.Facts{DB: h.db}).verify(ctx)
}

func (d daybook) verify(ctx context.Context) (r FactsReport, err error) {
	upTo, err := d.store.Cursors(ctx)
	if err != nil {
		return r, err
	}
	kept, err := d.store.Days(ctx, 0, 9999_99_99)
	if err != nil {
		return r, err
	}
	persons, err := d.store.Persons(ctx)
	if err != nil {
		return r, err
	}
	dropped, err := d.store.Dropped(ctx)
	if err != nil {
		return r, err
	}
	now := live.NewSum()
	for shard, end := range upTo {
		r.Events += end
		if err := d.recount(ctx, now, shard, end); err != nil {
			return r, err
		}
	}
	if again, err := d.store.Cursors(ctx); err != nil || again != upTo {
		return r, errors.Join(err, errMoving)
	}
	r.Facts, r.People = len(kept), len(persons)
	if r.Difference = factsDiffer(kept, now); r.Difference == "" {
		r.Difference = peopleDiffer(persons, dropped, now)
	}
	return r, nil
}

func (d daybook) recount(ctx context.Context, sum *live.Sum, shard int, end int64) error {
	cases := newCaseBook(d.store)
	for at := int64(0); at < end; {
		list, err := d.store.After(ctx, shard, at, foldLot)
		if err != nil {
			return err
		}
		list = list[:min(len(list), int(end-at))]
		if len(list) == 0 {
			return fmt.Errorf("shard %d of the log ends at %d, the facts count up to %d", shard, at, end)
		}
		if err := d.count(ctx, sum, cases, list); err != nil {
			return err
		}
		at = list[len(list)-1].Position
	}
	return nil
}

// factsDiffer names the first fact that is not what the log says; "" when all are equal.
func factsDiffer(kept []live.Fact, now *live.Sum) string {
	rolled := map[int32]bool{}
	for _, f := range kept {
		if f.Day%100 == 0 {
			rolled[f.Day/100] = true
		}
	}
	fold := func(k live.Key) live.Key {
		if rolled[k.Day/100] {
			k.Day = k.Day / 100 * 100
		}
		return k
	}
	have, want := map[live.Key]int64{}, map[live.Key]int64{}
	keys := map[live.Key]bool{}
	for _, f := range kept {
		have[fold(f.Key)] += f.N
		keys[fold(f.Key)] = true
	}
	for k, n := range now.Facts {
		want[fold(k)] += n
		keys[fold(k)] = true
	}
	var wrong []live.Key
	for k := range keys {
		if have[k] != want[k] {
			wrong = append(wrong, k)
		}
	}
	if len(wrong) == 0 {
		return ""
	}
	first := slices.MinFunc(wrong, func(a, b live.Key) int { return a.Compare(b) })
	return fmt.Sprintf("%s: is %d, the log says %d", first, have[first], want[first])
}

// peopleDiffer names the first service and month whose people are not those that the log names; "" when all are equal.
func peopleDiffer(kept []live.Person, dropped []live.Crowd, now *live.Sum) string {
	gone := map[int32]bool{}
	for _, c := range dropped {
		gone[c.Month] = true
	}
	counted := map[live.Crowd]int64{}
	for p := range now.People {
		if gone[p.Month] {
			counted[live.Crowd{Month: p.Month, Region: p.Region, Service: p.Service}]++
		}
	}
	for _, c := range dropped {
		key := live.Crowd{Month: c.Month, Region: c.Region, Service: c.Service}
		n := counted[key]
		delete(counted, key)
		if n != c.People {
			return fmt.Sprintf("month %d, city %s, service %s: %d people are noted, the log says %d", c.Month, c.Region, c.Service, c.People, n)
		}
	}
	for c, n := range counted {
		return fmt.Sprintf("month %d, city %s, service %s: nobody is noted, the log says %d", c.Month, c.Region, c.Service, n)
	}
	have := map[live.Person]bool{}
	for _, p := range kept {
		have[p] = true
		if _, ok := now.People[p]; !ok {
			return fmt.Sprintf("month %d, city %s, service %s: resident %d is kept, the log does not say so", p.Month, p.Region, p.Service, p.Resident)
		}
	}
	missing := live.Person{}
	for p := range now.People {
		if !gone[p.Month] && !have[p] && (missing == live.Person{} || p.Compare(missing) < 0) {
			missing = p
		}
	}
	if missing != (live.Person{}) {
		return fmt.Sprintf("month %d, city %s, service %s: resident %d is missing", missing.Month, missing.Region, missing.Service, missing.Resident)
	}
	return ""
}
