package visitlog

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
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

// Grouping names the group of an account, or says that it is in none.
type Grouping func(account uint32) (group uint32, in bool)

// Distinct counts the different people of each group of accounts over a span, exactly. Groups come in order. Unions are made of bits,
// half a megabyte for each worker and level.
func (f *Fold) Distinct(ctx context.Context, span Span, by Grouping) ([]Group, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.distinct(ctx, span, by)
}

// distinct is asked under f.mu.
func (f *Fold) distinct(ctx context.Context, span Span, by Grouping) ([]Group, error) {
	groups, err := f.nested(ctx, span, []Grouping{by})
	if err != nil {
		return nil, err
	}
	return groups[0], nil
}

// Nested counts at several levels at once, finest first: accounts, prefectures, provinces. The accounts of a group are all in the same
// group of a coarser level, or all in none. The answer has a list of groups for each level. Every list of people is read once, so that
// a further level costs little.
func (f *Fold) Nested(ctx context.Context, span Span, levels ...Grouping) ([][]Group, error) {
	if len(levels) == 0 || len(levels) > maxLevels {
		return nil, fmt.Errorf("visitlog: %d levels of groups were asked for, from 1 to %d can be", len(levels), maxLevels)
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.nested(ctx, span, levels)
}

// nested is asked under f.mu.
func (f *Fold) nested(ctx context.Context, span Span, levels []Grouping) ([][]Group, error) {
	parts, err := f.parts(span, levels)
	if err != nil {
		return nil, err
	}
	jobs := jobsOf(parts)
	answers := make([]answer, len(jobs))
	errs := make([]error, sortWorkers)
	var next atomic.Int64
	var wg sync.WaitGroup
	for i := range sortWorkers {
		wg.Go(func() {
			u := union{}
			for n := int(next.Add(1)) - 1; n < len(jobs) && errs[i] == nil; n = int(next.Add(1)) - 1 {
				answers[n], errs[i] = u.count(ctx, jobs[n])
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	out := make([][]Group, len(levels))
	for k := range out {
		for _, a := range answers {
			out[k] = append(out[k], a[k]...)
		}
		slices.SortFunc(out[k], func(a, b Group) int { return cmp.Compare(a.Group, b.Group) })
	}
	return out, nil
}

const maxLevels = 3

// path is where an account belongs, finest level first; outside where it is in no group of a level.
type path [maxLevels]int64

const outside = -1

// part is one list of people with where it belongs.
type part struct {
	path path
	body *body
	extent
}

// compare orders by the coarsest level first, so that every group of every level is a row of neighbours.
func (p part) compare(o part) int {
	for k := maxLevels - 1; k >= 0; k-- {
		if c := cmp.Compare(p.path[k], o.path[k]); c != 0 {
			return c
		}
	}
	return cmp.Compare(p.account, o.account)
}

// top is the coarsest level that the part is in, with its group there.
func (p part) top() (level int, group int64) {
	for k := maxLevels - 1; k > 0; k-- {
		if p.path[k] != outside {
			return k, p.path[k]
		}
	}
	return 0, p.path[0]
}

// jobsOf cuts ordered parts into what can be counted apart, the largest first, so that the workers end together.
func jobsOf(parts []part) [][]part {
	type job struct {
		parts  []part
		weight uint64
	}
	var jobs []job
	for len(parts) > 0 {
		n := 1
		level, group := parts[0].top()
		for n < len(parts) {
			if l, g := parts[n].top(); l != level || g != group {
				break
			}
			n++
		}
		jobs = append(jobs, job{parts[:n], weigh(parts[:n])})
		parts = parts[n:]
	}
	slices.SortStableFunc(jobs, func(a, b job) int { return cmp.Compare(b.weight, a.weight) })
	out := make([][]part, len(jobs))
	for i, j := range jobs {
		out[i] = j.parts
	}
	return out
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

// parts gives the lists of the span that are in a group, in order.
func (f *Fold) parts(span Span, levels []Grouping) ([]part, error) {
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
			if p, in := pathOf(e.account, levels); in {
				parts = append(parts, part{p, b, e})
			}
		}
	}
	slices.SortFunc(parts, part.compare)
	return parts, nil
}

func pathOf(account uint32, levels []Grouping) (p path, in bool) {
	p = path{outside, outside, outside}
	for k, by := range levels {
		if group, ok := by(account); ok {
			p[k], in = int64(group), true
		}
	}
	return p, in
}

const (
	stripeBits  = 22 // people looked at together: half a megabyte of bits for each level stays in a processor's own cache
	stripeWords = 1 << (stripeBits - 6)
)

// union counts what is in any of several lists, one stripe of numbers after the other. One bit set over all 258 million
// numbers took up to twice as long, for nearly every bit was a cache miss. Its memory is kept between groups.
type union struct {
	levels [maxLevels]bitset
	lists  []listCursor
	out    answer
}

// bitset is what is known of the open group of a level in the present stripe.
type bitset struct {
	words   []uint64
	touched []uint32 // words with a bit set, more than once perhaps
}

// answer has the groups of each level.
type answer [maxLevels][]Group

// spot is where in an answer a list counts: an index for each level, or −1.
type spot [maxLevels]int32

// listCursor goes through one list.
type listCursor struct {
	data  []byte
	spot  spot
	value uint32 // the number it stands at
	left  int    // how many follow
}

func (u *union) count(ctx context.Context, parts []part) (answer, error) {
	u.lists, u.out = u.lists[:0], answer{}
	for i, p := range parts {
		if i%256 == 0 && ctx.Err() != nil {
			return u.out, ctx.Err()
		}
		s := u.place(parts, i)
		if s == (spot{-1, -1, -1}) {
			continue
		}
		data, err := p.body.read(p.extent)
		if err != nil {
			return u.out, err
		}
		d, size := binary.Uvarint(data)
		if size <= 0 || d >= 1<<32-1 {
			return u.out, p.body.run.damaged(p.off, "a list of people cannot be read")
		}
		u.lists = append(u.lists, listCursor{data: data[size:], spot: s, value: uint32(d) + 1, left: int(p.n) - 1})
	}
	for len(u.lists) > 0 {
		if ctx.Err() != nil {
			return u.out, ctx.Err()
		}
		if !u.stripe() {
			return u.out, parts[0].body.run.damaged(parts[0].off, "one of the lists of people from here on cannot be read")
		}
	}
	return u.out, nil
}

// place counts the part's account in its groups, opening those that begin with it, and says where its people count. A group of one
// list alone has as many people as the list: nothing is left to be counted there.
func (u *union) place(parts []part, i int) spot {
	s, p := spot{-1, -1, -1}, parts[i]
	for k := range maxLevels {
		if p.path[k] == outside {
			continue
		}
		begins := i == 0 || parts[i-1].path[k] != p.path[k]
		if begins {
			u.out[k] = append(u.out[k], Group{Group: uint32(p.path[k])})
		}
		g := &u.out[k][len(u.out[k])-1]
		if begins || parts[i-1].account != p.account {
			g.Accounts++
		}
		if begins && (i+1 == len(parts) || parts[i+1].path[k] != p.path[k]) {
			g.People = uint64(p.n)
		} else {
			s[k] = int32(len(u.out[k]) - 1)
		}
	}
	return s
}

// stripe counts the numbers of the lowest stripe that any list stands in, and moves all lists behind it.
func (u *union) stripe() (ok bool) {
	low := u.lists[0].value
	for i := range u.lists {
		low = min(low, u.lists[i].value)
	}
	low >>= stripeBits
	open := spot{-1, -1, -1}
	kept := u.lists[:0]
	for _, c := range u.lists {
		if c.value>>stripeBits == low {
			u.turn(&open, c.spot)
			if ok := u.finest(c.spot).mark(&c, low); !ok {
				return false
			}
		}
		if c.left >= 0 {
			kept = append(kept, c)
		}
	}
	u.lists = kept
	u.turn(&open, spot{-1, -1, -1})
	return true
}

// finest is the bits of the finest level in which a list is counted. What is there reaches the coarser ones when its group ends.
func (u *union) finest(s spot) *bitset {
	k := 0
	for s[k] < 0 {
		k++
	}
	b := &u.levels[k]
	if b.words == nil {
		b.words = make([]uint64, stripeWords)
	}
	return b
}

// turn ends the groups that the next list is not in: their bits are counted, and handed to the next coarser group that is open.
func (u *union) turn(open *spot, next spot) {
	for k := range maxLevels {
		if open[k] == next[k] {
			continue
		}
		if open[k] >= 0 {
			u.out[k][open[k]].People += u.levels[k].drain(u.coarser(*open, k))
		}
		open[k] = next[k]
	}
}

// coarser is the bits of the open group around that of level k; nil for none.
func (u *union) coarser(open spot, k int) *bitset {
	for k++; k < maxLevels; k++ {
		if open[k] >= 0 {
			s := spot{-1, -1, -1}
			s[k] = open[k]
			return u.finest(s)
		}
	}
	return nil
}

// drain counts the bits, adds them to those of to, when there is one, and takes them out.
func (b *bitset) drain(to *bitset) (n uint64) {
	for _, w := range b.touched {
		word := b.words[w]
		if word == 0 {
			continue // counted before
		}
		n += uint64(bits.OnesCount64(word))
		b.words[w] = 0
		if to != nil {
			to.words[w] |= word
			to.touched = append(to.touched, w)
		}
	}
	b.touched = b.touched[:0]
	return n
}

// mark sets the bits of a list that are in a stripe; c.left is −1 at the list's end.
func (b *bitset) mark(c *listCursor, stripe uint32) (ok bool) {
	data, v, left := c.data, c.value, c.left
	words, touched := b.words, b.touched
	for v>>stripeBits == stripe {
		w := v >> 6 % stripeWords
		words[w] |= 1 << (v & 63)
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
	b.touched = touched
	return true
}
