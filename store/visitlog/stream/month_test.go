package stream_test

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/store/visitlog"
	"zhijian/store/visitlog/stream"
)

var homes = []stream.Homes{{City: 330100, People: 900}, {City: 630100, People: 300}, {City: 630200, People: 1}}

var uses = []stream.Use{
	{Account: 1, City: 330100, Level: 3, People: 500, Reads: 700, Clicks: 90, Serving: 8},
	{Account: 2, City: 630100, Level: 4, People: 1201, Clicks: 1},              // everybody there is, who mostly just look
	{Account: 3, City: 0, Level: 1, People: 1000, Reads: 1000, Clicks: 1},      // of no city
	{Account: 4, City: 630200, Level: 5, People: 7, Serving: 20},               // of a city with one inhabitant
	{Account: 5, City: 630200, Level: 5},                                       // of nobody
	{Account: 6, City: 330100, Level: 3, Serving: 3},                           // by nobody known
	{Account: 7, City: 330100, Level: 3, People: 1},                            // one look
	{Account: 8, City: 330100, Level: 3, People: 2, Reads: 1, Clicks: 1},       // two of two
	{Account: 9, City: 330100, Level: 3, People: 1, Reads: 200_000, Clicks: 9}, // of one person
}

func month(t *testing.T, c stream.MonthConfig) *stream.Month {
	t.Helper()
	c.Seed, c.Year, c.Month, c.Homes = 7, 2015, time.August, homes
	m, err := stream.NewMonth(c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func day(t *testing.T, m *stream.Month, day int) (list []visitlog.Visit) {
	t.Helper()
	if err := m.Day(day, func(v []visitlog.Visit) error { list = append(list, v...); return nil }); err != nil {
		t.Fatal(err)
	}
	return list
}

// Counted, the visits are what they were made from; they come in the order of time, each on its day, and from people who exist.
func TestMonth(t *testing.T) {
	t.Parallel()
	m := month(t, stream.MonthConfig{Uses: uses})
	type kind struct {
		account uint32
		kind    visitlog.Kind
	}
	counts := map[kind]uint32{}
	people, locals := map[uint32]map[uint32]int{}, map[uint32]int{}
	byHour, total := map[int64]int{}, uint64(0)
	for d := 1; d <= m.Days(); d++ {
		last := int64(0)
		for _, v := range day(t, m, d) {
			if err := v.Check(); err != nil || v.At < last || visitlog.DayOf(v.At) != visitlog.Day(20150800+d) {
				t.Fatalf("day %d: %+v behind %d, %v", d, v, last, err)
			}
			last = v.At
			total++
			byHour[(v.At/3_600_000+8)%24]++
			u := uses[v.Account-1]
			if v.City != u.City || v.Level != u.Level || v.Channel != 1 || v.Service != 0 || (v.Person == 0) != (u.People == 0) || v.Person > 1201 {
				t.Fatalf("%+v of %+v", v, u)
			}
			counts[kind{v.Account, v.Kind}]++
			if v.Person > 0 {
				if people[v.Account] == nil {
					people[v.Account] = map[uint32]int{}
				}
				people[v.Account][v.Person]++
			}
		}
	}
	for _, u := range uses {
		if len(people[u.Account]) != int(u.People) {
			t.Errorf("account %d: %d people, want %d", u.Account, len(people[u.Account]), u.People)
		}
		views := max(u.People, u.Reads+u.Clicks+u.Serving) - u.Reads - u.Clicks - u.Serving
		for k, n := range map[visitlog.Kind]uint32{visitlog.View: views, visitlog.Read: u.Reads, visitlog.Click: u.Clicks, visitlog.Serving: u.Serving} {
			if got := counts[kind{u.Account, k}]; got != n {
				t.Errorf("account %d, kind %d: %d visits, want %d", u.Account, k, got, n)
			}
		}
		for p := range people[u.Account] {
			if p <= 900 {
				locals[u.Account]++
			}
		}
	}
	if total != m.Len() || byHour[3]*10 > byHour[10] {
		t.Errorf("%d visits, want %d; by hour %v", total, m.Len(), byHour)
	}
	if locals[1] != 350 {
		t.Errorf("%d of 500 people live in the city, want seven of ten", locals[1])
	}
}

// A day is the same whatever was made before, by whom, in which zone, in lots of any size.
func TestMonthIsTheSame(t *testing.T) {
	m := month(t, stream.MonthConfig{Uses: uses})
	want := day(t, m, 17)
	if d := cmp.Diff(want, day(t, m, 17)); len(want) == 0 || d != "" {
		t.Errorf("made again: %s", d)
	}
	local := time.Local
	defer func() { time.Local = local }()
	time.Local = time.FixedZone("elsewhere", -9*3600)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again := month(t, stream.MonthConfig{Uses: uses})
	day(t, again, 31)
	if d := cmp.Diff(want, day(t, again, 17)); d != "" {
		t.Errorf("elsewhere: %s", d)
	}
	alone := month(t, stream.MonthConfig{Uses: uses[:1]})
	var of []visitlog.Visit
	for _, v := range want {
		if v.Account == 1 {
			of = append(of, v)
		}
	}
	if d := cmp.Diff(of, day(t, alone, 17)); d != "" {
		t.Errorf("the same account without the others: %s", d)
	}
}

func TestMonthRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]stream.MonthConfig{
		"more people than there are":  {Year: 2015, Month: 8, Homes: homes, Uses: []stream.Use{{Account: 1, People: 1202}}},
		"a year before":               {Year: 1900, Month: 8},
		"more than there are numbers": {Year: 2015, Month: 8, Homes: []stream.Homes{{City: 1, People: 1 << 31}}},
	} {
		if _, err := stream.NewMonth(c); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	full := errors.New("full")
	if err := month(t, stream.MonthConfig{Uses: uses}).Day(1, func([]visitlog.Visit) error { return full }); !errors.Is(err, full) {
		t.Errorf("a lot that fails: %v", err)
	}
}
