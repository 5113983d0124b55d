package visitlog

import (
	"maps"
	"slices"
	"sync"
)

// By is what numbers are counted by, each per day and kind.
type By int

// The counters.
const (
	ByAccount By = iota
	ByService    // visits with a service
	ByCity       // visits with a city
	ByChannel
	ByLevel
	byCount
)

var byColumn = [byCount]int{colAccount, colService, colCity, colChannel, colLevel}

// skipsZero says that 0 means none and is not counted.
var skipsZero = [byCount]bool{ByService: true, ByCity: true}

const (
	pageBits  = 12
	lineSlots = 2 * kindSlots // two codes and their kinds share one cache line of 64 bytes
	chunkSize = 1 << 8        // lines, 16 KB
	// tallyApart visits take about 10 µs to count, ten times what starting a goroutine costs.
	tallyApart = 512
	pagedTo    = 1 << 24 // codes up to here are looked up in pages, others in a map
)

// tally counts visits in memory. Counters stand in lines that exist only where something was counted, so a stream in any
// order of days costs at most a line a visit and counter.
type tally struct {
	tables [byCount]table
	days   map[Day]*dayLines
	day    Day   // the day lines belongs to
	number int64 // the same, counted
	lines  *dayLines
	dense  []uint32 // of the accounts of the visits added last
}

// dayLines holds, for each counter, the line of each pair of codes on one day; 0 is none.
type dayLines [byCount][]uint32

// table gives codes small numbers in the order in which they come and holds the counters.
type table struct {
	pages  [][]uint32 // code>>pageBits, then number+1
	far    map[uint32]uint32
	codes  []uint32
	chunks [][]uint32
	used   uint32 // lines
}

func newTally() *tally {
	t := &tally{days: map[Day]*dayLines{}}
	for i := range t.tables {
		t.tables[i].used = 1
		t.tables[i].chunks = [][]uint32{make([]uint32, chunkSize*lineSlots)}
	}
	return t
}

// size gives the bytes held, about.
func (t *tally) size() int {
	n := 0
	for i := range t.tables {
		n += len(t.tables[i].chunks) * chunkSize * lineSlots * 4
		n += len(t.days) * len(t.tables[i].codes) * 2
	}
	return n
}

func (t *tally) empty() bool { return len(t.days) == 0 }

// add counts visits lo to hi of c, all of one day.
func (t *tally) add(day Day, c *columns, lo, hi int) {
	if t.lines == nil || t.day != day {
		t.day = day
		t.lines = t.days[day]
		if t.lines == nil {
			t.lines = new(dayLines)
			t.days[day] = t.lines
		}
	}
	kinds := c.cols[colKind][lo:hi]
	t.dense = slices.Grow(t.dense[:0], hi-lo)[:hi-lo]
	count := func(by By) { t.tables[by].add(&t.lines[by], c.cols[byColumn[by]][lo:hi], kinds, t.dense, by) }
	others := func() {
		for by := ByAccount + 1; by < byCount; by++ {
			count(by)
		}
	}
	var wg sync.WaitGroup
	if hi-lo < tallyApart {
		others()
	} else {
		wg.Go(others)
	}
	count(ByAccount)
	wg.Wait()
}

func (t *table) add(lines *[]uint32, codes, kinds, dense []uint32, by By) {
	if colMax[byColumn[by]] < 1<<8 && len(codes) >= tallyApart {
		t.addSmall(lines, codes, kinds)
		return
	}
	skip := skipsZero[by]
	for i, code := range codes {
		if skip && code == 0 {
			continue
		}
		n := t.look(code)
		if n == 0 {
			n = t.number(code)
		}
		if by == ByAccount {
			dense[i] = n - 1
		}
		l := t.line(lines, n-1)
		t.chunks[l/chunkSize][l%chunkSize*lineSlots+(n-1)&1*kindSlots+kinds[i]-1]++
	}
}

// addSmall counts codes of one byte: in a small array first, which saved about a tenth of a fold's time.
func (t *table) addSmall(lines *[]uint32, codes, kinds []uint32) {
	var counts [1 << 8 * kindSlots]uint32
	for i, code := range codes {
		counts[code&(1<<8-1)*kindSlots+(kinds[i]-1)&(kindSlots-1)]++
	}
	for at, count := range counts {
		if count > 0 {
			n := t.look(uint32(at / kindSlots))
			if n == 0 {
				n = t.number(uint32(at / kindSlots))
			}
			l := t.line(lines, n-1)
			t.chunks[l/chunkSize][l%chunkSize*lineSlots+(n-1)&1*kindSlots+uint32(at%kindSlots)] += count
		}
	}
}

// look gives the number of a code plus one, 0 when its page has none.
func (t *table) look(code uint32) uint32 {
	if p := code >> pageBits; p < uint32(len(t.pages)) && t.pages[p] != nil {
		return t.pages[p][code&(1<<pageBits-1)]
	}
	return 0
}

// line gives the line of a code's counters on the day that lines belong to.
func (t *table) line(lines *[]uint32, n uint32) uint32 {
	if p := n >> 1; p < uint32(len(*lines)) && (*lines)[p] != 0 {
		return (*lines)[p]
	}
	return t.newLine(lines, n>>1)
}

// number gives a code its number plus one.
func (t *table) number(code uint32) uint32 {
	if code >= pagedTo {
		if t.far == nil {
			t.far = map[uint32]uint32{}
		}
		if n := t.far[code]; n > 0 {
			return n
		}
		t.codes = append(t.codes, code)
		t.far[code] = uint32(len(t.codes))
		return t.far[code]
	}
	p := int(code >> pageBits)
	if p >= len(t.pages) {
		t.pages = append(t.pages, make([][]uint32, p+1-len(t.pages))...)
	}
	if t.pages[p] == nil {
		t.pages[p] = make([]uint32, 1<<pageBits)
	}
	t.codes = append(t.codes, code)
	n := uint32(len(t.codes))
	t.pages[p][code&(1<<pageBits-1)] = n
	return n
}

func (t *table) newLine(lines *[]uint32, p uint32) uint32 {
	if short := int(p) + 1 - len(*lines); short > 0 {
		*lines = append(*lines, make([]uint32, short)...)
	}
	l := t.used
	t.used++
	if int(l/chunkSize) >= len(t.chunks) {
		t.chunks = append(t.chunks, make([]uint32, chunkSize*lineSlots))
	}
	(*lines)[p] = l
	return l
}

// row is all that was counted of one code: per day and kind, in order.
type row struct {
	code    uint32
	entries []entry
}

// entry is one counter. Its slot is day × kindSlots + kind − 1.
type entry struct {
	slot uint32
	n    uint64
}

// inOrder gives the numbers of the codes in the order of the codes.
func (t *table) inOrder() []uint32 {
	list := make([]uint32, len(t.codes))
	for i := range list {
		list[i] = uint32(i)
	}
	slices.SortFunc(list, func(a, b uint32) int { return int(int64(t.codes[a]) - int64(t.codes[b])) })
	return list
}

// rows gives each code's counters, codes in order. The entries are valid until put returns.
func (t *tally) rows(by By, put func(row)) {
	days := slices.Sorted(maps.Keys(t.days))
	tab := &t.tables[by]
	var entries []entry
	for _, n := range tab.inOrder() {
		entries = entries[:0]
		for _, day := range days {
			lines := t.days[day][by]
			if int(n>>1) >= len(lines) || lines[n>>1] == 0 {
				continue
			}
			l := lines[n>>1]
			at := l%chunkSize*lineSlots + n&1*kindSlots
			for kind, count := range tab.chunks[l/chunkSize][at : at+kindSlots] {
				if count > 0 {
					entries = append(entries, entry{uint32(day)*kindSlots + uint32(kind), uint64(count)})
				}
			}
		}
		put(row{tab.codes[n], entries})
	}
}
