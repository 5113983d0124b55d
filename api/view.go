package api

import (
	"time"

	"zhijian/domain/cases"
	"zhijian/domain/service"
	"zhijian/ground/money"
)

// Case is one running matter with what its resident must see now.
type Case struct {
	No      string    `json:"no"`
	City    string    `json:"city" doc:"GB/T 2260 code"`
	Service string    `json:"service"`
	Version int       `json:"version" doc:"Of the definition, pinned when the case was opened"`
	State   string    `json:"state" doc:"draft, asking, paying, filing, reviewing, supplying, recalling, refunding, stuck, done, answered, refused, withdrawn or expired"`
	Opened  time.Time `json:"opened"`
	Updated time.Time `json:"updated"`
	Summary string    `json:"summary,omitempty" doc:"One masked line"`
	View    *View     `json:"view,omitempty"`
	Booking *Booking  `json:"booking,omitempty" doc:"The place that it has or waits for"`
	Remedy  *Remedies `json:"remedies,omitempty" doc:"What can be done about it, and what became of it"`
	Log     []Entry   `json:"log,omitempty"`
}

// Entry is one line of a case's timeline.
type Entry struct {
	At   time.Time `json:"at"`
	Code string    `json:"code"`
	Who  string    `json:"who"`
}

// View is what must be seen or answered now; the members that are there depend on kind.
type View struct {
	Kind     string     `json:"kind" doc:"form, choose, book, check, prove, pay, wait or result"`
	Step     string     `json:"step"`
	Index    int        `json:"index,omitempty"`
	Of       int        `json:"of,omitempty"`
	Title    string     `json:"title"`
	Lead     string     `json:"lead,omitempty"`
	Notes    []string   `json:"notes,omitempty"`
	Fields   []Field    `json:"fields,omitempty"`
	Name     string     `json:"name,omitempty" doc:"choose, book: name of the input"`
	Min      int        `json:"min,omitempty"`
	Max      int        `json:"max,omitempty"`
	Items    []Item     `json:"items,omitempty"`
	Places   []District `json:"places,omitempty" doc:"choose: the districts by which the items can be sorted, by POST …/near"`
	From     string     `json:"from,omitempty" doc:"choose: the place that the items are sorted by"`
	Days     []Day      `json:"days,omitempty"`
	Rows     []Row      `json:"rows,omitempty"`
	Declare  string     `json:"declare,omitempty"`
	Button   string     `json:"button,omitempty"`
	Level    int        `json:"level,omitempty" doc:"prove: level needed"`
	Amount   int64      `json:"amount,omitempty" doc:"In fen"`
	Payee    string     `json:"payee,omitempty"`
	PayURL   string     `json:"pay_url,omitempty"`
	Office   string     `json:"office,omitempty"`
	Down     bool       `json:"down,omitempty"`
	Retry    bool       `json:"retry,omitempty"`
	Stuck    bool       `json:"stuck,omitempty"`
	Long     bool       `json:"long,omitempty" doc:"wait: of hours or days; ask again then, not at once"`
	Away     string     `json:"away,omitempty" doc:"form: address at the office's own site where the matter is done"`
	End      string     `json:"end,omitempty"`
	Good     bool       `json:"good,omitempty"`
	Receipt  bool       `json:"receipt,omitempty"`
	Next     []string   `json:"next,omitempty"`
	Back     string     `json:"back,omitempty"`
	For      string     `json:"for,omitempty" doc:"Masked name of who it is done for, when that is somebody else"`
	Barred   bool       `json:"barred,omitempty" doc:"wait: the right to act for that person ended; nothing of the case is shown"`
	Repeat   *Repeat    `json:"repeat,omitempty" doc:"form: the same is asked of several"`
	Map      *Map       `json:"map,omitempty" doc:"result: what lies where, WGS-84"`
	AsOf     time.Time  `json:"as_of,omitzero"`
	WaitFrom time.Time  `json:"wait_from,omitzero"`
}

// Field is one typed question.
type Field struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Label    string   `json:"label"`
	Hint     string   `json:"hint,omitempty"`
	Why      string   `json:"why,omitempty"`
	Value    string   `json:"value,omitempty"`
	Optional bool     `json:"optional,omitempty"`
	Options  []Option `json:"options,omitempty"`
	Files    []File   `json:"files,omitempty" doc:"file: what was uploaded; ids are its values"`
	Accept   []string `json:"accept,omitempty" doc:"file: media types it takes"`
	Max      int      `json:"max,omitempty" doc:"file: how many"`
	MaxSize  int64    `json:"max_size,omitempty" doc:"file: bytes of one"`
	Error    string   `json:"error,omitempty"`
	Locked   bool     `json:"locked,omitempty" doc:"A register's answer: shown, not asked"`
	Wrong    string   `json:"wrong,omitempty" doc:"locked: what to do when it is not right"`
}

// Repeat is a page that asks the same of several. A program sends the whole list at once, under "entries".
type Repeat struct {
	Name    string    `json:"name"`
	Entry   string    `json:"entry" doc:"What one is called"`
	Min     int       `json:"min"`
	Max     int       `json:"max"`
	Entries []Several `json:"entries,omitempty"`
	Parts   []Field   `json:"parts" doc:"What each asks; names are name.N.part"`
}

// Several is one of several as a summary shows it.
type Several struct {
	N     int    `json:"n"`
	Title string `json:"title"`
	Rows  []Row  `json:"rows,omitempty"`
}

// File is one photo or document of a case.
type File struct {
	ID     string `json:"id"`
	Answer string `json:"answer"`
	Name   string `json:"name"`
	Type   string `json:"type" doc:"Media type, by its content"`
	Size   int64  `json:"size" doc:"Bytes kept; a photo's are fewer than were sent"`
	SHA256 string `json:"sha256"`
}

// Option is one choice of a field.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Hint  string `json:"hint,omitempty"`
}

// Item is one thing to choose from.
type Item struct {
	Value    string  `json:"value"`
	Title    string  `json:"title"`
	Amount   int64   `json:"amount,omitempty" doc:"In fen"`
	Points   int     `json:"points,omitempty"`
	Rows     []Row   `json:"rows,omitempty"`
	Selected bool    `json:"selected,omitempty"`
	Lat      float64 `json:"lat,omitempty" doc:"WGS-84, absent when it is not known"`
	Lon      float64 `json:"lon,omitempty"`
	Metres   int     `json:"metres,omitempty" doc:"How far it is from the view's from; absent when that is not known"`
}

// Row is one line of a summary.
type Row struct {
	Label string   `json:"label"`
	Value string   `json:"value"`
	Lines []string `json:"lines,omitempty"`
	Files []File   `json:"files,omitempty"`
	Href  string   `json:"href,omitempty" doc:"Page of this site that the value names."`
}

// Day is one day of a booking calendar.
type Day struct {
	Date  string `json:"date"`
	Left  int    `json:"left"`
	Slots []Slot `json:"slots,omitempty"`
}

// Slot is one time that can be booked.
type Slot struct {
	ID      string    `json:"id"`
	Start   time.Time `json:"start"`
	End     time.Time `json:"end"`
	Left    int       `json:"left"`
	Waiting int       `json:"waiting,omitempty" doc:"How many wait for a place"`
	Line    bool      `json:"line,omitempty" doc:"It is full, and one may wait for a place"`
}

func caseOf(c cases.Case) Case {
	return Case{
		No: c.No, City: c.City, Service: c.Service, Version: c.Version, State: string(c.State), Opened: c.Opened, Updated: c.Updated,
		Summary: c.Summary.Reveal(),
	}
}

func shown(s cases.Shown) Case {
	c := caseOf(s.Case)
	v := ViewOf(s.View)
	c.View, c.Booking, c.Remedy = &v, bookingOf(s), remediesOf(s)
	for _, e := range s.Case.Log {
		c.Log = append(c.Log, Entry{At: e.At, Code: e.Code, Who: e.Who})
	}
	return c
}

// ViewOf is a view as programs read it.
func ViewOf(v service.View) View {
	out := View{
		Kind: string(v.Kind), Step: v.Step, Index: v.Index, Of: v.Of, Title: v.Title, Lead: v.Lead, Name: v.Name, Min: v.Min, Max: v.Max,
		Rows: rows(v.Rows), Declare: v.Declare, Button: v.Button, Level: v.Level, Amount: fen(v.Amount), Payee: v.Payee, PayURL: v.PayURL,
		Office: v.Office, Down: v.Down, Retry: v.Retry, Stuck: v.Stuck, Long: v.Long, End: v.End, Good: v.Good, Receipt: v.Receipt, Next: v.Next, Back: v.Back,
		AsOf: v.AsOf, WaitFrom: v.Since,
	}
	if v.Instead != nil && v.Instead.Away {
		out.Away = v.Instead.Href
	}
	out.Map = mapOf(v.Map)
	for _, n := range v.Notes {
		out.Notes = append(out.Notes, n.Text)
	}
	out.For, out.Barred = v.For, v.Barred
	out.Fields = fieldsOf(v.Fields)
	if p := v.Repeat; p != nil {
		out.Repeat = &Repeat{Name: p.Name, Entry: p.Entry, Min: p.Min, Max: p.Max, Parts: fieldsOf(p.Parts)}
		for _, e := range p.Entries {
			out.Repeat.Entries = append(out.Repeat.Entries, Several{N: e.N, Title: e.Title, Rows: rows(e.Rows)})
		}
	}
	for _, i := range v.Items {
		out.Items = append(out.Items, Item{Value: i.Value, Title: i.Title, Amount: fen(i.Amount), Points: max(0, i.Points), Rows: rows(i.Rows), Selected: i.Selected, Lat: i.At.Lat, Lon: i.At.Lon, Metres: i.Far})
	}
	out.From = v.From
	for _, p := range v.Places {
		out.Places = append(out.Places, District{p.Code, p.Name.Zh, p.Name.En})
	}
	if len(v.Days) > 0 {
		out.Days = daysOf(v.Days)
	}
	return out
}

func fieldsOf(list []service.Field) []Field {
	var out []Field
	for _, f := range list {
		field := Field{
			Name: f.Name, Type: f.Type, Label: f.Label, Hint: f.Hint, Why: f.Why, Value: f.Value, Optional: f.Optional, Error: f.Error, Locked: f.Locked, Wrong: f.Wrong,
		}
		for _, o := range f.Options {
			field.Options = append(field.Options, Option{Value: o.Value, Label: o.Label, Hint: o.Hint})
		}
		field.Files, field.Max, field.MaxSize = filesOf(f.Files), f.Max, f.MaxSize
		for _, k := range f.Accept {
			field.Accept = append(field.Accept, k.MediaType())
		}
		out = append(out, field)
	}
	return out
}

func rows(list []service.Row) []Row {
	var out []Row
	for _, r := range list {
		out = append(out, Row{Label: r.Label, Value: r.Value, Lines: r.Lines, Files: filesOf(r.Files), Href: r.Href})
	}
	return out
}

func fen(f money.Fen) int64 { return int64(f) }
