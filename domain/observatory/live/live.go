// Package live counts what the house itself does: its events become facts of a day, and those the outcomes of a month.
//
// Take is a pure function of an event and of the case it belongs to, so that folding the log as it grows and counting the whole log
// again give the same numbers. A day is one in China. Facts hold ids, codes and numbers, never what somebody typed or is called.
//
// What no event says is not counted here and stays unknown: page loads come from the visit log, and nobody reports yet who missed a
// booking, or which pages were checked for accessibility.
package live

import (
	"cmp"
	"fmt"
	"time"

	"zhijian/domain/observatory"
	"zhijian/ground/clock"
)

// Key tells facts apart.
type Key struct {
	Day     int32  // yyyymmdd in China; yyyymm00 once the month was rolled up
	Region  string // code of the city
	Service string // "" for the city's entry as a whole
	Channel string // how the case was opened: "page", "api", "chat"; "" when its event does not say
	Level   int    // how well the resident was proven when the case was opened, 0 to 4
	Metric  string // a column of outcomes.csv, "took.50" (of which Bounds says more), or one of ours below
}

// Metrics that outcomes.csv has no column for.
const (
	Refunded  = "refunded" // payments that went back
	Booked    = "booked"   // places that became definite
	Unbooked  = "unbooked" // of these, places given up again
	tookPoint = "took."    // and a bound of observatory.Durations: cases that took so long
)

// Fact is how often something happened on a day, or a sum.
type Fact struct {
	Key
	N int64
}

// Person is one resident who opened a case of a service in a month.
type Person struct {
	Month    int32 // yyyymm in China
	Region   string
	Service  string
	Resident int64
}

// Crowd is how many residents a month had, once who they were is dropped.
type Crowd struct {
	Month           int32
	Region, Service string
	People          int64
}

// Case is what the events of a case leave unsaid.
type Case struct {
	Region, Service, Channel string
	Level                    int
	Rated                    time.Time // when it was first rated; zero when it was not
}

// Day gives the day of a time in China as yyyymmdd.
func Day(t time.Time) int32 {
	y, m, d := t.In(clock.Shanghai).Date()
	return int32(y*10_000 + int(m)*100 + d)
}

// Sum is facts being added up. The zero value is not ready: use NewSum.
type Sum struct {
	Facts  map[Key]int64
	People map[Person]struct{}
}

// NewSum gives an empty sum.
func NewSum() *Sum { return &Sum{map[Key]int64{}, map[Person]struct{}{}} }

func (s *Sum) add(k Key, metric string, n int64) {
	if n != 0 {
		k.Metric = metric
		s.Facts[k] += n
	}
}

func (s *Sum) measure(k Key, m observatory.Measure, n int64) { s.add(k, m.String(), n) }

// Compare orders keys by day, place, service, channel, level and metric.
func (k Key) Compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Day, o.Day), cmp.Compare(k.Region, o.Region), cmp.Compare(k.Service, o.Service), cmp.Compare(k.Channel, o.Channel),
		cmp.Compare(k.Level, o.Level), cmp.Compare(k.Metric, o.Metric))
}

// Compare orders people by month, place, service and number.
func (p Person) Compare(o Person) int {
	return cmp.Or(cmp.Compare(p.Month, o.Month), cmp.Compare(p.Region, o.Region), cmp.Compare(p.Service, o.Service), cmp.Compare(p.Resident, o.Resident))
}

// String names a fact for a person.
func (k Key) String() string {
	return fmt.Sprintf("day %d, city %s, service %s, channel %s, level %d, %s", k.Day, or(k.Region), or(k.Service), or(k.Channel), k.Level, k.Metric)
}

func or(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
