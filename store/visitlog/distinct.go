package visitlog

import (
	"cmp"
	"context"
	"encoding/binary"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

// Span is a row of months, both ends included.
type Span struct{ First, Last Month }

// Group is a set of accounts and how many different people visited any of them.
type Group struct {
	Group    uint32
	Accounts int // that anyone known visited
	People   uint64
}

// Distinct counts the different people of each group of accounts over a span, exactly. by names the group of an account, or
// says that it is in none. Groups come in order. Unions are made of bits, 32 MB for 258 million people and worker.
func (f *Fold) Distinct(ctx context.Context, span Span, by func(account uint32) (group uint32, in bool)) ([]Group, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.distinct(ctx, span, by)
}

// distinct is asked under f.mu.
func (f *Fold) distinct(ctx context.Context, span Span, by func(account uint32) (group uint32, in bool)) ([]Group, error) {
	parts, err := f.parts(span, by)
	if err != nil {
		return nil, err
	}
	var jobs [][]part
	for len(parts) > 0 {
		n := 1
		for n < len(parts) && parts[n].group == parts[0].group {
			n++
		}
		jobs = append(jobs, parts[:n])
		parts = parts[n:]
	}
	// The largest first, so that the workers end together.
	weights := make(map[uint32]uint64, len(jobs))
	for _, j := range jobs {
		weights[j[0].group] = weigh(j)
	}
	slices.SortStableFunc(jobs, func(a, b []part) int { return cmp.Compare(weights[b[0].group], weights[a[0].group]) })
	out := make([]Group, len(jobs))
	errs := make([]error, sortWorkers)
	var next atomic.Int64
	var wg sync.WaitGroup
	for i := range sortWorkers {
		wg.Go(func() {
			u := union{}
			for n := int(next.Add(1)) - 1; n < len(jobs) && errs[i] == nil; n = int(next.Add(1)) - 1 {
				out[n], errs[i] = u.count(ctx, jobs[n])
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b Group) int { return cmp.Compare(a.Group, b.Group) })
	return out, nil
}

// part is one list of people of a group.
type part struct {
	group uint32
	body  *body
	extent
}

func weigh(parts []part) (n uint64) {
	for _, p := range parts {
		n += uint64(p.n)
	}
	return n
}

// body is the lists of one run that a question needs: in memory when they fit, read one by one when not.
type body struct {
	run   *run
	whole []byte
	off   int64
}

func (b *body) read(e extent) ([]byte, error) {
	if b.whole != nil {
		return b.whole[e.off-b.off:][:e.bytes], nil
	}
	data := make([]byte, e.bytes)
	_, err := b.run.file.ReadAt(data, e.off)
	return data, err
}

// parts gives the lists of the span ordered by group and account.
func (f *Fold) parts(span Span, by func(uint32) (uint32, bool)) ([]part, error) {
	var parts []part
	left := int64(f.opt.Memory)
	for _, r := range f.runs {
		lists := r.months(span.First, span.Last)
		if len(lists) == 0 {
			continue
		}
		b := &body{run: r, off: lists[0].off}
		last := lists[len(lists)-1]
		if size := last.off + int64(last.bytes) - b.off; size <= left {
			left -= size
			b.whole = make([]byte, size)
			if _, err := r.file.ReadAt(b.whole, b.off); err != nil {
				return nil, err
			}
		}
		for _, e := range lists {
			if g, in := by(e.account); in {
				parts = append(parts, part{g, b, e})
			}
		}
	}
	slices.SortFunc(parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.account, b.account))
	})
	return parts, nil
}

const (
	stripeBits  = 23 // people looked at together: a megabyte of bits stays in a processor's own cache
	stripeWords = 1 << (stripeBits - 6)
)

// union counts what is in any of several lists, one stripe of numbers after the other. One bit set over all 258 million
// numbers took up to twice as long, for nearly every bit was a cache miss. Its memory is kept between groups.
type union struct {
	words   []uint64
	touched []uint32 // words with a bit set, more than once perhaps
	lists   []listCursor
}

// listCursor goes through one list.
type listCursor struct {
	data  []byte
	value uint32 // the number it stands at
	left  int    // how many follow
}

func (u *union) count(ctx context.Context, parts []part) (Group, error) {
	g := Group{Group: parts[0].group}
	u.lists = u.lists[:0]
	for i, p := range parts {
		if i == 0 || p.account != parts[i-1].account {
			g.Accounts++
		}
		if len(parts) == 1 {
			g.People = uint64(p.n)
			return g, nil
		}
		if i%256 == 0 && ctx.Err() != nil {
			return g, ctx.Err()
		}
		data, err := p.body.read(p.extent)
		if err != nil {
			return g, err
		}
		c := listCursor{data: data, left: int(p.n) - 1}
		d, size := binary.Uvarint(data)
		if size <= 0 || d >= 1<<32-1 {
			return g, p.body.run.damaged(p.off, "a list of people cannot be read")
		}
		c.value, c.data = uint32(d)+1, data[size:]
		u.lists = append(u.lists, c)
	}
	if u.words == nil {
		u.words = make([]uint64, stripeWords)
	}
	for len(u.lists) > 0 {
		n, ok := u.stripe()
		if !ok {
			return g, parts[0].body.run.damaged(parts[0].off, "one of the lists of people from here on cannot be read")
		}
		g.People += n
	}
	return g, ctx.Err()
}

// stripe counts the numbers of the lowest stripe that any list stands in, and moves all lists behind it.
func (u *union) stripe() (n uint64, ok bool) {
	low := u.lists[0].value
	for i := range u.lists {
		low = min(low, u.lists[i].value)
	}
	low >>= stripeBits
	u.touched = u.touched[:0]
	kept := u.lists[:0]
	for _, c := range u.lists {
		if c.value>>stripeBits == low {
			if ok := u.mark(&c, low); !ok {
				return 0, false
			}
		}
		if c.left >= 0 {
			kept = append(kept, c)
		}
	}
	u.lists = kept
	for _, w := range u.touched {
		n += uint64(bits.OnesCount64(u.words[w]))
		u.words[w] = 0
	}
	return n, true
}

// mark sets the bits of a list that are in a stripe; c.left is −1 at the list's end.
func (u *union) mark(c *listCursor, stripe uint32) (ok bool) {
	data, v, left := c.data, c.value, c.left
	touched := u.touched
	for v>>stripeBits == stripe {
		w := v >> 6 % stripeWords
		u.words[w] |= 1 << (v & 63)
		touched = append(touched, w)
		if left--; left < 0 {
			break
		}
		var d uint64
		size := 1
		switch {
		case len(data) < 3:
			d, size = binary.Uvarint(data)
		case data[0] < 0x80:
			d = uint64(data[0])
		case data[1] < 0x80:
			d, size = uint64(data[0]&0x7f)|uint64(data[1])<<7, 2
		case data[2] < 0x80:
			d, size = uint64(data[0]&0x7f)|uint64(data[1]&0x7f)<<7|uint64(data[2])<<14, 3
		default:
			d, size = binary.Uvarint(data)
		}
		next := uint64(v) + 1 + d
		if size <= 0 || d > 1<<32 || next > 1<<32-1 {
			return false
		}
		v, data = uint32(next), data[size:]
	}
	c.data, c.value, c.left = data, v, left
	u.touched = touched
	return true
}
