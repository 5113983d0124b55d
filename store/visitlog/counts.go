package visitlog

import "context"

// Count is how many visits of one kind there were on one day to one account, service, city, channel or level.
type Count struct {
	Code uint32
	Day  Day
	Kind Kind
	N    uint64
}

// Counts gives every counter of by that is not zero, ordered by code, day and kind. It stops at each's first error. A fold
// goes on counting meanwhile, but is not saved before Counts returns.
func (f *Fold) Counts(ctx context.Context, by By, each func(Count) error) error {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.counts(ctx, by, each)
}

// counts is asked under f.mu.
func (f *Fold) counts(ctx context.Context, by By, each func(Count) error) error {
	m, err := mergeRows(f.runs, by)
	if err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		ok, err := m.next()
		if err != nil || !ok {
			return err
		}
		for _, e := range m.row.entries {
			if err := each(countOf(m.row.code, e)); err != nil {
				return err
			}
		}
	}
}

func countOf(code uint32, e entry) Count {
	return Count{Code: code, Day: Day(e.slot / kindSlots), Kind: Kind(e.slot%kindSlots + 1), N: e.n}
}
