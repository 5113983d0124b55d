package visitlog

import (
	"encoding/binary"
	"slices"
	"sync"
)

const (
	pairBlock   = 1 << 12
	smallList   = 48 // below it comparing beats counting digits
	sortWorkers = 2
)

// pairs are the (account, person) pairs of one month as they came: the account's number in the tally above, the person below.
type pairs struct {
	blocks [][]uint64
	n      int
}

func (p *pairs) add(dense, persons []uint32, pool *sync.Pool) {
	for i, person := range persons {
		if person == 0 {
			continue
		}
		if p.n == len(p.blocks)*pairBlock {
			b, _ := pool.Get().(*[pairBlock]uint64)
			if b == nil {
				b = new([pairBlock]uint64)
			}
			p.blocks = append(p.blocks, b[:])
		}
		p.blocks[p.n/pairBlock][p.n%pairBlock] = uint64(dense[i])<<32 | uint64(person)
		p.n++
	}
}

// byAccount gives the persons account by account: those of number n are persons[starts[n]:starts[n+1]], unsorted.
func (p *pairs) byAccount(accounts int, pool *sync.Pool) (persons []uint32, starts []int) {
	starts = make([]int, accounts+2)
	left := p.n
	for _, b := range p.blocks {
		for _, pair := range b[:min(left, pairBlock)] {
			starts[pair>>32+2]++
		}
		left -= pairBlock
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	persons = make([]uint32, p.n)
	left = p.n
	for _, b := range p.blocks {
		for _, pair := range b[:min(left, pairBlock)] {
			at := &starts[pair>>32+1]
			persons[*at] = uint32(pair)
			*at++
		}
		left -= pairBlock
		pool.Put((*[pairBlock]uint64)(b))
	}
	return persons, starts[:accounts+1]
}

// peopleList is the people of one account in one month, in order, each once, as put on disk.
type peopleList struct {
	account uint32
	n       uint32
	data    []byte
}

// lists gives one list for each account that has people, in the order of the account codes.
func (p *pairs) lists(t *table, pool *sync.Pool) []peopleList {
	persons, starts := p.byAccount(len(t.codes), pool)
	order := t.inOrder()
	out := make([]peopleList, len(order))
	var wg sync.WaitGroup
	for part := range split(order, starts) {
		wg.Go(func() {
			var s sorter
			var buf []byte
			for i := part[0]; i < part[1]; i++ {
				n := order[i]
				list := s.sort(persons[starts[n]:starts[n+1]])
				from := len(buf)
				buf = appendList(buf, list)
				out[i] = peopleList{t.codes[n], uint32(len(list)), buf[from:len(buf):len(buf)]}
			}
		})
	}
	wg.Wait()
	return slices.DeleteFunc(out, func(l peopleList) bool { return l.n == 0 })
}

// split cuts the accounts into sortWorkers ranges with about as many people each.
func split(order []uint32, starts []int) func(func([2]int) bool) {
	return func(yield func([2]int) bool) {
		total, from, sum, part := starts[len(starts)-1], 0, 0, 1
		for i, n := range order {
			sum += starts[n+1] - starts[n]
			if sum*sortWorkers >= total*part && part < sortWorkers || i == len(order)-1 {
				if !yield([2]int{from, i + 1}) {
					return
				}
				from = i + 1
				part++
			}
		}
	}
}

// sorter sorts lists of numbers by their digits. Its memory is kept between lists.
type sorter struct{ spare []uint32 }

// sort sorts list in place and drops what comes twice.
func (s *sorter) sort(list []uint32) []uint32 {
	if len(list) < smallList {
		slices.Sort(list)
		return slices.Compact(list)
	}
	var counts [4][256]uint32
	for _, v := range list {
		counts[0][v&0xff]++
		counts[1][v>>8&0xff]++
		counts[2][v>>16&0xff]++
		counts[3][v>>24]++
	}
	s.spare = slices.Grow(s.spare[:0], len(list))[:len(list)]
	from, to := list, s.spare
	for d := range counts {
		shift := 8 * d
		c := &counts[d]
		if c[from[0]>>shift&0xff] == uint32(len(list)) {
			continue // all have the same digit here
		}
		sum := uint32(0)
		for i := range c {
			c[i], sum = sum, sum+c[i]
		}
		for _, v := range from {
			at := &c[v>>shift&0xff]
			to[*at] = v
			*at++
		}
		from, to = to, from
	}
	if &from[0] != &list[0] {
		copy(list, from)
	}
	return slices.Compact(list)
}

// appendList appends a sorted list without repeats: of each number how far it is beyond the one before plus one.
func appendList(dst []byte, list []uint32) []byte {
	next := uint32(1)
	for _, v := range list {
		dst = binary.AppendUvarint(dst, uint64(v-next))
		next = v + 1
	}
	return dst
}

// readList appends the numbers of a list of n; false when the bytes are no such list.
func readList(dst []uint32, data []byte, n int) ([]uint32, bool) {
	if n > len(data) {
		return dst, false
	}
	dst = slices.Grow(dst, n)
	next := uint64(1)
	for ; n > 0 && len(data) >= 4; n-- {
		// Nearly all steps need one to three bytes.
		var d uint64
		b0, b1, b2 := data[0], data[1], data[2]
		switch {
		case b0 < 0x80:
			d, data = uint64(b0), data[1:]
		case b1 < 0x80:
			d, data = uint64(b0&0x7f)|uint64(b1)<<7, data[2:]
		case b2 < 0x80:
			d, data = uint64(b0&0x7f)|uint64(b1&0x7f)<<7|uint64(b2)<<14, data[3:]
		default:
			var size int
			if d, size = binary.Uvarint(data); size <= 0 || d > 1<<32 {
				return dst, false
			}
			data = data[size:]
		}
		next += d
		dst = append(dst, uint32(next))
		next++
		if next > 1<<32 {
			return dst, false
		}
	}
	for ; n > 0; n-- {
		d, size := binary.Uvarint(data)
		if size <= 0 || d > 1<<32 || next+d > 1<<32-1 {
			return dst, false
		}
		data = data[size:]
		dst = append(dst, uint32(next+d))
		next += d + 1
	}
	return dst, len(data) == 0
}
