package service

import (
	"time"

	"zhijian/ground/geo"
	"zhijian/ground/money"
	"zhijian/ground/scrub"
)

// ViewKind is the sort of page a resident must see next.
type ViewKind string

// The kinds of view. Every renderer (page, chat, JSON) draws all of them.
const (
	ViewForm   ViewKind = "form"   // answer the fields
	ViewChoose ViewKind = "choose" // pick from the items
	ViewBook   ViewKind = "book"   // pick a slot
	ViewCheck  ViewKind = "check"  // check the answers, then act
	ViewProve  ViewKind = "prove"  // prove who you are to Level first
	ViewPay    ViewKind = "pay"    // pay Amount at PayURL (empty: the order is being made)
	ViewWait   ViewKind = "wait"   // an office or the bank is at work
	ViewResult ViewKind = "result" // the end
)

// View is what a resident must see now, in one language, masked as their own data is shown to them.
type View struct {
	Kind ViewKind
	// Step is the path segment of the step this view belongs to.
	Step string
	// Index and Of are "step 2 of 4", counting only steps a resident sees; Of 0 means unknown.
	Index, Of int
	// StepName is the short name beside the count: "选要处理的".
	StepName string
	Title    string // the question, the page's h1
	Lead     string
	Notes    []Note  // facts to know before acting
	Fields   []Field // form
	Items    []Item  // choose
	Name     string  // choose, book: name of the input
	Places   []Place // choose: the districts by which the items can be sorted (View.Near); nil when they cannot
	From     string  // choose: the place that they are sorted by, empty for none
	Min, Max int     // choose: how many; Max 0 means all. Max 1 is a single choice
	Days     []Day   // book: filled by cases from booking
	Pool     string  // book: which stock
	Missed   string  // book: id of the slot that was just lost to somebody else; the nearest others are offered
	Rows     []Row   // check, result: what was answered and found; wait: how far it is
	Declare  string  // check: what the resident states by going on
	Button   string  // what the main button says
	Instead  *Link   // another way out, always as visible as the main one
	Level    int     // prove: level needed, 2 to 4
	For      string  // masked name of who it is done for, when that is somebody else; every page says so
	Barred   bool    // wait: the resident may not act for that person any more; nothing of the case is shown
	Repeat   *Repeat // form: what is asked several times; Fields ask the entry at hand
	Amount   money.Fen
	Payee    string
	PayURL   string
	Office   string    // wait, and book when Down: the name of who is asked, "杭州交警"
	Since    time.Time // wait: since when
	Usual    string    // wait: how long it usually takes
	Down     bool      // wait: the office does not answer; retry and notify are offered. book: it does not, and no times are known
	DownFrom time.Time // with Down: since when, zero when unknown
	Hush     string    // with Down: why it was not even asked, as State.Hush
	Again    time.Time // with Down: when the house asks again by itself, or when asking again makes sense; zero when neither is known
	Retry    bool      // wait: the resident may ask again now
	Long     bool      // wait: of hours or days, nothing changes while one looks
	Stuck    bool      // wait: a person of the department must look; the resident need not do anything
	End      string    // result: id of the end, "done", "nothing", "refused"
	Good     bool      // result: the matter is done as wished
	Receipt  bool      // result: a receipt can be had
	Next     []string  // result: what happens next, with times
	Back     string    // step to go back to; empty for none
	Map      *Map      // result: what lies where; nil for none
	AsOf     time.Time // when the data shown was true at the office; zero when not from an office
}

// Note is a short fact with a tone: "", "warn", "ok", "danger".
type Note struct {
	Tone string
	Text string
}

// Field is one typed question of a form.
type Field struct {
	Name         string // the input's name: the definition's answer id
	Type         string // answer type: plate, phone, citizen_number, text, date, choice, …
	Label        string
	Hint         string
	Why          string // why it is asked
	Value        string // what was typed before, as typed
	Options      []Option
	Optional     bool
	Autocomplete string // HTML autocomplete token, empty for none
	InputMode    string // HTML inputmode, empty for none
	MaxLength    int
	Files        []File       // file: what was uploaded for it, oldest first; their ids are its values
	Accept       []scrub.Kind // file: the kinds it takes
	Max          int          // file: how many
	MaxSize      int64        // file: bytes of one
	Error        string       // what is wrong with Value and how to mend it; empty for nothing
	Locked       bool         // Value is a register's: shown, not asked
	Wrong        string       // locked: what to do when it is not right
	More         *Link        // where more to choose from can be added; nil for none
}

// Repeat is a page that asks the same of several: entries behind, and the one at hand.
type Repeat struct {
	Name    string  // of the input that says what to do: "more", "done", "edit.N", "remove.N"
	Entry   string  // what one is called: 同行人
	Entries []Entry // those there are, in order, but for the one at hand
	At      int     // number of the one at hand, from 0; its fields are named Name.At.part
	New     bool    // the one at hand is not among the entries yet
	Open    bool    // one is at hand
	Min     int
	Max     int
	Why     string  // why it is asked
	Parts   []Field // what an entry asks, under the names of the entry at hand, or of the first when none is
}

// Entry is one entry of a Repeat as a summary shows it.
type Entry struct {
	N     int
	Title string
	Rows  []Row
}

// Option is one choice of a field.
type Option struct {
	Value, Label, Hint, Tag string
	Selected                bool
	Plate                   bool // Label is a number plate and is drawn as one
}

// Item is one thing to choose from.
type Item struct {
	Value    string // the input's value
	Title    string
	Amount   money.Fen // 0 for none
	Points   int       // only for running totals in the page; −1 for none
	Rows     []Row
	Selected bool
	Links    []Link
	At       geo.Point // where it is; the zero Point when that is not known
	Far      int       // how many metres from View.From, at least 1; 0 when that is not known
}

// Row is one line of a summary.
type Row struct {
	Label string
	Value string
	Lines []string // further lines under Value
	Plate bool     // Value is a number plate
	Money bool     // Value is an amount
	Files []File   // Value counts these
	Edit  string   // step to change it at; empty when it can't be changed
	Href  string   // page of this site that Value names; empty for none
}

// Link leads elsewhere: to a service by id, or to a path.
type Link struct {
	Label   string
	Service string // start this service
	Href    string // or go to this path
	Away    bool   // Href is an address at an office's own site
}

// Day is one day of a booking calendar.
type Day struct {
	Date  string // YYYY-MM-DD
	Left  int
	Open  bool
	Slots []SlotView
}

// SlotView is one time that can be booked.
type SlotView struct {
	ID         string
	Start, End time.Time
	Left       int
	Waiting    int  // how many wait for a place
	Line       bool // full, and one may wait for a place
	Selected   bool
}
