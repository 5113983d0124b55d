package visitlog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
)

// Report is what a recount found.
type Report struct {
	Visits  uint64 // counted again
	Deleted uint64 // counted by the fold and no longer in the logs
	Thinned []Day  // days that could be checked only for having counted too little
	Wrong   *Difference
}

// Difference is the first place where a recount gives another number.
type Difference struct {
	What     string // account, service, city, channel, level, or people
	Code     uint32 // the account for people
	Day      Day    // for people the month and 00
	Kind     Kind   // 0 for people
	Folded   uint64
	Recount  uint64
	Unlisted uint64 // people that the recount has and the fold has not
}

func (d *Difference) String() string {
	s := fmt.Sprintf("%s %d on %d", d.What, d.Code, d.Day)
	if d.Kind > 0 {
		s += fmt.Sprintf(", kind %d", d.Kind)
	}
	s += fmt.Sprintf(": counted %d, recounted %d", d.Folded, d.Recount)
	if d.Unlisted > 0 {
		s += fmt.Sprintf(", of whom %d were not known", d.Unlisted)
	}
	return s
}

var byNames = [byCount]string{"account", "service", "city", "channel", "level"}

// Verify counts what the logs still hold again, up to where the fold is, and compares every number and every set of people.
// Days of which a segment was deleted may have more in the fold than in the recount, never less. scratch is a folder for
// the recount, emptied before and after.
func (f *Fold) Verify(ctx context.Context, scratch Disk) (rep Report, err error) {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.usable(); err != nil {
		return rep, err
	}
	held, err := scratch.Lock()
	if err != nil {
		return rep, err
	}
	defer func() { err = errors.Join(err, wipe(scratch), held.Close()) }()
	if err := wipe(scratch); err != nil {
		return rep, err
	}
	again := &Fold{opt: f.opt, point: checkpoint{Version: checkpointVersion, Next: 1, Forgotten: f.point.Forgotten}}
	again.opt.Folder = scratch
	defer func() { err = errors.Join(err, again.closeRuns()) }()
	readers, err := f.rereaders()
	defer func() { err = errors.Join(err, closeAll(readers)) }()
	if err != nil {
		return rep, err
	}
	for _, r := range readers {
		rep.Deleted += r.at.Visits
	}
	if rep.Visits, err = again.count(ctx, readers); err != nil {
		return rep, err
	}
	rep.Thinned = slices.Clone(f.point.Thinned)
	if got := rep.Visits + rep.Deleted; got != f.point.visits() {
		return rep, fmt.Errorf("visitlog: the logs hold %d visits up to where %d are counted", got, f.point.visits())
	}
	rep.Wrong, err = f.compare(ctx, again.runs)
	return rep, err
}

// rereaders opens the logs at their beginning, to be read as far as they are counted.
func (f *Fold) rereaders() ([]*reader, error) {
	var list []*reader
	for _, p := range f.point.Nodes {
		i := slices.IndexFunc(f.opt.Logs, func(s Source) bool { n, err := nodeOf(s); return err == nil && n == p.Node })
		if i < 0 {
			return list, fmt.Errorf("visitlog: the log of node %d was counted and is not here", p.Node)
		}
		r, err := newReader(f.opt.Logs[i], p.Node, Position{})
		if err != nil {
			return list, err
		}
		r.limit, r.limed = p.Position, true
		list = append(list, r)
	}
	return list, nil
}

// wipe empties a scratch folder of what a fold keeps.
func wipe(d Disk) error {
	names, err := d.List()
	if err != nil {
		return err
	}
	for _, name := range names {
		if !isRun(name) && name != checkpointName && name != checkpointNew {
			continue
		}
		if err := d.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// compare gives the first difference between the fold and a recount.
func (f *Fold) compare(ctx context.Context, again []*run) (*Difference, error) {
	for by := range byCount {
		d, err := f.compareRows(ctx, by, again)
		if d != nil || err != nil {
			return d, err
		}
	}
	return f.compareLists(ctx, again)
}

// ordered is a sequence whose keys grow.
type ordered interface {
	next() (bool, error)
	key() uint64
}

func (m *rowMerge) key() uint64  { return uint64(m.row.code) }
func (m *listMerge) key() uint64 { return uint64(m.month)<<32 | uint64(m.list.account) }

// alongside goes through a and b together, key by key, until each gives a difference or an error.
func alongside(ctx context.Context, a, b ordered, each func(inA, inB bool) (*Difference, error)) (*Difference, error) {
	moreA, err := a.next()
	moreB, errB := b.next()
	for err = errors.Join(err, errB); err == nil && (moreA || moreB); {
		inA := moreA && (!moreB || a.key() <= b.key())
		inB := moreB && (!moreA || b.key() <= a.key())
		if d, err := each(inA, inB); d != nil || err != nil {
			return d, err
		}
		if err = ctx.Err(); err == nil && inA {
			moreA, err = a.next()
		}
		if err == nil && inB {
			moreB, err = b.next()
		}
	}
	return nil, err
}

func (f *Fold) compareRows(ctx context.Context, by By, again []*run) (*Difference, error) {
	a, err := mergeRows(f.runs, by)
	if err != nil {
		return nil, err
	}
	b, err := mergeRows(again, by)
	if err != nil {
		return nil, err
	}
	return alongside(ctx, a, b, func(inA, inB bool) (*Difference, error) {
		var left, right []entry
		code := b.row.code
		if inA {
			code, left = a.row.code, a.row.entries
		}
		if inB {
			right = b.row.entries
		}
		d := f.compareEntries(left, right)
		if d != nil {
			d.What, d.Code = byNames[by], code
		}
		return d, nil
	})
}

// compareEntries gives the first slot in which the fold (a) and the recount (b) differ more than a deleted segment explains.
func (f *Fold) compareEntries(a, b []entry) *Difference {
	for len(a) > 0 || len(b) > 0 {
		var slot uint32
		var folded, recount uint64
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].slot < b[0].slot:
			slot, folded, a = a[0].slot, a[0].n, a[1:]
		case len(a) == 0 || b[0].slot < a[0].slot:
			slot, recount, b = b[0].slot, b[0].n, b[1:]
		default:
			slot, folded, recount, a, b = a[0].slot, a[0].n, b[0].n, a[1:], b[1:]
		}
		c := countOf(0, entry{slot: slot})
		_, thinned := slices.BinarySearch(f.point.Thinned, c.Day)
		if recount > folded || recount < folded && !thinned {
			return &Difference{Day: c.Day, Kind: c.Kind, Folded: folded, Recount: recount}
		}
	}
	return nil
}

// compareLists gives the first account and month whose people differ more than a deleted segment explains.
func (f *Fold) compareLists(ctx context.Context, again []*run) (*Difference, error) {
	thinned := map[Month]bool{}
	for _, d := range f.point.Thinned {
		thinned[d.Month()] = true
	}
	a, b := mergeLists(f.runs, nil), mergeLists(again, nil)
	var left, right []uint32
	return alongside(ctx, a, b, func(inA, inB bool) (*Difference, error) {
		left, right = left[:0], right[:0]
		account, month, ok := b.list.account, b.month, true
		if inA {
			account, month = a.list.account, a.month
			if left, ok = readList(left, a.list.data, int(a.list.n)); !ok {
				return nil, fmt.Errorf("visitlog: people of account %d in %d cannot be read", account, month)
			}
		}
		if inB {
			if right, ok = readList(right, b.list.data, int(b.list.n)); !ok {
				return nil, fmt.Errorf("visitlog: recounted people of account %d in %d cannot be read", account, month)
			}
		}
		unlisted := missing(left, right)
		if unlisted == 0 && (len(left) == len(right) || thinned[month]) {
			return nil, nil
		}
		return &Difference{
			What: "people", Code: account, Day: Day(month) * 100,
			Folded: uint64(len(left)), Recount: uint64(len(right)), Unlisted: unlisted,
		}, nil
	})
}

// missing counts what of some is not in all. Both are sorted.
func missing(all, some []uint32) (n uint64) {
	for _, v := range some {
		for len(all) > 0 && all[0] < v {
			all = all[1:]
		}
		if len(all) == 0 || all[0] != v {
			n++
		}
	}
	return n
}
