// Package draw shares out what is scarce by lot (摇号), so that anybody can draw again and come to the same.
//
// A draw's terms are announced before anybody can enter, and never change. An entry is a line that hides its person behind a random number
// which only they are shown. When entries close the list is published with its hash, and with the hash of a seed that the house keeps to itself. At
// the moment of the draw two members of staff type the public seed, which others publish and nobody here could know before; the house
// then shows its own, and what follows is arithmetic (domain/draw/record). A draw happens once: it can be called off before, with a
// published reason, and never again be drawn.
//
// One person has at most one entry in a draw. Nothing here holds a name or a citizen number: the store keeps keyed hashes to tell people
// apart, and the person's random number under seal.
package draw

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"zhijian/domain/draw/record"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// Draw is one draw.
type Draw struct {
	ID         int64
	No         string // in addresses
	Department int64
	State      State
	Terms      record.Terms
	Last       int // number given last
	Course     Course
	House      seal.Text // the house's seed; published when State is Seeded
	Created    time.Time
	Rev        int64
}

// Course is how a draw has gone. What has not happened is empty.
type Course struct {
	By          int64     `json:"by"` // member of staff who announced it
	Listed      time.Time `json:"listed,omitzero"`
	Entries     int       `json:"entries,omitempty"` // in the list
	Withdrawn   int       `json:"withdrawn,omitempty"`
	ListHash    string    `json:"list_hash,omitempty"`
	HouseHash   string    `json:"house_hash,omitempty"`
	First       *Typed    `json:"first,omitempty"` // waits for a second person
	Members     []int64   `json:"members,omitempty"`
	Public      string    `json:"public,omitempty"`
	Seeded      time.Time `json:"seeded,omitzero"`
	Final       string    `json:"final,omitempty"`
	Drawn       time.Time `json:"drawn,omitzero"`
	Winners     int       `json:"winners,omitempty"`
	ResultsHash string    `json:"results_hash,omitempty"`
	Reason      string    `json:"reason,omitempty"` // why it was called off
	Cancelled   time.Time `json:"cancelled,omitzero"`
}

// Typed is the public seed as one member of staff has typed it.
type Typed struct {
	By   int64     `json:"by"`
	Seed string    `json:"seed"`
	At   time.Time `json:"at"`
}

// Entry is one person's part in a draw.
type Entry struct {
	Draw    int64
	Number  int
	Key     string    // of the act that made it
	Person  seal.Text // citizen number: given when entering, never kept
	Phone   seal.Text // the same
	Nonce   seal.Text // 64 hexadecimal digits
	Blind   string
	Choices []string
	State   EntryState
	Turn    int    // in the order drawn, from 1; 0 before
	Place   string // code of what was won; empty for nothing
	Created time.Time
}

// EntryState says whether an entry takes part.
type EntryState string

// The states of an entry.
const (
	Entered   EntryState = "entered"
	Withdrawn EntryState = "withdrawn"
)

// Phase is what a draw looks like at a moment: its state, told apart by the hours that were announced.
type Phase string

// The phases.
const (
	Soon    Phase = "soon"    // entries have not opened
	Open    Phase = "open"    // entries are taken
	Closing Phase = "closing" // no longer, and the list is being made
	Closed  Phase = "closed"  // the list is published, the moment is to come
	Overdue Phase = "overdue" // the moment has passed and nobody has typed the seed
	Drawing Phase = "drawing" // the seeds are known, the results are being written
	Over    Phase = "over"
	Off     Phase = "off"
)

// Phase gives the phase at a moment.
func (d Draw) Phase(now time.Time) Phase {
	switch d.State {
	case Announced:
		switch {
		case now.Before(d.Opens()):
			return Soon
		case now.Before(d.Closes()):
			return Open
		}
		return Closing
	case Frozen:
		return Closing
	case Listed:
		if now.Before(d.Moment()) {
			return Closed
		}
		return Overdue
	case Seeded:
		return Drawing
	case Drawn:
		return Over
	}
	return Off
}

// Opens, Closes and Moment are the hours that were announced.
func (d Draw) Opens() time.Time { return at(d.Terms.Opens) }

// Closes is when entries end.
func (d Draw) Closes() time.Time { return at(d.Terms.Closes) }

// Moment is when it is drawn.
func (d Draw) Moment() time.Time { return at(d.Terms.Moment) }

// at reads a moment of the terms, which were checked when they were announced.
func at(s string) time.Time {
	t, _ := time.Parse(time.RFC3339, s)
	return t
}

// Places is how many there are to win.
func (d Draw) Places() int {
	n := 0
	for _, p := range d.Terms.Places {
		n += p.Count
	}
	return n
}

// Place finds what can be won by its code.
func (d Draw) Place(code string) (record.Place, bool) {
	i := slices.IndexFunc(d.Terms.Places, func(p record.Place) bool { return p.Code == code })
	if i < 0 {
		return record.Place{}, false
	}
	return d.Terms.Places[i], true
}

// Code is what a resident calls an entry by: the period and seven digits.
func (d Draw) Code(number int) string { return fmt.Sprintf("%s%07d", d.Terms.Period, number) }

// split reverses Code.
func split(code string) (period string, number int, ok bool) {
	if len(code) != 13 {
		return "", 0, false
	}
	n, err := strconv.Atoi(code[6:])
	return code[:6], n, err == nil && n > 0
}

// Key gives the event key of a draw.
func Key(id int64) string { return "draw/" + strconv.FormatInt(id, 10) }

// EntryKey gives the event key of an entry.
func EntryKey(id int64, number int) string { return Key(id) + "/" + strconv.Itoa(number) }

// runs reports whether the actor works with a draw: the house, the operator, and staff of its department.
func (d Draw) runs(a actor.Actor) bool {
	return a.Kind == actor.System || a.Kind == actor.Operator || a.Kind == actor.Staff && a.Department != 0 && a.Department == d.Department
}

func (d Draw) meta(a actor.Actor) event.Meta {
	return event.Meta{Actor: a.String(), Region: d.Terms.City}
}

// Bounds of an announcement.
const (
	// MostEntries is how many entries one draw takes: with so many, making its record took 18 s and 300 MB on two cores that others used too.
	MostEntries = 500_000
	mostPlaces  = 100
	mostChoices = 5
	// shortest is the least time between the end of entries and the draw: for the list to be published and looked at.
	shortest = 10 * time.Minute
	longest  = 400 * 24 * time.Hour
)

var (
	goodPeriod = regexp.MustCompile(`^[0-9]{6}$`)
	goodCode   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,19}$`)
)

// checkTerms reports what is wrong with an announcement as fault.Invalid, each on its field.
func checkTerms(t record.Terms, now time.Time) error {
	opens, closes, moment := at(t.Opens), at(t.Closes), at(t.Moment)
	return fault.Join(
		unless(!written(t.Title, 4, 40), "draw.title", "标题请写 4 到 40 个字，中文和英文都要", "title"),
		unless(!written(t.About, 4, 300), "draw.about", "请写明抽的是什么、谁能报名，4 到 300 个字，中文和英文都要", "about"),
		unless(!goodPeriod.MatchString(t.Period), "draw.period_form", "期次请写六位数字，例如 202606", "period"),
		unless(opens.IsZero(), "draw.opens", "请写报名开始的时间，例如 2026-06-01 09:00", "opens"),
		unless(closes.IsZero() || !closes.After(opens) || !closes.After(now), "draw.closes", "请写报名截止时间，要晚于开始，也要晚于现在", "closes"),
		unless(moment.IsZero() || moment.Sub(closes) < shortest || moment.Sub(now) > longest, "draw.moment", "摇号时间要在报名截止至少 10 分钟以后，400 天以内", "moment"),
		unless(!written(t.Source, 4, 200), "draw.source", "请写明公开种子是谁在哪里公布的什么数，4 到 200 个字，中文和英文都要", "source"),
		unless(!record.GoodSeed(t.Example), "draw.example", "请用半角字母、数字写一个例子，例如 03 07 11 19", "example"),
		checkPlaces(t),
	)
}

func checkPlaces(t record.Terms) *fault.Error {
	if len(t.Places) < 1 || len(t.Places) > mostPlaces {
		return fault.Invalid("draw.places", "请写抽的是什么，一行一种，最多 100 种").On("places")
	}
	seen := map[string]bool{}
	for i, p := range t.Places {
		if !goodCode.MatchString(p.Code) || seen[p.Code] || p.Count < 1 || p.Count > MostEntries || !written(p.Name, 1, 40) {
			return fault.Invalid("draw.place", "请改第 %d 行：代号不能重复，中英文都要，个数从 1 起", i+1).On("places")
		}
		seen[p.Code] = true
	}
	return unless(t.Choices < 1 || t.Choices > mostChoices || t.Choices > len(t.Places), "draw.choices", "请把志愿数写成 1 到 5，不超过种类数", "choices")
}

// written reports a wording in both languages; English may be three times as long.
func written(t record.Text, least, most int) bool {
	good := func(s string, most int) bool {
		n := utf8.RuneCountInString(s)
		return n >= least && n <= most && s == strings.TrimSpace(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError })
	}
	return good(t.Zh, most) && good(t.En, 3*most)
}

// unless is a fault on a field when something is bad.
func unless(bad bool, code, sentence, field string) *fault.Error {
	if !bad {
		return nil
	}
	return fault.Invalid(code, sentence).On(field)
}

func absent() *fault.Error {
	return fault.NotFound("draw", "没有找到这次摇号，请核对网址")
}
