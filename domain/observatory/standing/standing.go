// Package standing says where an account, a sector or a region stands among its peers, and what the next rank is away.
//
// What it says of a next rank is arithmetic on the facts of one edition, everything else unchanged; it promises nothing about
// the next edition. Everything a Book gives out but Counted is fit for the public: an account with fewer than public.Least active users, or
// one from which such a number could be reckoned, has no number of people and no rank by them. A Book never changes after New
// and may be used from many goroutines at once; nothing here blocks.
package standing

import (
	"cmp"
	"iter"
)

// Peer is one of several that are ranked by a figure: Count, or Count for each Over where Over is not 0. Counts are exact up to
// a product of 2^63.
type Peer struct {
	ID    string
	Count int64
	Over  int64
	// Size parts equals, the larger first; what is then still equal goes by ID.
	Size int64
	// Hidden says that the figure is not published: such a peer has no rank and takes none.
	Hidden bool
}

// Compare is below 0 when a ranks before b: the greater figure, of equals the larger, then the lower ID.
func Compare(a, b Peer) int {
	return cmp.Or(cmp.Compare(b.Count*a.over(), a.Count*b.over()), cmp.Compare(b.Size, a.Size), cmp.Compare(a.ID, b.ID))
}

func (p Peer) over() int64 { return max(p.Over, 1) }

// Place is where a peer stands. The zero value stands nowhere.
type Place struct {
	Rank, Of int
	// Above is the one that ranks just before; the zero value for the first.
	Above Peer
	// Need is the least that must be added to Count to rank before Above, everything else unchanged; 0 for the first.
	Need int64
}

// Stand finds the place of me among all, which holds me as well; the zero value when me is hidden or all holds nobody.
func Stand(me Peer, all iter.Seq[Peer]) (p Place) {
	if me.Hidden {
		return Place{}
	}
	p.Rank = 1
	for o := range all {
		if o.Hidden {
			continue
		}
		p.Of++
		if o.ID == me.ID || Compare(o, me) > 0 {
			continue
		}
		p.Rank++
		if p.Above.ID == "" || Compare(p.Above, o) < 0 {
			p.Above = o
		}
	}
	switch {
	case p.Of == 0:
		return Place{}
	case p.Above.ID != "":
		p.Need = need(me, p.Above)
	}
	return p
}

// need is the least addition to me.Count with which me ranks before above.
func need(me, above Peer) int64 {
	reached := (above.Count*me.over() + above.over() - 1) / above.over() // the least count that is not behind
	n := max(reached-me.Count, 0)
	raised := me
	raised.Count += n
	if Compare(raised, above) > 0 {
		n++
	}
	return n
}
