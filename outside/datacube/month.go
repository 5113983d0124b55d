package datacube

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"

	"zhijian/ground/fault"
)

// Day is what the platform counted on one day. A day of which it says nothing is all 0: it leaves rows of zero out.
type Day struct {
	Date        string // 2015-08-31
	Follow      int64  // people who began to follow; leaving, stopped
	Leave       int64
	Followers   int64 // at the end of the day
	ReadUsers   int64 // distinct people who read an article, of the day
	Reads       int64 // how often articles were opened
	OriginUsers int64 // distinct people who went on to the original page
	Originals   int64 // how often
	Shares      int64
	Favourites  int64
	Writers     int64 // distinct people who wrote: the most of one type of message, since one can write several
	Messages    int64
	Callbacks   int64 // how often the account's own system was called, and failed
	Failures    int64
}

// Month is an account's month, each day in order.
type Month struct {
	Month string // 2015-08
	Days  []Day
	// Writers is the most distinct people of the month who wrote one type of message; it is no sum of days.
	Writers int64
}

// Active is how many distinct people the account had at least: the most on one day, or the month's writers. The platform tells the
// distinct people of days, and days cannot be added up to the distinct people of a month.
func (m *Month) Active() (least int64) {
	least = m.Writers
	for _, d := range m.Days {
		least = max(least, d.ReadUsers, d.OriginUsers, d.Writers)
	}
	return least
}

// Clicks is how often articles and their original pages were opened; the platform does not tell clicks on menus.
func (m *Month) Clicks() (n int64) {
	for _, d := range m.Days {
		n += d.Reads + d.Originals
	}
	return n
}

// china is China Standard Time: the platform's days.
var china = time.FixedZone("CST", 8*60*60)

const firstMonth = "2014-12" // the platform has counted since

// span is an interface and how many days it takes at once; 0 is one that tells of the month, under its first day.
type span struct {
	name string
	days int
	take func(ctx context.Context, c *Client, begin, end string, of *Month, day func(date string) *Day) error
}

// Read asks for a month that is over. fault.Invalid "datacube.month" for any other.
func (c *Client) Read(ctx context.Context, month string) (*Month, error) {
	first, err := time.ParseInLocation("2006-01", month, china)
	if err != nil || month < firstMonth || !c.clock.Now().After(first.AddDate(0, 1, 0)) {
		return nil, fault.Invalid("datacube.month", "月份要已经过完，从 2014-12 起，例如 2015-08")
	}
	m := &Month{Month: month}
	days := map[string]*Day{}
	last := first.AddDate(0, 1, -1)
	for d := first; !d.After(last); d = d.AddDate(0, 0, 1) {
		date := d.Format(time.DateOnly)
		days[date] = &Day{Date: date}
	}
	outside := &Day{} // of rows about other days, which nobody asked for
	day := func(date string) *Day {
		if d := days[date]; d != nil {
			return d
		}
		return outside
	}
	for _, s := range spans {
		for begin, end := range s.parts(first, last) {
			if err := s.take(ctx, c, begin, end, m, day); err != nil {
				return nil, err
			}
		}
	}
	for _, date := range slices.Sorted(maps.Keys(days)) {
		m.Days = append(m.Days, *days[date])
	}
	return m, nil
}

// parts divides the days from first to last into what the interface takes at once.
func (s span) parts(first, last time.Time) iter.Seq2[string, string] {
	return func(yield func(begin, end string) bool) {
		if s.days == 0 {
			yield(first.Format(time.DateOnly), first.Format(time.DateOnly))
			return
		}
		for d := first; !d.After(last); d = d.AddDate(0, 0, s.days) {
			end := d.AddDate(0, 0, s.days-1)
			if end.After(last) {
				end = last
			}
			if !yield(d.Format(time.DateOnly), end.Format(time.DateOnly)) {
				return
			}
		}
	}
}

// taking makes a span whose rows are of one type.
func taking[T any](name string, days int, take func(row T, of *Month, day func(date string) *Day)) span {
	return span{name, days, func(ctx context.Context, c *Client, begin, end string, of *Month, day func(string) *Day) error {
		var list []T
		if err := c.ask(ctx, name, begin, end, &list); err != nil {
			return err
		}
		for _, row := range list {
			take(row, of, day)
		}
		return nil
	}}
}

type followRow struct {
	Date      string `json:"ref_date"`
	New       int64  `json:"new_user"`
	Cancelled int64  `json:"cancel_user"`
}

type followersRow struct {
	Date  string `json:"ref_date"`
	Total int64  `json:"cumulate_user"`
}

type readRow struct {
	Date        string `json:"ref_date"`
	ReadUsers   int64  `json:"int_page_read_user"`
	Reads       int64  `json:"int_page_read_count"`
	OriginUsers int64  `json:"ori_page_read_user"`
	Originals   int64  `json:"ori_page_read_count"`
	Shares      int64  `json:"share_count"`
	Favourites  int64  `json:"add_to_fav_count"`
}

type messageRow struct {
	Date     string `json:"ref_date"`
	Users    int64  `json:"msg_user"`
	Messages int64  `json:"msg_count"`
}

type interfaceRow struct {
	Date      string `json:"ref_date"`
	Callbacks int64  `json:"callback_count"`
	Failures  int64  `json:"fail_count"`
}

// spans are the interfaces asked, with the days that each takes at once.
var spans = []span{
	taking("getusersummary", 7, func(r followRow, _ *Month, day func(string) *Day) { // a row a source
		d := day(r.Date)
		d.Follow, d.Leave = d.Follow+r.New, d.Leave+r.Cancelled
	}),
	taking("getusercumulate", 7, func(r followersRow, _ *Month, day func(string) *Day) { day(r.Date).Followers = r.Total }),
	taking("getuserread", 3, func(r readRow, _ *Month, day func(string) *Day) {
		d := day(r.Date)
		if r.Reads < d.Reads { // where the platform tells sources apart, the largest row is that of all (99999999)
			return
		}
		d.ReadUsers, d.Reads, d.OriginUsers, d.Originals, d.Shares, d.Favourites = r.ReadUsers, r.Reads, r.OriginUsers, r.Originals, r.Shares, r.Favourites
	}),
	taking("getupstreammsg", 7, func(r messageRow, _ *Month, day func(string) *Day) { // a row a type of message
		d := day(r.Date)
		d.Writers, d.Messages = max(d.Writers, r.Users), d.Messages+r.Messages
	}),
	taking("getupstreammsgmonth", 0, func(r messageRow, of *Month, _ func(string) *Day) { of.Writers = max(of.Writers, r.Users) }),
	taking("getinterfacesummary", 30, func(r interfaceRow, _ *Month, day func(string) *Day) {
		d := day(r.Date)
		d.Callbacks, d.Failures = d.Callbacks+r.Callbacks, d.Failures+r.Failures
	}),
}
