package visitlog

import (
	"cmp"
	"context"
	"maps"
	"slices"
)

// Monthly is what a group of accounts had in a month.
type Monthly struct {
	Month  Month
	Group  uint32
	Visits [kindSlots]uint64 // by kind, that of kind k at k-1
	People uint64            // different ones, of all its accounts together
}

// Of gives the visits of one kind.
func (m Monthly) Of(k Kind) uint64 { return m.Visits[k-1] }

// All gives the visits of all kinds.
func (m Monthly) All() (n uint64) {
	for _, v := range m.Visits {
		n += v
	}
	return n
}

// Months gives, for each grouping, every group in each month of the span in which it was visited, by month and group. All numbers are of
// one instant: a fold goes on counting meanwhile, but is not saved before Months returns.
func (f *Fold) Months(ctx context.Context, span Span, by ...Grouping) ([][]Monthly, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	lists := make([][]Monthly, len(by))
	for i, g := range by {
		var err error
		if lists[i], err = f.months(ctx, span, g); err != nil {
			return nil, err
		}
	}
	return lists, nil
}

// months is asked under f.mu.
func (f *Fold) months(ctx context.Context, span Span, by Grouping) ([]Monthly, error) {
	type key struct {
		month Month
		group uint32
	}
	sums := map[key]*Monthly{}
	err := f.counts(ctx, ByAccount, func(c Count) error {
		month := c.Day.Month()
		group, in := by(c.Code)
		if !in || month < span.First || month > span.Last {
			return nil
		}
		k := key{month, group}
		if sums[k] == nil {
			sums[k] = &Monthly{Month: month, Group: group}
		}
		sums[k].Visits[c.Kind-1] += c.N
		return nil
	})
	if err != nil {
		return nil, err
	}
	months := map[Month]bool{}
	for k := range sums {
		months[k.month] = true
	}
	for _, m := range slices.Sorted(maps.Keys(months)) {
		groups, err := f.distinct(ctx, Span{m, m}, by)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			sums[key{m, g.Group}].People = g.People // whoever is counted as a person is counted as a visit
		}
	}
	list := make([]Monthly, 0, len(sums))
	for _, m := range sums {
		list = append(list, *m)
	}
	slices.SortFunc(list, func(a, b Monthly) int { return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Group, b.Group)) })
	return list, nil
}
