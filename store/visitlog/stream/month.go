package stream

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"time"

	"zhijian/store/visitlog"
)

// Use is what the visits of one account must add up to in a month.
type Use struct {
	Account uint32
	City    uint32 // region code of its city, 0 for none: the visits belong to it, and most of its people live there
	Level   uint8
	People  uint32 // different people, each with one visit at least; with 0 nobody is known
	Reads   uint32
	Clicks  uint32
	Serving uint32
}

// Homes are the people of one city, who have numbers in a row.
type Homes struct {
	City   uint32
	People uint32
}

// MonthConfig says what a month is made of.
type MonthConfig struct {
	Seed  uint64
	Year  int
	Month time.Month
	Homes []Homes // the people there are, numbered from 1 in this order
	Uses  []Use
}

// Month makes the raw visits of a month for which only sums are known. Counted, they give each account's reads, clicks, visits to services and
// different people to the unit. What the sums do not say is drawn:
//
//   - a visit of an account lies at a random place of its own n-th part of the month, measured by hourWeights and dayWeights;
//   - which of the account's visits is of which kind, and who comes, is a random permutation. Everybody comes once; of the visits beyond
//     that, the first halves of two draws of people: some come often, most do not;
//   - who comes without reading, clicking or visiting a service views a page: View fills up to the number of people, and is else 0;
//   - seven of ten people live in the account's city, as far as it has them, the others anywhere else.
//
// Like the other stream it uses whole numbers only, and a day is made without the days before. Safe for concurrent use.
type Month struct {
	uses   []drawn
	days   int
	begin  int64                // Unix milliseconds, midnight in China
	bounds []uint64             // of the hours, in parts of the month; one more than there are hours
	homes  map[uint32][2]uint32 // first number and people of a city
	people uint32
	split  int // windows of an hour, so that one has some hundred thousand visits
	visits uint64
}

// drawn is a use with what is derived from it.
type drawn struct {
	Use
	visits uint64
	local  uint32 // people from the city
	first  uint32 // before the city's numbers
	there  uint32 // people of the city
	key    uint64 // of its visits in this month
	crowd  uint64 // of its people in every month: who came once comes again
}

// hourWeights and dayWeights are how visits lie in a day and in a week, Sunday first. Assumed: nobody has printed them.
var (
	hourWeights = [24]uint64{6, 3, 2, 2, 2, 4, 12, 28, 52, 70, 72, 64, 50, 54, 62, 66, 64, 56, 48, 50, 56, 52, 36, 16}
	dayWeights  = [7]uint64{72, 104, 106, 106, 104, 100, 78}
)

const (
	windowVisits = 1 << 18
	fineness     = 20      // bits of a visit's place within its part
	timeUnit     = 1 << 16 // parts of one weight: a place in the month is finer than a millisecond at night
	hourMillis   = 60 * 60 * 1000
	chinaHours   = 8
)

// NewMonth checks the sums: an account cannot have more people than there are.
func NewMonth(c MonthConfig) (*Month, error) {
	first := time.Date(c.Year, c.Month, 1, 0, 0, 0, 0, time.UTC)
	m := &Month{begin: first.UnixMilli() - chinaHours*hourMillis, days: first.AddDate(0, 1, -1).Day(), homes: map[uint32][2]uint32{}, bounds: []uint64{0}}
	if c.Year < 1971 || c.Year > 2108 {
		return nil, fmt.Errorf("stream: the year %d is not within 1971 and 2108", c.Year)
	}
	for d := range m.days {
		for _, w := range hourWeights {
			m.bounds = append(m.bounds, m.bounds[len(m.bounds)-1]+w*dayWeights[first.AddDate(0, 0, d).Weekday()]*timeUnit)
		}
	}
	people := uint64(0)
	for _, h := range c.Homes {
		m.homes[h.City] = [2]uint32{uint32(people), h.People}
		people += uint64(h.People)
	}
	if people >= 1<<31 {
		return nil, errors.New("stream: more people than there are numbers")
	}
	m.people = uint32(people)
	for _, u := range c.Uses {
		if u.People > m.people {
			return nil, fmt.Errorf("stream: account %d has %d people, and there are %d", u.Account, u.People, m.people)
		}
		m.uses = append(m.uses, m.draw(c.Seed, u))
		m.visits += m.uses[len(m.uses)-1].visits
	}
	m.split = 1 + int(m.visits/uint64(m.days*24*windowVisits))
	return m, nil
}

func (m *Month) draw(seed uint64, u Use) drawn {
	at := m.homes[u.City]
	n := uint64(u.Reads) + uint64(u.Clicks) + uint64(u.Serving)
	d := drawn{
		Use: u, visits: max(n, uint64(u.People)), first: at[0], there: at[1],
		crowd: mix(seed ^ mix(uint64(u.Account))),
	}
	d.key = mix(d.crowd ^ uint64(m.begin))
	d.local = min(uint32(uint64(u.People)*7/10), d.there)
	if away := u.People - d.local; away > m.people-d.there {
		d.local += away - (m.people - d.there)
	}
	return d
}

// Len is how many visits the month has, Days how many days.
func (m *Month) Len() uint64 { return m.visits }

// Days is how many days the month has.
func (m *Month) Days() int { return m.days }

// Day makes the visits of a day, from 1, in the order of time, and of accounts as they were given at the same time. lot is called with some of them at once, and must
// not keep them; its error ends the day.
func (m *Month) Day(day int, lot func([]visitlog.Visit) error) error {
	begin := m.bounds[(day-1)*24]
	next := make([]uint64, len(m.uses)) // the first visit of each account that is not made yet
	for i := range m.uses {
		next[i] = m.uses[i].from(begin, m.total())
	}
	var list []visitlog.Visit
	for h := (day - 1) * 24; h < day*24; h++ {
		for part := range m.split {
			width := m.bounds[h+1] - m.bounds[h]
			end := m.bounds[h] + width*uint64(part+1)/uint64(m.split)
			list = m.window(list[:0], next, h, end)
			if err := lot(list); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *Month) total() uint64 { return m.bounds[len(m.bounds)-1] }

// window appends the visits that lie before end, which is in hour h.
func (m *Month) window(list []visitlog.Visit, next []uint64, h int, end uint64) []visitlog.Visit {
	begin, width := m.bounds[h], m.bounds[h+1]-m.bounds[h]
	for i := range m.uses {
		u := &m.uses[i]
		for next[i] < u.visits {
			at := u.place(next[i], m.total())
			if at >= end {
				break
			}
			v := m.visit(u, next[i])
			v.At = m.begin + int64(h)*hourMillis + int64((at-begin)*hourMillis/width)
			list = append(list, v)
			next[i]++
		}
	}
	slices.SortStableFunc(list, func(a, b visitlog.Visit) int { return cmp.Compare(a.At, b.At) })
	return list
}

// place is where the n-th visit of an account lies, from 0 to below total. It grows with n.
func (u *drawn) place(n, total uint64) uint64 {
	within := mix(u.key+n*0x9e3779b97f4a7c15) >> (64 - fineness)
	high, low := bits.Mul64(n<<fineness|within, total)
	at, _ := bits.Div64(high, low, u.visits<<fineness)
	return at
}

// from is the first visit of an account that lies at or behind a place.
func (u *drawn) from(place, total uint64) uint64 {
	low, high := uint64(0), u.visits
	for low < high {
		if mid := (low + high) / 2; u.place(mid, total) < place {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// visit makes the n-th visit of an account, without its time.
func (m *Month) visit(u *drawn, n uint64) visitlog.Visit {
	v := visitlog.Visit{Account: u.Account, City: u.City, Level: u.Level, Channel: 1}
	switch k := shuffled(n, u.visits, u.key); {
	case k < uint64(u.Serving):
		v.Kind = visitlog.Serving
	case k < uint64(u.Serving)+uint64(u.Clicks):
		v.Kind = visitlog.Click
	case k < uint64(u.Serving)+uint64(u.Clicks)+uint64(u.Reads):
		v.Kind = visitlog.Read
	default:
		v.Kind = visitlog.View
	}
	if u.People > 0 {
		v.Person = m.person(u, shuffled(n, u.visits, ^u.key))
	}
	return v
}

// person gives the people of an account to its visits in the order of a permutation: each once, then some again.
func (m *Month) person(u *drawn, turn uint64) uint32 {
	who := uint32(turn)
	if turn >= uint64(u.People) {
		a := mix(u.key ^ turn*0xd1342543de82ef95)
		who = min(below(a, u.People), below(mix(a), u.People))
	}
	if who < u.local {
		return u.first + uint32(shuffled(uint64(who), uint64(u.there), u.crowd)) + 1
	}
	away := uint32(shuffled(uint64(who-u.local), uint64(m.people-u.there), ^u.crowd))
	if away >= u.first {
		away += u.there
	}
	return away + 1
}

// shuffled is where a random permutation of 0 … n−1 puts x: steps that can all be undone on as many bits as n needs, again until
// the place is one of the n.
func shuffled(x, n, key uint64) uint64 {
	width := bits.Len64(n - 1)
	mask := uint64(1)<<width - 1
	shift := (width + 1) / 2
	a, b, c := key, mix(key+1), mix(key+2)
	for {
		x = (x*(a|1) + a>>32) & mask
		x ^= x >> shift
		x = (x*(b|1) + b>>32) & mask
		x ^= x >> shift
		x = (x*(c|1) + c>>32) & mask
		x ^= x >> shift
		if x < n {
			return x
		}
	}
}
