// Package visitlog counts visits: page views, article reads, clicks and service visits, by the ten thousand a second,
// without touching the transaction database.
//
// A Log is one node's append-only folder of segments. Append answers only after the visits are on disk; many callers share
// one write and one sync. It waits for a place in a bounded queue, never for longer than the caller's context or
// Options.Wait, and then says fault.Unavailable. A full disk refuses and harms nothing that was acknowledged. A failed sync
// ends the log: it is never tried again, every later call says so, and Options.Broken lets the process stop (R04). Opening
// cuts a tail that no caller was told about; damage before it is a *Damage that names segment and offset.
//
// A Fold reads the logs of any number of nodes from where it stopped and counts every visit exactly once: numbers per day and
// kind by account, service, city, channel and level, and the people of each account and month as an exact set. What was
// counted and how far the logs were read are saved together or not at all. Once compacted its bytes depend on the visits
// alone, not on the order of nodes, batches or restarts. Nothing but numbers is stored about people, and none leaves a Fold
// except as a count.
//
// The format is described in docs/visit-log.md. Everything is safe for concurrent use unless it says otherwise.
package visitlog

import (
	"errors"
	"fmt"
	"time"

	"zhijian/ground/fault"
)

// Kind is what a visit was.
type Kind uint8

// The kinds. Up to kindSlots have a place in the counters.
const (
	View    Kind = 1 // a page of ours was opened
	Read    Kind = 2 // an article was read
	Click   Kind = 3 // a menu entry or a link was clicked
	Serving Kind = 4 // a service behind an account was visited
)

const (
	kindSlots = 8
	latest    = 1 << 42 // milliseconds: the year 2109
)

// Visit is one thing counted. It holds numbers only.
type Visit struct {
	At      int64  // Unix milliseconds
	Account uint32 // the official account
	Person  uint32 // dense resident number; 0 when not known
	City    uint32 // region code the visit belongs to; 0 for none
	Service uint16 // 0 for none
	Kind    Kind
	Channel uint8 // how the person came
	Level   uint8 // level of government of the account
}

// Check says what is wrong with v, or nil.
func (v Visit) Check() error {
	if v.Kind < 1 || v.Kind > kindSlots {
		return fmt.Errorf("visitlog: kind %d is not within 1 to %d", v.Kind, kindSlots)
	}
	if v.At < 0 || v.At >= latest {
		return fmt.Errorf("visitlog: time %d is not within 1970 and 2109", v.At)
	}
	return nil
}

// Day is a calendar day in China as yyyymmdd.
type Day uint32

// Month gives the month the day is in.
func (d Day) Month() Month { return Month(d / 100) }

// Month is a calendar month in China as yyyymm.
type Month uint32

const (
	dayMillis = 24 * 60 * 60 * 1000
	zone      = 8 * 60 * 60 * 1000 // UTC+8, no summer time since 1991 (GB/T 7408)
)

// dayNumber counts days in China from 1970.
func dayNumber(at int64) int64 { return (at + zone) / dayMillis }

// DayOf gives the day in China of a time in Unix milliseconds.
func DayOf(at int64) Day { return dayNamed(dayNumber(at)) }

func dayNamed(number int64) Day {
	y, m, d := time.Unix(number*(dayMillis/1000), 0).UTC().Date()
	return Day(y*10000 + int(m)*100 + d)
}

// ErrClosed says that the log or fold was closed before the call.
var ErrClosed = errors.New("visitlog: closed")

// ErrBroken says that a write or sync failed in a way that leaves it unknown what the disk holds. Only opening again,
// which looks at what is really there, makes the log usable.
var ErrBroken = errors.New("visitlog: storage is not trusted any more")

// Damage says where a file that was once complete no longer is.
type Damage struct {
	File   string
	Offset int64
	Why    string
}

func (d *Damage) Error() string {
	return fmt.Sprintf("visitlog: %s is damaged at byte %d: %s", d.File, d.Offset, d.Why)
}

func full(err error) error {
	return fault.Unavailable("store.full", "现在保存不了，不是您的问题。刚填的内容没有提交，请稍后再试").Because(err)
}

func busy(err error) error {
	return fault.Unavailable("store.busy", "现在办的人多，暂时保存不了，请稍后再试").Because(err).After(time.Second)
}

func away(err error) error {
	return fault.Unavailable("store.away", "平台正在维护，请稍后再试").Because(err)
}
