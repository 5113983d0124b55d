// Package stream makes simulated visits for measuring and showing.
//
// The n-th visit depends on the configuration and n alone: the same on every machine, in any order, from any number of
// goroutines. Only whole numbers are used, so no processor rounds differently. Visits come in the order of time. Accounts
// are visited by Zipf's law with exponent 1; seven of ten people visit from the prefecture of the account.
package stream

import (
	"errors"
	"math/bits"

	"zhijian/store/visitlog"
)

// Config says what is simulated. Zero values take the default that the comment names, the nation of the white paper.
type Config struct {
	Seed     uint64
	Visits   uint64   // 41,530,000
	Accounts uint32   // numbered from 1, the most visited first; 83,641
	People   uint32   // numbered from 1, clustered by the prefecture they live in; 258,000,000
	Services uint16   // 101
	Cities   []uint32 // region codes of the prefectures; 334 made up after the pattern of GB/T 2260
	From     int64    // Unix milliseconds; 2015-08-01 in China
	Days     int      // 31
}

// Stream makes visits. Safe for concurrent use.
type Stream struct {
	c     Config
	alias []choice
	total uint64 // milliseconds
}

// choice is one column of an alias table: its own account below cut, another one above.
type choice struct {
	cut   uint64
	other uint32
}

// New makes a stream.
func New(c Config) (*Stream, error) {
	c.Visits = orElse(c.Visits, 41_530_000)
	c.Accounts = orElse(c.Accounts, 83_641)
	c.People = orElse(c.People, 258_000_000)
	c.Services = orElse(c.Services, 101)
	c.From = orElse(c.From, 1_438_358_400_000)
	c.Days = orElse(c.Days, 31)
	if len(c.Cities) == 0 {
		c.Cities = prefectures()
	}
	if c.Accounts > 1<<24 || c.Days < 0 || int(c.People) < len(c.Cities) {
		return nil, errors.New("stream: at most 16,777,216 accounts, a span of days, and people for every city")
	}
	return &Stream{c: c, alias: zipf(c.Accounts), total: uint64(c.Days) * 24 * 60 * 60 * 1000}, nil
}

func orElse[T comparable](v, other T) T {
	if v == *new(T) {
		return other
	}
	return v
}

// prefectures makes up 334 codes in 31 provinces.
func prefectures() []uint32 {
	list := make([]uint32, 334)
	for i := range list {
		list[i] = uint32(i%31+11)*10000 + uint32(i/31+1)*100
	}
	return list
}

// zipf makes an alias table (Vose's) for weights 1/rank, in whole numbers: drawing is two look-ups for any number of accounts.
func zipf(n uint32) []choice {
	weights := make([]uint64, n) // scaled so that the mean is one whole column
	sum := uint64(0)
	for i := range weights {
		weights[i] = (1 << 36) / uint64(i+1)
		sum += weights[i]
	}
	var small, large []uint32
	for i := range weights {
		weights[i] *= uint64(n)
		if weights[i] < sum {
			small = append(small, uint32(i))
		} else {
			large = append(large, uint32(i))
		}
	}
	table := make([]choice, n)
	for i := range table {
		table[i] = choice{^uint64(0), uint32(i)}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		cut, _ := bits.Div64(weights[s], 0, sum)
		table[s] = choice{cut, l}
		weights[l] -= sum - weights[s]
		if weights[l] < sum {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	return table
}

// Len gives how many visits there are.
func (s *Stream) Len() uint64 { return s.c.Visits }

// Home gives the prefecture of an account.
func (s *Stream) Home(account uint32) uint32 { return s.c.Cities[s.home(account)] }

func (s *Stream) home(account uint32) uint32 {
	return below(mix(s.c.Seed^uint64(account)<<32^0x6a09e667), uint32(len(s.c.Cities)))
}

// Fill makes the visits from number first on, as many as dst takes or there are, and gives how many.
func (s *Stream) Fill(dst []visitlog.Visit, first uint64) int {
	if first >= s.c.Visits {
		return 0
	}
	n := int(min(uint64(len(dst)), s.c.Visits-first))
	for i := range dst[:n] {
		dst[i] = s.visit(first + uint64(i))
	}
	return n
}

func (s *Stream) visit(n uint64) visitlog.Visit {
	a := mix(s.c.Seed + (n+1)*0x9e3779b97f4a7c15)
	b := mix(a)
	c := mix(b)
	rank := below(a, s.c.Accounts)
	if pick := s.alias[rank]; b > pick.cut {
		rank = pick.other
	}
	account := rank + 1
	city := s.home(account)
	away := c&0xff >= 179 // 70 %
	if away {
		city = below(mix(c), uint32(len(s.c.Cities)))
	}
	high, low := bits.Mul64(n, s.total)
	offset, _ := bits.Div64(high, low, s.c.Visits)
	v := visitlog.Visit{
		At: s.c.From + int64(offset), Account: account, Person: s.person(city, c), City: s.c.Cities[city],
		Channel: uint8(c>>8&3) + 1, Level: level(account),
	}
	switch k := c >> 10 & 0xff; {
	case k < 140:
		v.Kind = visitlog.View
	case k < 215:
		v.Kind = visitlog.Read
	case k < 243:
		v.Kind = visitlog.Click
	default:
		v.Kind = visitlog.Serving
		v.Service = uint16(below(b, uint32(s.c.Services))) + 1
	}
	if c>>18&0x3f == 0 {
		v.Person = 0 // one of 64 is not signed in
	}
	return v
}

// person draws one who lives in a prefecture.
func (s *Stream) person(city uint32, draw uint64) uint32 {
	cities := uint64(len(s.c.Cities))
	from := uint64(city) * uint64(s.c.People) / cities
	to := uint64(city+1) * uint64(s.c.People) / cities
	return uint32(from) + below(mix(draw^0xbb67ae85), uint32(to-from)) + 1
}

// level draws a level of government: few of the nation, most of counties.
func level(account uint32) uint8 {
	switch d := account % 100; {
	case d < 1:
		return 1
	case d < 8:
		return 2
	case d < 40:
		return 3
	case d < 90:
		return 4
	}
	return 5
}

// below maps a draw to 0 … n−1.
func below(draw uint64, n uint32) uint32 {
	high, _ := bits.Mul64(draw, uint64(n))
	return uint32(high)
}

// mix is the finaliser of SplitMix64: every bit of x changes half the bits of the result.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
