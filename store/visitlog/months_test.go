package visitlog_test

import (
	"cmp"
	"context"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"zhijian/store/visitlog"
)

// months counts the months of groups the plainest way.
func (m *model) months(span visitlog.Span, by func(uint32) (uint32, bool)) []visitlog.Monthly {
	type key struct {
		month visitlog.Month
		group uint32
	}
	sums := map[key]*visitlog.Monthly{}
	for c, n := range m.counts[visitlog.ByAccount] {
		g, in := by(c.Code)
		month := c.Day.Month()
		if !in || month < span.First || month > span.Last {
			continue
		}
		k := key{month, g}
		if sums[k] == nil {
			sums[k] = &visitlog.Monthly{Month: month, Group: g}
		}
		sums[k].Visits[c.Kind-1] += n
	}
	var list []visitlog.Monthly
	for k, s := range sums {
		for _, g := range m.distinct(visitlog.Span{First: k.month, Last: k.month}, by) {
			if g.Group == k.group {
				s.People = g.People
			}
		}
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b visitlog.Monthly) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Group, b.Group))
	})
	return list
}

func checkMonths(t *testing.T, f *visitlog.Fold, m *model, span visitlog.Span, by func(uint32) (uint32, bool)) {
	t.Helper()
	lists, err := f.Months(context.Background(), span, func(uint32) (uint32, bool) { return 0, false }, by)
	if err != nil || len(lists) != 2 || len(lists[0]) != 0 {
		t.Fatal(lists, err)
	}
	got := lists[1]
	want := m.months(span, by)
	if len(got)+len(want) > 0 && !gocmp.Equal(want, got) {
		t.Fatalf("months of %v: %s", span, gocmp.Diff(want, got))
	}
	for _, one := range got {
		sum := uint64(0)
		for k := visitlog.Kind(1); k <= 8; k++ {
			sum += one.Of(k)
		}
		if sum != one.All() || sum < one.People {
			t.Fatalf("%+v: kinds add up to %d, all is %d", one, sum, one.All())
		}
	}
}

func TestMonths(t *testing.T) {
	t.Parallel()
	m := newModel()
	d := folderAt(t, t.TempDir())
	l := mustOpen(t, options(d))
	f := mustFold(t, visitlog.FoldOptions{Folder: folderAt(t, t.TempDir()), Logs: []visitlog.Source{{Folder: d, Log: l}}})
	byTen := func(account uint32) (uint32, bool) { return account / 10, account < 1000 }
	for n := range uint32(30) {
		lot := call(n, 50)
		for i := range lot {
			lot[i].At += int64(n) * 11 * 24 * 3600 * 1000 // a year
		}
		mustAppend(t, l, lot)
		m.add(lot)
		if n%7 == 0 {
			mustRun(t, f)
			checkMonths(t, f, m, always, byTen)
		}
	}
	mustRun(t, f)
	for _, span := range []visitlog.Span{always, {First: 202606, Last: 202608}, {First: 202001, Last: 202002}} {
		checkMonths(t, f, m, span, byTen)
		checkMonths(t, f, m, span, func(uint32) (uint32, bool) { return 0, false })
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := f.Months(gone, always, byTen); err == nil {
		t.Error("answered after the context ended")
	}
	mustClose(t, f)
	mustClose(t, l)
}
